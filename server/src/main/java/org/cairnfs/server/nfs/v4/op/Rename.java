package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.Renamed;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** RENAME (section 18.26): moves a name from the saved to the current directory, replacing what is there. */
record Rename(Name from, Name to) implements Operation {
    static Rename decode(XdrReader in) throws XdrException, NfsException {
        return new Rename(Wire.readName(in), Wire.readName(in));
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle target = compound.current();
        FileHandle source = compound.saved();
        try {
            Renamed renamed =
                    compound.fileSystem().rename(compound.moving(), source, from, target, to, RenameFlag.REPLACE);
            Wire.writeChange(result, renamed.source());
            Wire.writeChange(result, renamed.target());
        } catch (FsException e) {
            if (e.errno() == Errno.EISDIR || e.errno() == Errno.ENOTDIR && areDirectories(compound, source, target)) {
                throw new NfsException(NfsStatus.EXIST, "a directory and something else cannot replace each other");
            }
            throw e;
        }
        return NfsStatus.OK;
    }

    private static boolean areDirectories(Compound compound, FileHandle source, FileHandle target)
            throws NfsException, FsException {
        FileSystem fileSystem = compound.fileSystem();
        OpContext op = compound.reading();
        return fileSystem.getattr(op, source).type() == FileType.DIRECTORY
                && fileSystem.getattr(op, target).type() == FileType.DIRECTORY;
    }
}
