package org.cairnfs.core.data.dirty;

import org.cairnfs.core.journal.Journal.PayloadRef;

/**
 * A range of a content whose newest bytes are not in extents: in the journal, or zeros.
 *
 * @param offset first byte in the content
 * @param end first byte behind it, above {@code offset}
 * @param sequence of the journal record that said so
 * @param payload that holds the bytes; null for a hole
 * @param payloadOffset where in the payload the byte at {@code offset} is
 */
public record DirtyRange(long offset, long end, long sequence, PayloadRef payload, int payloadOffset) {
    /** Bytes that a write put into the journal. */
    public static DirtyRange data(long offset, long sequence, PayloadRef payload) {
        return new DirtyRange(offset, offset + payload.length(), sequence, payload, 0);
    }

    /** Zeros that a punch or truncation left. */
    public static DirtyRange hole(long offset, long length, long sequence) {
        return new DirtyRange(offset, offset + length, sequence, null, 0);
    }

    public boolean isHole() {
        return payload == null;
    }

    public long length() {
        return end - offset;
    }

    /** The part of it within {@code [from, to)}, which it must touch. */
    public DirtyRange within(long from, long to) {
        long start = Math.max(offset, from);
        long stop = Math.min(end, to);
        if (start == offset && stop == end) {
            return this;
        }
        return new DirtyRange(start, stop, sequence, payload, isHole() ? 0 : payloadOffset + (int) (start - offset));
    }
}
