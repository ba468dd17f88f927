package org.cairnfs.core.shipping;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.record.JournalRecord;

/**
 * One item of the body of a log object. Packs and chunks are numbered by their order in the barrier's overlay, from 0; an
 * overlay's items describe contents as of the barrier.
 */
sealed interface LogItem {
    /**
     * A journal record without origin and contents, and without those rows that a later record of the same barrier sets anew. All of
     * them come before anything else of their object.
     */
    record Logged(long sequence, JournalRecord record) implements LogItem {}

    /**
     * A pack that the overlay's chunks lie in.
     *
     * @param header of its row in the metadata: generation and salt
     * @param size of the object in bytes
     */
    record OverlayPack(String objectKey, Bytes header, long size) implements LogItem {}

    /**
     * A chunk that overlay extents refer to.
     *
     * @param pack number of its pack in the overlay
     * @param id 32 bytes
     * @param offset of its frame in the pack
     * @param storedLength of its frame
     * @param length of its plaintext
     */
    record OverlayChunk(int pack, Bytes id, int offset, int storedLength, int length) implements LogItem {}

    /** What extents say of a range of a content does not hold at the barrier. */
    record Replaced(long inode, long content, long from, long to) implements LogItem {}

    /**
     * What does instead; it lies in a replaced range.
     *
     * @param chunk number of the chunk in the overlay, which is used whole
     */
    record OverlayExtent(long inode, long content, long offset, int length, int chunk) implements LogItem {}

    /** Bytes of a content that are in no chunk. */
    record Inline(long inode, long content, long offset, Bytes bytes) implements LogItem {}

    /** A range that reads as zeros. */
    record InlineHole(long inode, long content, long offset, long length) implements LogItem {}
}
