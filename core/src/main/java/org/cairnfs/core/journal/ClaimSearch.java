package org.cairnfs.core.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Looks through what lies behind a bad record for later ones, and for what they claim to be on the disk.
 *
 * <p>A frame's {@code synced} was true when it was written, and stays true: it names records that a force had returned for.
 * So a single header of this segment (its salt is random, and its CRC includes its position) that claims the bad record's
 * sequence proves that the record was once whole on the disk, and that it is damaged now, not torn.
 */
final class ClaimSearch {
    private static final int WINDOW = 1 << 20;

    /**
     * @param frames headers that were found
     * @param synced the highest claim among them; -1 if there is none
     */
    record Found(int frames, long synced) {}

    private ClaimSearch() {}

    /** Searches at every byte position in {@code [from, to)} of the segment. */
    static Found search(Segment segment, long from, long to) throws IOException {
        ByteBuffer window = ByteBuffer.allocate(WINDOW);
        byte[] candidate = new byte[FrameHeader.BYTES];
        int frames = 0;
        long synced = -1;
        for (long start = from; to - start >= FrameHeader.BYTES; ) {
            window.clear().limit((int) Math.min(WINDOW, to - start));
            segment.file.read(start, window);
            int last = window.flip().limit() - FrameHeader.BYTES;
            if (last < 0) {
                break; // shorter than it was said to be
            }
            for (int at = 0; at <= last; at++) {
                if (!looksLikeFrame(window, at, segment.header.salt().high())) {
                    continue;
                }
                window.get(at, candidate);
                FrameHeader header = FrameHeader.decode(candidate, start + at);
                if (header != null) {
                    frames++;
                    synced = Math.max(synced, header.synced());
                }
            }
            start += last + 1;
        }
        return new Found(frames, synced);
    }

    private static boolean looksLikeFrame(ByteBuffer window, int at, long salt) {
        int kind = window.getInt(at);
        return (kind == FrameHeader.KIND_RECORD || kind == FrameHeader.KIND_MARK)
                && window.getLong(at + FrameHeader.SALT_OFFSET) == salt;
    }
}
