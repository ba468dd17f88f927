package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.named.NamedAttributes;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * OPENATTR (section 18.17, RFC 7530 section 16.17): goes from a file or directory to the directory of its named attributes.
 *
 * @param create whether to go there though it is empty, so that an attribute can be made
 */
record OpenAttr(boolean create) implements Operation {
    static OpenAttr decode(XdrReader in) throws XdrException {
        return new OpenAttr(in.readBoolean());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException {
        FileHandle file = compound.current();
        if (!file.isInode()) {
            // In 4.0 there is no status for it but that.
            NfsStatus refusal = compound.minorVersion() == 0 ? NfsStatus.NOTSUPP : NfsStatus.WRONG_TYPE;
            throw new NfsException(refusal, "named attributes have none themselves");
        }
        if (!NamedAttributes.possible(compound.currentAttributes().type())) {
            throw new NfsException(NfsStatus.NOTSUPP, "only files and directories have named attributes");
        }
        FileSystem fileSystem = compound.fileSystem();
        if (!NamedAttributes.exist(fileSystem, compound.reading(), file)) {
            if (!create) {
                throw new NfsException(NfsStatus.NOENT, "no named attributes");
            }
            compound.writing();
        }
        compound.moveTo(file.withAttribute(FileHandle.ATTRIBUTE_DIRECTORY));
        return NfsStatus.OK;
    }
}
