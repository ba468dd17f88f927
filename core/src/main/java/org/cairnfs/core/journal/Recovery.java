package org.cairnfs.core.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.journal.FrameScanner.BadFrameException;
import org.cairnfs.core.journal.FrameScanner.Frame;
import org.cairnfs.core.journal.JournalSealer.SegmentSealer;
import org.cairnfs.core.journal.SegmentHeader.Salt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the segments that a journal's former starts have left, checks that they are one chain, finds its end, and makes it
 * durable.
 *
 * <p>Only the newest segment can end in the middle of a record: each segment is made after the one before was synced, so its
 * mere existence claims everything before it. Older ones are checked for their length here, and for their contents when they
 * are read. In the newest, a bad record is corruption if anything claims that it was on the disk: the segment's header, a
 * record before it or behind it, or the beginnings of a next segment. Otherwise nobody was promised it, and the log is cut
 * before it.
 *
 * <p>The kept tail of a segment that was not closed is written once more before it is synced. The operating system may hold
 * pages that failed to reach the disk as clean ones, and would report success for a force without writing them.
 */
final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);
    private static final int COPY = 1 << 20;

    private final JournalFiles files;
    private final JournalSealer sealer;
    private final List<Segment> segments = new ArrayList<>();

    private Recovery(JournalFiles files, JournalSealer sealer) {
        this.files = files;
        this.sealer = sealer;
    }

    /**
     * @return the segments, oldest first, all records of them on the disk; empty for a new journal
     */
    static List<Segment> recover(JournalFiles files, JournalSealer sealer) throws IOException, JournalCorruptException {
        Recovery recovery = new Recovery(files, sealer);
        try {
            recovery.run();
            return recovery.segments;
        } catch (IOException | JournalCorruptException | RuntimeException e) {
            close(recovery.segments, e);
            throw e;
        }
    }

    /** Gives the files back, as the opening of the journal failed with {@code failure}. */
    static void close(List<Segment> segments, Exception failure) {
        for (Segment segment : segments) {
            try {
                segment.file.close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private void run() throws IOException, JournalCorruptException {
        List<Long> numbers = files.list().stream()
                .map(Segment::numberOf)
                .filter(number -> number >= 0)
                .sorted()
                .toList();
        boolean nextWasBegun = false;
        for (int i = 0; i < numbers.size(); i++) {
            long number = numbers.get(i);
            if (i > 0 && number != numbers.get(i - 1) + 1) {
                throw new JournalCorruptException("journal segment " + Segment.fileName(numbers.get(i - 1) + 1)
                        + " is missing, though there are older and newer ones");
            }
            Segment segment = openSegment(number, i == numbers.size() - 1);
            if (segment == null) {
                nextWasBegun = true;
            } else {
                segments.add(segment);
            }
        }
        for (int i = 1; i < segments.size(); i++) {
            link(segments.get(i - 1), segments.get(i));
        }
        if (!segments.isEmpty()) {
            endAt(segments.get(segments.size() - 1), nextWasBegun);
        }
    }

    /** Opens a segment by its header; null (and no such file any more) if it is one whose making was broken off. */
    private Segment openSegment(long number, boolean newest) throws IOException, JournalCorruptException {
        String name = Segment.fileName(number);
        JournalFile file = files.open(name);
        try {
            long size = file.size();
            ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
            file.read(0, bytes);
            SegmentHeader header = SegmentHeader.decode(bytes.flip());
            if (header == null && newest && size <= SegmentHeader.BYTES && isUnfinished(bytes, number)) {
                file.close();
                files.delete(name);
                files.syncDirectory();
                log.info("journal segment {} was being made when the machine stopped: removed, it held nothing", name);
                return null;
            }
            if (header == null || header.number() != number) {
                throw new JournalCorruptException("journal segment " + name + " is damaged at byte 0: its header");
            }
            return new Segment(header, sealerOf(header, name), file, size);
        } catch (IOException | JournalCorruptException | RuntimeException e) {
            try (file) {
                throw e;
            }
        }
    }

    /**
     * Whether a file may be one whose making was broken off. Its one sector is then not there at all; and it is the first of a
     * new journal or has a predecessor, as that is trimmed only later.
     */
    private boolean isUnfinished(ByteBuffer bytes, long number) {
        return !SegmentHeader.hasMagic(bytes) && (number == SegmentHeader.FIRST_NUMBER || !segments.isEmpty());
    }

    private SegmentSealer sealerOf(SegmentHeader header, String name) throws JournalCorruptException {
        if (header.method() != sealer.method()) {
            throw new JournalCorruptException("journal segment " + name + " is sealed by method " + header.method()
                    + ", and was opened with method " + sealer.method());
        }
        SegmentSealer own = sealer.forSegment(header.generation(), header.salt().toBytes(), header.context());
        if (own.keyCheck() != header.keyCheck()) {
            throw new JournalCorruptException("journal segment " + name + " is sealed with another key");
        }
        return own;
    }

    private static void link(Segment before, Segment segment) throws JournalCorruptException {
        SegmentHeader header = segment.header;
        if (!header.previousSalt().equals(before.header.salt())
                || header.incarnation() < before.header.incarnation()
                || header.firstSequence() < before.header.firstSequence()) {
            throw segment.corrupt(0, header.firstSequence(), "it does not follow the segment before it");
        }
        if (header.previousLength() != before.end) {
            throw before.corrupt(
                    Math.min(before.end, header.previousLength()),
                    header.firstSequence() - 1,
                    "it has " + before.end + " bytes instead of " + header.previousLength());
        }
        before.lastSequence = header.firstSequence() - 1;
        before.lastTimeMillis = header.createdMillis();
    }

    private static void endAt(Segment newest, boolean nextWasBegun) throws IOException, JournalCorruptException {
        FrameScanner scanner = new FrameScanner(newest, newest.end, 0);
        long claimed = nextWasBegun ? Long.MAX_VALUE : newest.header.firstSequence() - 1;
        boolean closed = false;
        try {
            for (Frame frame = scanner.next(); frame != null; frame = scanner.next()) {
                claimed = Math.max(claimed, frame.header().synced());
                closed = frame.header().isMark();
                newest.lastTimeMillis =
                        Math.max(newest.lastTimeMillis, frame.header().timeMillis());
            }
        } catch (BadFrameException e) {
            closed = false;
            cut(newest, scanner, claimed, e);
        }
        newest.lastSequence = scanner.lastSequence();
        if (!closed) {
            writeAgain(newest);
        }
        newest.file.force(true);
    }

    private static void cut(Segment newest, FrameScanner scanner, long claimedBefore, BadFrameException bad)
            throws IOException, JournalCorruptException {
        long position = scanner.position();
        long sequence = scanner.lastSequence() + 1;
        ClaimSearch.Found behind = ClaimSearch.search(newest, position, newest.end);
        long claimed = Math.max(claimedBefore, behind.synced());
        if (sequence <= claimed) {
            throw newest.corrupt(
                    position,
                    sequence,
                    bad.getMessage() + "; it was on the disk before (records up to " + claimed
                            + " were), so this is no torn write");
        }
        log.warn(
                "journal segment {} cut at byte {}: {}. {} bytes with at least {} records from sequence {} on go; none of"
                        + " them was known to be on the disk (the last one that was: {})",
                Segment.fileName(newest.number()),
                position,
                bad.getMessage(),
                newest.end - position,
                behind.frames(),
                sequence,
                claimed);
        newest.file.truncate(position);
        newest.file.force(true);
        newest.end = position;
    }

    private static void writeAgain(Segment segment) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(COPY);
        for (long position = SegmentHeader.BYTES; position < segment.end; position += buffer.limit()) {
            buffer.clear().limit((int) Math.min(COPY, segment.end - position));
            segment.file.read(position, buffer);
            segment.file.write(position, buffer.flip());
        }
    }

    /** The header of the segment that follows these. */
    static SegmentHeader next(Segment before, JournalOptions options, long incarnation) {
        return new SegmentHeader(
                options.sealer().method(),
                options.sealer().generation(),
                before == null ? SegmentHeader.FIRST_NUMBER : before.number() + 1,
                before == null ? options.firstSequence() : before.lastSequence + 1,
                incarnation,
                Math.max(options.clock().getAsLong(), before == null ? 0 : before.lastTimeMillis),
                Salt.random(options.random()),
                before == null ? Salt.NONE : before.header.salt(),
                before == null ? 0 : before.end,
                0);
    }
}
