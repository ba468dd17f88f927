package org.cairnfs.core.fs;

/** The error numbers that file-system operations end with, by their Linux values (errno(3)). */
public enum Errno {
    EPERM(1),
    ENOENT(2),
    EIO(5),
    ENXIO(6),
    E2BIG(7),
    /** Not now: a bound was reached or the object store is away; the same call may be sent again later. */
    EAGAIN(11),
    EACCES(13),
    EBUSY(16),
    EEXIST(17),
    EXDEV(18),
    ENOTDIR(20),
    EISDIR(21),
    EINVAL(22),
    EFBIG(27),
    ENOSPC(28),
    EROFS(30),
    EMLINK(31),
    ERANGE(34),
    ENAMETOOLONG(36),
    ENOTEMPTY(39),
    ELOOP(40),
    ENODATA(61),
    EOVERFLOW(75),
    EILSEQ(84),
    ENOTSUP(95),
    ESTALE(116),
    EDQUOT(122),
    /** The file is not as the caller takes it to be, see {@link OpContext#requireCtime}; known inside Linux only. */
    ENOTSYNC(522);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    /** The number by which Linux knows this error. */
    public int number() {
        return number;
    }
}
