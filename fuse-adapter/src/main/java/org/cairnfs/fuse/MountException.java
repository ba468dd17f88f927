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
        /** libfuse 2 is not installed, or cannot be loaded. */
        NO_LIBRARY,
        /** There is no /dev/fuse, or it may not be opened. */
        NO_DEVICE,
        /** The directory is not there, is not a directory, or holds something. */
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
