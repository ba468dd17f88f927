package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.ErrorMapping;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** LOOKUPP (section 18.14): goes to the directory that the current directory is in; the root has none. */
record LookupParent() implements Operation {
    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException {
        FileHandle directory = compound.current();
        FileHandle parent = parentOf(compound, directory);
        if (parent.equals(directory)) {
            throw new NfsException(NfsStatus.NOENT, "the root has no parent");
        }
        compound.moveUp(parent);
        return NfsStatus.OK;
    }

    private static FileHandle parentOf(Compound compound, FileHandle directory) throws NfsException, FsException {
        try {
            return compound.fileSystem()
                    .lookupParent(compound.reading(), directory)
                    .handle();
        } catch (FsException e) {
            if (e.errno() == Errno.ENOTDIR) {
                throw new NfsException(
                        ErrorMapping.notSearchable(compound.currentAttributes().type()));
            }
            throw e;
        }
    }
}
