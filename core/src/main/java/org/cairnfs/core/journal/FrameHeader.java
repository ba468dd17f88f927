package org.cairnfs.core.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first 48 bytes of a frame, and where its other parts lie; this class owns the layout of frames, which follow each
 * other in a segment without gaps.
 *
 * <pre>
 * offset  bytes
 *      0      4  kind: "CRec" a record, "CEnd" the mark of a clean end
 *      4      4  length of the head, 0 to 4 MiB (0 in a mark)
 *      8      4  length of the payload, 0 to 16 MiB (0 in a mark)
 *     12      8  first half of the segment's salt
 *     20      8  sequence; of a mark: that of the record before it
 *     28      8  time of the append, ms since 1970
 *     36      8  synced: the highest sequence known to be on the disk at the append
 *     44      4  CRC32C of bytes 0 to 43 and of the frame's position in the segment (8 bytes, not stored)
 *     48      h  head, sealed; bytes 0 to 47 are its associated data
 *   48+h      t  tag of the head
 *                then the payload in blocks of 64 KiB, the last one shorter, each followed by its tag
 *      b  65536  block, sealed; associated data: position of the first block (8 bytes), length of the payload (4)
 *      .      t  tag of the block
 * </pre>
 *
 * All numbers are big-endian. A tag has 4 bytes in a plain segment (CRC32C) and 16 in an encrypted one (GCM), and covers
 * the position of what it is the tag of. Copied, misplaced or left-over frames are therefore never taken for good ones: salt,
 * position and sequence must all fit.
 */
record FrameHeader(
        boolean isMark, int headLength, int payloadLength, long salt, long sequence, long timeMillis, long synced) {
    static final int BYTES = 48;
    static final int BLOCK = Journal.PAYLOAD_BLOCK;
    static final int MAX_HEAD = 4 << 20;
    static final int MAX_PAYLOAD = 16 << 20;

    static final int KIND_RECORD = 0x43526563;
    static final int KIND_MARK = 0x43456E64;
    static final int SALT_OFFSET = 12;

    private static final int CRC_OFFSET = 44;

    /** The length of the whole frame in a segment with tags of this size. */
    long frameBytes(int tagBytes) {
        return BYTES + headLength + tagBytes + storedPayload(payloadLength, tagBytes);
    }

    /** The bytes that a payload takes: its blocks and their tags. */
    static long storedPayload(int length, int tagBytes) {
        long blocks = (length + BLOCK - 1L) / BLOCK;
        return length + blocks * tagBytes;
    }

    /** What each block of a payload is bound to. */
    static byte[] payloadAssociated(long payloadPosition, int payloadLength) {
        return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(payloadPosition)
                .putInt(payloadLength)
                .array();
    }

    /** @param position of the frame in its segment */
    byte[] encode(long position) {
        byte[] bytes = new byte[BYTES];
        ByteBuffer.wrap(bytes)
                .putInt(isMark ? KIND_MARK : KIND_RECORD)
                .putInt(headLength)
                .putInt(payloadLength)
                .putLong(salt)
                .putLong(sequence)
                .putLong(timeMillis)
                .putLong(synced)
                .putInt(crc(bytes, position));
        return bytes;
    }

    /**
     * @param bytes {@value #BYTES} bytes, untrusted
     * @param position where they were read
     * @return null if they are not a frame's header that was written there; else all lengths are within their bounds
     */
    static FrameHeader decode(byte[] bytes, long position) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int kind = in.getInt();
        if ((kind != KIND_RECORD && kind != KIND_MARK) || in.getInt(CRC_OFFSET) != crc(bytes, position)) {
            return null;
        }
        FrameHeader header = new FrameHeader(
                kind == KIND_MARK, in.getInt(), in.getInt(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
        return header.isPossible() ? header : null;
    }

    private boolean isPossible() {
        int maxHead = isMark ? 0 : MAX_HEAD;
        int maxPayload = isMark ? 0 : MAX_PAYLOAD;
        return headLength >= 0
                && headLength <= maxHead
                && payloadLength >= 0
                && payloadLength <= maxPayload
                && synced >= 0
                && (isMark ? synced <= sequence : synced < sequence);
    }

    private static int crc(byte[] header, long position) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, CRC_OFFSET);
        for (int shift = 56; shift >= 0; shift -= 8) {
            crc.update((int) (position >>> shift));
        }
        return (int) crc.getValue();
    }
}
