package org.cairnfs.core.fs;

/**
 * The one way in which a file-system operation fails: exactly one {@link Errno}, and a message for the log.
 *
 * <p>Expected refusals (ENOENT, EEXIST, EACCES ...) are frequent and carry no stack trace; failures that a person has to
 * look into (EIO) carry their cause.
 */
public final class FsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    /** An expected refusal, without stack trace. */
    public FsException(Errno errno, String message) {
        super(message, null, false, false);
        this.errno = errno;
    }

    /** A failure with its cause. */
    public FsException(Errno errno, String message, Throwable cause) {
        super(message, cause);
        this.errno = errno;
    }

    public Errno errno() {
        return errno;
    }
}
