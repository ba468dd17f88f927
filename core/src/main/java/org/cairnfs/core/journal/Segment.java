package org.cairnfs.core.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.journal.JournalSealer.SegmentSealer;

/**
 * One segment file that is open: its header, and where its records end.
 *
 * <p>Threading: {@link #end}, {@link #lastSequence} and {@link #lastTimeMillis} are written under the journal's append lock (or
 * before the segment is shared) and read by anybody; {@link #end} is moved only when the frame before it is written whole, so
 * whoever sees it may read up to it. Users are counted: the journal itself, each pin, each call in progress; the file is
 * closed and unlinked when none is left.
 */
final class Segment {
    /** Of so many bytes, the place of one record is remembered. */
    static final int BYTES_PER_PLACE = 1 << 20;

    private static final String SUFFIX = ".seg";
    private static final HexFormat HEX = HexFormat.of();

    final SegmentHeader header;
    final SegmentSealer sealer;
    final JournalFile file;

    /** The position behind the last frame. */
    volatile long end;

    /** The newest sequence in it; {@code firstSequence - 1} if it has no record. */
    volatile long lastSequence;

    /** No record in it is newer than this. */
    volatile long lastTimeMillis;

    /** Where some records begin, by sequence, so that one in the middle is found; what was written before the start is not here. */
    private final NavigableMap<Long, Long> places = new ConcurrentSkipListMap<>();

    /** With the append lock. */
    private long lastPlace;

    private final AtomicInteger users = new AtomicInteger(1);

    Segment(SegmentHeader header, SegmentSealer sealer, JournalFile file, long end) {
        this.header = header;
        this.sealer = sealer;
        this.file = file;
        this.end = end;
        this.lastSequence = header.firstSequence() - 1;
        this.lastTimeMillis = header.createdMillis();
    }

    static String fileName(long number) {
        return HEX.toHexDigits(number) + SUFFIX;
    }

    /** The number in a file's name, or -1 if it is not the name of a segment. */
    static long numberOf(String fileName) {
        if (fileName.length() != 16 + SUFFIX.length() || !fileName.endsWith(SUFFIX)) {
            return -1;
        }
        try {
            long number = HexFormat.fromHexDigitsToLong(fileName, 0, 16);
            return fileName(number).equals(fileName) ? number : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Makes the file, with this header, durable in the directory. */
    static Segment create(JournalFiles files, SegmentHeader unchecked, JournalSealer sealer)
            throws IOException, JournalCorruptException {
        SegmentSealer own =
                sealer.forSegment(unchecked.generation(), unchecked.salt().toBytes(), unchecked.context());
        SegmentHeader header = unchecked.withKeyCheck(own.keyCheck());
        JournalFile file = files.create(fileName(header.number()));
        try {
            file.write(0, header.encode());
            file.force(true);
            files.syncDirectory();
            return new Segment(header, own, file, SegmentHeader.BYTES);
        } catch (IOException e) {
            try (file) {
                throw e;
            }
        }
    }

    long number() {
        return header.number();
    }

    boolean isEmpty() {
        return lastSequence < header.firstSequence();
    }

    /** Takes in a frame that was written whole at the end; with the append lock. */
    void accept(FrameHeader frame) {
        lastTimeMillis = Math.max(lastTimeMillis, frame.timeMillis());
        long before = end;
        if (!frame.isMark() && before - lastPlace >= BYTES_PER_PLACE) {
            places.put(frame.sequence(), before);
            lastPlace = before;
        }
        end = before + frame.frameBytes(sealer.tagBytes());
        lastSequence = frame.sequence();
    }

    /** A record not behind this sequence, and where it begins; empty for the first one of the segment. */
    Optional<Map.Entry<Long, Long>> placeBefore(long sequence) {
        return Optional.ofNullable(places.floorEntry(sequence));
    }

    ByteBuffer read(long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        file.read(position, buffer);
        return buffer.flip();
    }

    /** Takes part in the use of the file; false if it is gone already. */
    boolean retain() {
        int before = users.getAndUpdate(count -> count == 0 ? 0 : count + 1);
        return before > 0;
    }

    /** Ends a use; true if it was the last one, and the caller is to see to the end of the file. */
    boolean release() {
        return users.decrementAndGet() == 0;
    }

    boolean isUnused() {
        return users.get() == 0;
    }

    JournalCorruptException corrupt(long position, long sequence, String what) {
        return new JournalCorruptException("journal segment " + fileName(number()) + " is damaged at byte " + position
                + ", sequence " + sequence + ": " + what);
    }
}
