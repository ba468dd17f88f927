package org.cairnfs.fuse;

/** A mount, or its end, that did not come about, for a reason that a person can do something about. */
public final class MountException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public MountException(Reason reason, String message) {
        this(reason, message, null);
    }

    public MountException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What is in the way. */
    public enum Reason {
        /** libfuse 2 or fusermount is not installed, or cannot be loaded. */
        NO_LIBRARY,
        /** There is no /dev/fuse, or nothing behind it. */
        NO_DEVICE,
        /** This user or process may not mount, or not so. */
        NOT_ALLOWED,
        /** The directory is not there, is not a directory, holds something, or is mounted on already. */
        BAD_DIRECTORY,
        /** The kernel or fusermount says no. */
        REFUSED,
        /** Processes use it. */
        BUSY,
        /** Nothing of Cairn is mounted there. */
        NOT_MOUNTED
    }

    public Reason reason() {
        return reason;
    }
}
