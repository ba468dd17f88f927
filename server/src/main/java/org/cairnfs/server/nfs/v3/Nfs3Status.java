package org.cairnfs.server.nfs.v3;

import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.Optional;
import org.cairnfs.core.fs.Errno;

/**
 * nfsstat3: how a procedure ended (RFC 1813 section 2.6). Names are those of the RFC without {@code NFS3ERR_}. The numbers of
 * mountstat3 (appendix I) are the same ones.
 */
public enum Nfs3Status {
    OK(0),
    PERM(1),
    NOENT(2),
    IO(5),
    NXIO(6),
    ACCES(13),
    EXIST(17),
    XDEV(18),
    NODEV(19),
    NOTDIR(20),
    ISDIR(21),
    INVAL(22),
    FBIG(27),
    NOSPC(28),
    ROFS(30),
    MLINK(31),
    NAMETOOLONG(63),
    NOTEMPTY(66),
    DQUOT(69),
    STALE(70),
    REMOTE(71),
    BADHANDLE(10001),
    NOT_SYNC(10002),
    BAD_COOKIE(10003),
    NOTSUPP(10004),
    TOOSMALL(10005),
    SERVERFAULT(10006),
    BADTYPE(10007),
    /** Not now: the client is to send it again, with another transaction id. */
    JUKEBOX(10008);

    private static final ImmutableMap<Integer, Nfs3Status> BY_CODE =
            Arrays.stream(values()).collect(ImmutableMap.toImmutableMap(Nfs3Status::code, status -> status));

    private final int code;

    Nfs3Status(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The status of a number on the wire; empty if the RFC names none. */
    public static Optional<Nfs3Status> ofCode(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** What an error of the file system is called. */
    public static Nfs3Status of(Errno errno) {
        return switch (errno) {
            case EPERM -> PERM;
            case ENOENT -> NOENT;
            case EIO -> IO;
            case ENXIO -> NXIO;
            case EAGAIN -> JUKEBOX;
            case EACCES, EBUSY -> ACCES;
            case EEXIST -> EXIST;
            case EXDEV -> XDEV;
            case ENOTDIR -> NOTDIR;
            case EISDIR -> ISDIR;
            case EINVAL, E2BIG, ERANGE, ELOOP, ENODATA, EOVERFLOW, EILSEQ -> INVAL;
            case EFBIG -> FBIG;
            case ENOSPC -> NOSPC;
            case EROFS -> ROFS;
            case EMLINK -> MLINK;
            case ENAMETOOLONG -> NAMETOOLONG;
            case ENOTEMPTY -> NOTEMPTY;
            case ENOTSUP -> NOTSUPP;
            case ESTALE -> STALE;
            case EDQUOT -> DQUOT;
            case ENOTSYNC -> NOT_SYNC;
        };
    }
}
