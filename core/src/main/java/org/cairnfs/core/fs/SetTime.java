package org.cairnfs.core.fs;

/** A time to set: the server's clock ({@link #NOW}; may be set by whoever may write), or a given one (the owner only). */
public sealed interface SetTime {
    /** The server's clock at the moment of the change. */
    SetTime NOW = new Now();

    /** The server's clock. */
    record Now() implements SetTime {}

    /**
     * A given time.
     *
     * @param nanos since the epoch
     */
    record At(long nanos) implements SetTime {}
}
