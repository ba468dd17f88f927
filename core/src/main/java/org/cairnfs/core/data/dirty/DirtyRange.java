package org.cairnfs.core.data.dirty;

import org.cairnfs.core.journal.Journal.PayloadRef;

/**
 * A range of a content of which a journal record says what its newest bytes are.
 *
 * @param offset first byte in the content
 * @param end first byte behind it, above {@code offset}
 * @param kind what the record says
 * @param sequence of the journal record that said so
 * @param since the oldest journal record that is needed to know it again: {@code sequence}, but for what was cloned
 * @param payload that holds the bytes; null unless they are {@link Kind#JOURNALED}
 * @param payloadOffset where in the payload the byte at {@code offset} is
 */
public record DirtyRange(
        long offset, long end, Kind kind, long sequence, long since, PayloadRef payload, int payloadOffset) {
    /** Where the newest bytes are. */
    public enum Kind {
        /** In the journal. */
        JOURNALED,
        /** Nowhere: zeros that a punch or truncation left. */
        HOLE,
        /**
         * In extents, which the record itself has put: nothing is to be flushed, but a flush that was planned before must leave the
         * range alone.
         */
        STORED
    }

    /** Bytes that a write put into the journal. */
    public static DirtyRange data(long offset, long sequence, PayloadRef payload) {
        return new DirtyRange(offset, offset + payload.length(), Kind.JOURNALED, sequence, sequence, payload, 0);
    }

    /** Zeros that a punch or truncation left. */
    public static DirtyRange hole(long offset, long length, long sequence) {
        return new DirtyRange(offset, offset + length, Kind.HOLE, sequence, sequence, null, 0);
    }

    /**
     * What a record has put into extents.
     *
     * @param since the oldest record that is needed for what the same record may lay over it
     */
    static DirtyRange stored(long offset, long length, long sequence, long since) {
        return new DirtyRange(offset, offset + length, Kind.STORED, sequence, since, null, 0);
    }

    public boolean isHole() {
        return kind == Kind.HOLE;
    }

    /** Whether extents do not say it. */
    public boolean isUnflushed() {
        return kind != Kind.STORED;
    }

    public long length() {
        return end - offset;
    }

    /** Bytes in the journal for it. */
    long dataBytes() {
        return kind == Kind.JOURNALED ? length() : 0;
    }

    /** The part of it within {@code [from, to)}, which it must touch. */
    public DirtyRange within(long from, long to) {
        long start = Math.max(offset, from);
        long stop = Math.min(end, to);
        if (start == offset && stop == end) {
            return this;
        }
        int skipped = kind == Kind.JOURNALED ? payloadOffset + (int) (start - offset) : 0;
        return new DirtyRange(start, stop, kind, sequence, since, payload, skipped);
    }

    /** The same bytes at another place, said by a later record. */
    DirtyRange cloned(long newOffset, long newSequence) {
        return new DirtyRange(newOffset, newOffset + length(), kind, newSequence, since, payload, payloadOffset);
    }
}
