package org.cairnfs.core.lock;

import java.util.Optional;

/**
 * A non-empty range of bytes, both ends included, in unsigned 64-bit numbers.
 *
 * @param first first byte
 * @param last last byte, not below {@code first}; {@link #TO_END} is every byte there will ever be
 */
public record LockRange(long first, long last) {
    /** The {@code last} of a range to the end of the file, however long it grows; also the length that says so on the wire. */
    public static final long TO_END = -1L;

    public LockRange {
        if (Long.compareUnsigned(first, last) > 0) {
            throw new IllegalArgumentException("a range must not be empty");
        }
    }

    /**
     * The range of an offset and a length as NFSv4 and NLM name it (RFC 7530 section 16.10.4): both unsigned, a length of
     * all ones reaches to the end of the file.
     *
     * @return empty for a length of 0, and for an end beyond 2^64 - 1
     */
    public static Optional<LockRange> of(long offset, long length) {
        if (length == TO_END) {
            return Optional.of(new LockRange(offset, TO_END));
        }
        boolean fits = Long.compareUnsigned(length, TO_END - offset) <= 0;
        return length == 0 || !fits ? Optional.empty() : Optional.of(new LockRange(offset, offset + length - 1));
    }

    /** The length as NFSv4 names it: all ones for a range to the end. */
    public long length() {
        return last == TO_END ? TO_END : last - first + 1;
    }

    public boolean overlaps(LockRange other) {
        return Long.compareUnsigned(first, other.last) <= 0 && Long.compareUnsigned(other.first, last) <= 0;
    }
}
