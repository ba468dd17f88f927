package org.cairnfs.core.data.read;

import org.cairnfs.core.journal.Journal.PayloadRef;

/** A range of a content and where its newest bytes are. */
public sealed interface Piece {
    /** First byte in the content. */
    long offset();

    /** First byte behind it. */
    long end();

    default long length() {
        return end() - offset();
    }

    /**
     * In the journal.
     *
     * @param payloadOffset where in the payload the byte at {@code offset} is
     */
    record Journaled(long offset, long end, PayloadRef payload, int payloadOffset) implements Piece {}

    /**
     * In a chunk.
     *
     * @param chunkOffset where in the decoded chunk the byte at {@code offset} is
     * @param chunkLeads whether the piece begins where the chunk and its extent begin, which is a cut point
     */
    record Stored(long offset, long end, long chunk, int chunkOffset, boolean chunkLeads) implements Piece {}

    /** Nowhere: a hole. */
    record Zeros(long offset, long end) implements Piece {}
}
