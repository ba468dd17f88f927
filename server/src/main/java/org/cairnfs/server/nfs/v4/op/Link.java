package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** LINK (section 18.9): gives the saved file one more name, in the current directory. */
record Link(Name name) implements Operation {
    static Link decode(XdrReader in) throws XdrException, NfsException {
        return new Link(Wire.readName(in));
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle directory = compound.current();
        FileHandle file = compound.saved();
        try {
            Wire.writeChange(result, compound.fileSystem().link(compound.moving(), file, directory, name));
        } catch (FsException e) {
            boolean isDirectory = e.errno() == Errno.EPERM
                    && compound.fileSystem().getattr(compound.reading(), file).type() == FileType.DIRECTORY;
            throw isDirectory ? new FsException(Errno.EISDIR, e.getMessage()) : e;
        }
        return NfsStatus.OK;
    }
}
