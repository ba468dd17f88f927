package org.cairnfs.core.record;

/** One change of the bytes of a content, as the journal orders it; offsets and lengths in bytes. */
public sealed interface ContentOp {
    /** The record's payload is the bytes from {@code offset} on of the content of {@code inode}; at most one in a record. */
    record Write(long inode, long content, long offset, int length) implements ContentOp {}

    /** A range reads as zeros from now on: punched, or cut off ({@code length} up to {@code Long.MAX_VALUE - offset}). */
    record Hole(long inode, long content, long offset, long length) implements ContentOp {}

    /**
     * The content is no more in the present: what was said of it in this epoch never matters.
     *
     * @param epoch the present one; 0 in records of before there were snapshots
     */
    record Drop(long content, long epoch) implements ContentOp {}

    /**
     * In a range, everything that records up to {@code coveredSequence} said is now in extents (rows of the same record).
     */
    record Flushed(long content, long offset, long length, long coveredSequence) implements ContentOp {}

    /** The extents of this record are changed as of an earlier epoch: snapshots of that epoch and later ones see them. */
    record AsOf(long epoch) implements ContentOp {}

    /**
     * A range of one content appears in that of {@code inode} (which may be the same, elsewhere): its extents are rows of the same
     * record, and what records before said of it and extents do not say yet is said of the target too.
     */
    record CloneRange(long source, long sourceOffset, long inode, long target, long targetOffset, long length)
            implements ContentOp {}
}
