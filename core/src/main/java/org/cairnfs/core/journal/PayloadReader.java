package org.cairnfs.core.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.cairnfs.core.journal.Journal.PayloadRef;

/** Reads parts of payloads: only the blocks that are touched, some at a time, each checked. Stateless. */
final class PayloadReader {
    private static final int BLOCKS_AT_ONCE = 4;

    private PayloadReader() {}

    /** @see Journal#readPayload */
    static void read(Segment segment, PayloadRef payload, int offset, ByteBuffer target)
            throws IOException, JournalCorruptException {
        int tag = segment.sealer.tagBytes();
        int length = payload.length();
        long stored = FrameHeader.storedPayload(length, tag);
        if (offset < 0
                || target.remaining() > length - offset
                || payload.position() < SegmentHeader.BYTES + FrameHeader.BYTES
                || payload.position() > segment.end - stored) {
            throw new IllegalArgumentException(
                    target.remaining() + " bytes from " + offset + " on are not within " + payload);
        }
        byte[] associated = FrameHeader.payloadAssociated(payload.position(), length);
        int at = offset;
        while (target.hasRemaining()) {
            int first = at / FrameHeader.BLOCK;
            int last = Math.min((at + target.remaining() - 1) / FrameHeader.BLOCK, first + BLOCKS_AT_ONCE - 1);
            long from = payload.position() + (long) first * (FrameHeader.BLOCK + tag);
            long to = payload.position() + Math.min(stored, (last + 1L) * (FrameHeader.BLOCK + tag));
            ByteBuffer blocks = segment.read(from, (int) (to - from));
            for (int block = first; block <= last; block++) {
                int begin = (block - first) * (FrameHeader.BLOCK + tag);
                int size = Math.min(FrameHeader.BLOCK, length - block * FrameHeader.BLOCK);
                ByteBuffer plain = begin + size + tag > blocks.limit()
                        ? null
                        : segment.sealer.open(from + begin, associated, blocks.slice(begin, size + tag));
                if (plain == null) {
                    throw segment.corrupt(
                            from + begin,
                            -1,
                            "a payload of " + length + " bytes, at byte " + block * FrameHeader.BLOCK + " of it");
                }
                int skip = at - block * FrameHeader.BLOCK;
                int take = Math.min(size - skip, target.remaining());
                target.put(plain.slice(skip, take));
                at += take;
            }
        }
    }
}
