package org.cairnfs.server.nfs.v4.compound;

import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * What errors of the file system are called in NFSv4 (RFC 7530 section 13.1, RFC 8881 section 15.1), in one place.
 *
 * <p>Some operations use other names, for a file of the wrong type above all. The rules are here too; the
 * operations ask for them once they have failed, so that success costs no look at the type.
 */
public final class ErrorMapping {
    private ErrorMapping() {}

    /** The status of an error where no operation says otherwise. */
    public static NfsStatus statusOf(Errno errno) {
        return switch (errno) {
            case EPERM -> NfsStatus.PERM;
            case ENOENT -> NfsStatus.NOENT;
            case EIO -> NfsStatus.IO;
            case ENXIO -> NfsStatus.NXIO;
            case E2BIG, ERANGE -> NfsStatus.XATTR2BIG;
            case EAGAIN -> NfsStatus.DELAY;
            case EACCES -> NfsStatus.ACCESS;
            case EBUSY -> NfsStatus.FILE_OPEN;
            case EEXIST -> NfsStatus.EXIST;
            case EXDEV -> NfsStatus.XDEV;
            case ENOTDIR -> NfsStatus.NOTDIR;
            case EISDIR -> NfsStatus.ISDIR;
            case EINVAL, EOVERFLOW -> NfsStatus.INVAL;
            case EFBIG -> NfsStatus.FBIG;
            case ENOSPC -> NfsStatus.NOSPC;
            case EROFS -> NfsStatus.ROFS;
            case EMLINK -> NfsStatus.MLINK;
            case ENAMETOOLONG -> NfsStatus.NAMETOOLONG;
            case ENOTEMPTY -> NfsStatus.NOTEMPTY;
            case ELOOP -> NfsStatus.SYMLINK;
            case ENODATA -> NfsStatus.NOXATTR;
            case EILSEQ -> NfsStatus.BADCHAR;
            case ENOTSUP -> NfsStatus.NOTSUPP;
            case ESTALE -> NfsStatus.STALE;
            case EDQUOT -> NfsStatus.DQUOT;
            case ENOTSYNC -> NfsStatus.NOT_SAME;
        };
    }

    /** Of reading or writing what is not a regular file (RFC 7530 section 16.23.4, RFC 8881 section 18.22.3). */
    public static NfsStatus notRegular(FileType type, int minorVersion) {
        if (type == FileType.DIRECTORY) {
            return NfsStatus.ISDIR;
        }
        if (minorVersion == 0) {
            return NfsStatus.INVAL;
        }
        return type == FileType.SYMLINK ? NfsStatus.SYMLINK : NfsStatus.WRONG_TYPE;
    }

    /** Of setting the size of what is not a regular file (RFC 7530 section 16.32, RFC 8881 section 18.30). */
    public static NfsStatus noSize(FileType type, int minorVersion) {
        if (minorVersion > 0) {
            return NfsStatus.WRONG_TYPE;
        }
        return type == FileType.DIRECTORY ? NfsStatus.ISDIR : NfsStatus.INVAL;
    }

    /**
     * Of opening what is not a regular file. Any type but a directory is called a symbolic link: the one answer upon which
     * clients look up the name and open, say, a FIFO by themselves (RFC 7530 section 16.16.5; Linux' server does so too).
     */
    public static NfsStatus notOpenable(FileType type) {
        return type == FileType.DIRECTORY ? NfsStatus.ISDIR : NfsStatus.SYMLINK;
    }

    /** Of looking up a name in what is not a directory (RFC 8881 section 18.13.4). */
    public static NfsStatus notSearchable(FileType type) {
        return type == FileType.SYMLINK ? NfsStatus.SYMLINK : NfsStatus.NOTDIR;
    }

    /** Of reading the target of what is not a symbolic link (RFC 7530 section 16.25.5, RFC 8881 section 18.24.3). */
    public static NfsStatus notSymlink(int minorVersion) {
        return minorVersion == 0 ? NfsStatus.INVAL : NfsStatus.WRONG_TYPE;
    }
}
