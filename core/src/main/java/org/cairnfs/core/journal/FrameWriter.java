package org.cairnfs.core.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.cairnfs.core.journal.JournalSealer.SegmentSealer;

/**
 * Writes one frame at a time to the end of a segment, by way of a direct buffer, so that a small record is one write, and a
 * large one a write per MiB; a plain payload in a direct buffer is written from where it is, in one gathering write.
 *
 * <p>Not thread-safe: guarded by the append lock.
 */
final class FrameWriter {
    private static final int STAGING = 1 << 20;

    /** What to do when the disk is full, before the write is tried once more. */
    @FunctionalInterface
    interface SpaceReleaser {
        /** Frees space; false if there is none to be had. */
        boolean release() throws IOException;
    }

    private final SpaceReleaser releaser;
    private ByteBuffer staging = ByteBuffer.allocateDirect(STAGING);
    private Segment segment;
    private long written;

    FrameWriter(SpaceReleaser releaser) {
        this.releaser = releaser;
    }

    /**
     * Writes a frame; the segment's end is not moved.
     *
     * @return the position of the payload's first block
     */
    long write(Segment target, FrameHeader header, ByteBuffer head, ByteBuffer payload) throws IOException {
        segment = target;
        written = target.end;
        SegmentSealer sealer = target.sealer;
        long payloadPosition = written + FrameHeader.BYTES + head.remaining() + sealer.tagBytes();
        putHead(header, head, sealer);
        byte[] associated = FrameHeader.payloadAssociated(payloadPosition, payload.remaining());
        if (sealer.isTransparent() && payload.isDirect() && payload.hasRemaining()) {
            gather(payloadPosition, associated, payload, sealer);
        } else {
            stage(payloadPosition, associated, payload, sealer);
        }
        return payloadPosition;
    }

    private void putHead(FrameHeader header, ByteBuffer head, SegmentSealer sealer) {
        int needed = FrameHeader.BYTES + head.remaining() + sealer.tagBytes();
        if (staging.capacity() < needed) {
            staging = ByteBuffer.allocateDirect(needed); // a head of megabytes: seldom, and 4 MiB at most
        }
        byte[] bytes = header.encode(written);
        staging.clear().put(bytes);
        sealer.seal(written + FrameHeader.BYTES, bytes, head, staging);
    }

    private void stage(long first, byte[] associated, ByteBuffer payload, SegmentSealer sealer) throws IOException {
        int end = payload.limit();
        long position = first;
        while (payload.position() < end) {
            int length = Math.min(FrameHeader.BLOCK, end - payload.position());
            if (staging.remaining() < length + sealer.tagBytes()) {
                flush(staging.flip());
                staging.clear();
            }
            payload.limit(payload.position() + length);
            sealer.seal(position, associated, payload, staging);
            position += length + sealer.tagBytes();
        }
        flush(staging.flip());
    }

    private void gather(long first, byte[] associated, ByteBuffer payload, SegmentSealer sealer) throws IOException {
        int end = payload.limit();
        int blocks = (payload.remaining() + FrameHeader.BLOCK - 1) / FrameHeader.BLOCK;
        ByteBuffer[] pieces = new ByteBuffer[1 + 2 * blocks];
        ByteBuffer tags = ByteBuffer.allocateDirect(blocks * sealer.tagBytes());
        pieces[0] = staging.flip();
        long position = first;
        for (int block = 0; block < blocks; block++) {
            int length = Math.min(FrameHeader.BLOCK, end - payload.position());
            payload.limit(payload.position() + length);
            pieces[1 + 2 * block] = payload.slice();
            int tag = tags.position();
            sealer.tag(position, associated, payload, tags);
            pieces[2 + 2 * block] = tags.slice(tag, sealer.tagBytes());
            position += length + sealer.tagBytes();
        }
        flush(pieces);
    }

    private void flush(ByteBuffer... pieces) throws IOException {
        long total = remaining(pieces);
        try {
            segment.file.write(written, pieces);
        } catch (OutOfSpaceException e) {
            if (!releaser.release()) {
                throw e;
            }
            segment.file.write(written + total - remaining(pieces), pieces);
        }
        written += total;
    }

    private static long remaining(ByteBuffer... buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }
}
