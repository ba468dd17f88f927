package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.ErrorMapping;

/** What an operation for regular files ends with, where the current file may be something else. */
final class FileTypes {
    private FileTypes() {}

    /** Asked once the file system has refused: throws the right error if the type was the reason. */
    static void checkRegularAfter(FsException refusal, Compound compound) throws NfsException, FsException {
        switch (refusal.errno()) {
            case EINVAL, EISDIR, ENOTSUP, ENXIO -> requireRegular(compound);
            default -> {}
        }
    }

    /** Asked before anything is done with the file: ISDIR, INVAL, SYMLINK or WRONG_TYPE. */
    static void requireRegular(Compound compound) throws NfsException, FsException {
        FileType type = compound.currentAttributes().type();
        if (type != FileType.REGULAR) {
            throw new NfsException(ErrorMapping.notRegular(type, compound.minorVersion()));
        }
    }
}
