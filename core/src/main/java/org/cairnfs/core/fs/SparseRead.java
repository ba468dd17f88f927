package org.cairnfs.core.fs;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A range of a file as it was read, told apart into what is stored and what is not.
 *
 * @param segments in order, without gap; neighbours may be of the same kind
 * @param end whether the last byte of the file is in it, or the offset was at or past the end
 */
public record SparseRead(List<Segment> segments, boolean end) {
    /**
     * Bytes, or a hole, which reads as zeros.
     *
     * @param offset in the file
     * @param length positive
     * @param pieces of data, together {@code length} bytes, on the terms of {@link ReadResult}; empty for a hole
     */
    public record Segment(long offset, int length, List<ByteBuffer> pieces) {
        public boolean isHole() {
            return pieces.isEmpty();
        }
    }
}
