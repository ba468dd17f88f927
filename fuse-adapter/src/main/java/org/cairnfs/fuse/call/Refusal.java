package org.cairnfs.fuse.call;

import org.cairnfs.core.fs.FsException;

/** A call that failed, with the errno that the caller gets: an expected answer, without stack trace. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    /** errno(3) of Linux where the file system has no name for it. */
    static final int EINTR = 4;

    static final int EBADF = 9;
    static final int ENFILE = 23;
    static final int ENOLCK = 37;
    static final int EOPNOTSUPP = 95;

    private final int errno;

    public Refusal(int errno, String message) {
        super(message, null, false, false);
        this.errno = errno;
    }

    static Refusal of(FsException failure) {
        return new Refusal(failure.errno().number(), failure.getMessage());
    }

    /** A number of errno(3) on Linux, positive. */
    public int errno() {
        return errno;
    }
}
