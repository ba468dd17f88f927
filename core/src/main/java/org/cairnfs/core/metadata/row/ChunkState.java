package org.cairnfs.core.metadata.row;

/** The life of a chunk or pack; the stored code is the ordinal, so the order never changes. */
public enum ChunkState {
    /** Its object may not be there yet (a pack whose upload was begun). */
    PENDING,
    /** In the store; may be referred to. */
    DURABLE,
    /** Being removed by the garbage collector; never referred to anew. */
    RETIRING,
    /** A read of it failed; never referred to anew, replaced by a fresh copy when the data comes again. */
    SUSPECT
}
