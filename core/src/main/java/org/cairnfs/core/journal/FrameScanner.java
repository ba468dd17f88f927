package org.cairnfs.core.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.cairnfs.core.journal.Journal.PayloadRef;

/**
 * Reads the frames of one segment in order, from its first to a given end, through a window of bounded size.
 *
 * <p>Whatever lies in the file is untrusted: a frame is given out only if its header, its head and (where asked for) all
 * blocks of its payload are those that were written at this very place. Not thread-safe.
 */
final class FrameScanner {
    private static final int WINDOW = 256 << 10;

    private final Segment segment;
    private final long limit;
    private final long verifyFrom;
    private ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowStart;
    private long position = SegmentHeader.BYTES;
    private long lastSequence;

    /** What is not a good frame. */
    static final class BadFrameException extends Exception {
        private static final long serialVersionUID = 1L;

        BadFrameException(String message) {
            super(message);
        }
    }

    /**
     * A good frame.
     *
     * @param head read-only, valid until the next one is read
     */
    record Frame(FrameHeader header, ByteBuffer head, PayloadRef payload) {}

    /**
     * @param limit position where reading ends
     * @param verifyFrom payloads are verified from this sequence on; heads always are
     */
    FrameScanner(Segment segment, long limit, long verifyFrom) {
        this.segment = segment;
        this.limit = limit;
        this.verifyFrom = verifyFrom;
        this.lastSequence = segment.header.firstSequence() - 1;
    }

    /** Begins not with the first record but with a later one that is not behind {@code sequence}, if a place is known. */
    void skipTo(long sequence) {
        segment.placeBefore(sequence).ifPresent(place -> {
            lastSequence = place.getKey() - 1;
            position = place.getValue();
        });
    }

    /** Where the next frame begins, or the bad one does. */
    long position() {
        return position;
    }

    /** The sequence of the last record that was read. */
    long lastSequence() {
        return lastSequence;
    }

    /** The next frame; null at the limit. */
    Frame next() throws IOException, BadFrameException {
        if (position >= limit) {
            return null;
        }
        if (limit - position < FrameHeader.BYTES) {
            throw new BadFrameException("the file ends within a record");
        }
        byte[] headerBytes = new byte[FrameHeader.BYTES];
        view(position, FrameHeader.BYTES).get(headerBytes);
        FrameHeader header = checked(FrameHeader.decode(headerBytes, position));
        int tag = segment.sealer.tagBytes();
        long headPosition = position + FrameHeader.BYTES;
        ByteBuffer head = segment.sealer.open(headPosition, headerBytes, view(headPosition, header.headLength() + tag));
        if (head == null) {
            throw new BadFrameException("its head is damaged");
        }
        long payloadPosition = headPosition + header.headLength() + tag;
        if (header.sequence() >= verifyFrom && header.payloadLength() > 0) {
            ByteBuffer kept = ByteBuffer.allocate(head.remaining()).put(head).flip();
            verifyPayload(payloadPosition, header.payloadLength());
            head = kept;
        }
        position += header.frameBytes(tag);
        lastSequence = header.sequence();
        return new Frame(
                header,
                head.asReadOnlyBuffer(),
                new PayloadRef(segment.number(), payloadPosition, header.payloadLength()));
    }

    private FrameHeader checked(FrameHeader header) throws BadFrameException {
        if (header == null) {
            throw new BadFrameException("no record begins here");
        }
        if (header.salt() != segment.header.salt().high()) {
            throw new BadFrameException("a record of another segment");
        }
        long expected = header.isMark() ? lastSequence : lastSequence + 1;
        if (header.sequence() != expected) {
            throw new BadFrameException("sequence " + header.sequence() + " instead of " + expected);
        }
        if (header.frameBytes(segment.sealer.tagBytes()) > limit - position) {
            throw new BadFrameException("the file ends within a record");
        }
        return header;
    }

    private void verifyPayload(long first, int length) throws IOException, BadFrameException {
        byte[] associated = FrameHeader.payloadAssociated(first, length);
        int tag = segment.sealer.tagBytes();
        long at = first;
        for (int done = 0; done < length; done += FrameHeader.BLOCK) {
            int block = Math.min(FrameHeader.BLOCK, length - done);
            if (segment.sealer.open(at, associated, view(at, block + tag)) == null) {
                throw new BadFrameException("its payload is damaged from byte " + done + " on");
            }
            at += block + tag;
        }
    }

    /** These bytes of the file, in the window; valid until the next call. The frame was checked to lie before the limit. */
    private ByteBuffer view(long from, int length) throws IOException, BadFrameException {
        if (from < windowStart || from + length > windowStart + window.limit()) {
            if (window.capacity() < length) {
                window = ByteBuffer.allocate(length);
            }
            window.clear().limit((int) Math.min(window.capacity(), limit - from));
            segment.file.read(from, window);
            window.flip();
            windowStart = from;
            if (window.limit() < length) {
                throw new BadFrameException("the file ends within a record");
            }
        }
        return window.slice((int) (from - windowStart), length);
    }
}
