package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.AccessRights;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * ACCESS (section 18.1): which of the wanted rights the caller has to the current file.
 *
 * @param wanted bits of ACCESS4_*; unknown ones are not answered
 */
record CheckAccess(int wanted) implements Operation {
    /** The first minor version with extended attributes. */
    private static final int XATTRS_SINCE = 2;

    static CheckAccess decode(XdrReader in) throws XdrException {
        return new CheckAccess(in.readInt());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle file = compound.current();
        OpContext op = compound.reading();
        FileType type = compound.fileSystem().getattr(op, file).type();
        AccessRights rights = compound.minorVersion() < XATTRS_SINCE
                ? AccessRights.of(wanted, type == FileType.DIRECTORY)
                : AccessRights.withXattrs(wanted, type);
        int granted = compound.fileSystem().access(op, file, rights.modeBits());
        result.writeInt(rights.answered()).writeInt(rights.granted(granted));
        return NfsStatus.OK;
    }
}
