package org.cairnfs.core.volume;

/** A file system cannot be opened or go on, for a reason that a person can act on; the message says how. */
public final class VolumeException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What sort of reason. */
    public enum Kind {
        /** The state directory belongs to another file system. */
        STATE_MISMATCH,
        /** Local state that was known to be on the disk is damaged. */
        DAMAGED,
        /** Local files cannot be read or written. */
        LOCAL_STORAGE,
        /** Another server holds the bucket, or took it. */
        HELD,
        /** The bucket was put back to how it was before something that is known to have been in it. */
        ROLLED_BACK,
        /** Nothing is kept of the time that is asked for. */
        NOT_KEPT,
        /** A tree lock in force forbids it. */
        LOCKED,
        /** The object store does not answer, or refuses. */
        STORE
    }

    private final Kind kind;

    public VolumeException(Kind kind, String message) {
        this(kind, message, null);
    }

    public VolumeException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
