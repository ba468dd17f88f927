package org.cairnfs.core.journal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The kept segments, and those that are no longer kept but still in use.
 *
 * <p>Invariants: the kept ones are consecutive, the newest is the one that is written. Files are unlinked strictly from the
 * oldest on, the directory synced after each, and only when nobody uses them: so the files on the disk are consecutive at
 * any time, also after a power loss, and a gap is always damage.
 *
 * <p>Threading: the monitor guards all changes; looking up a segment takes no lock.
 */
final class SegmentTable {
    private final JournalFiles files;
    private final ConcurrentSkipListMap<Long, Segment> kept = new ConcurrentSkipListMap<>();
    private final Deque<Segment> doomed = new ArrayDeque<>();
    private boolean closed;

    SegmentTable(JournalFiles files, List<Segment> segments) {
        this.files = files;
        segments.forEach(segment -> kept.put(segment.number(), segment));
    }

    synchronized void add(Segment segment) {
        kept.put(segment.number(), segment);
    }

    Segment oldest() {
        return kept.firstEntry().getValue();
    }

    /** The newest segment that has a record; empty if there is none. */
    Optional<Segment> newestWithRecords() {
        return kept.descendingMap().values().stream()
                .filter(segment -> !segment.isEmpty())
                .findFirst();
    }

    /** The segment of this number, to be released after use; null if it is neither kept nor pinned. */
    Segment retain(long number) {
        Segment segment = kept.get(number);
        if (segment != null && segment.retain()) {
            return segment;
        }
        synchronized (this) {
            for (Segment old : doomed) {
                if (old.number() == number && old.retain()) {
                    return old;
                }
            }
            return null;
        }
    }

    /** All kept segments, oldest first, to be released after use. */
    synchronized List<Segment> retainAll() {
        List<Segment> all = new ArrayList<>(kept.values());
        all.forEach(Segment::retain);
        return all;
    }

    /** Ends the use of segments, oldest first, and unlinks those that nobody needs any more. */
    void release(Collection<Segment> segments) throws IOException {
        boolean unused = false;
        for (Segment segment : segments) {
            unused |= segment.release();
        }
        if (unused) {
            unlinkUnused();
        }
    }

    /** Stops keeping the oldest segments, but for the newest one of all, as long as they may go. */
    synchronized void drop(Rule mayGo) throws IOException {
        long bytes = keptBytes();
        while (kept.size() > 1 && mayGo.mayGo(oldest(), bytes)) {
            Segment segment = kept.pollFirstEntry().getValue();
            bytes -= segment.end;
            doomed.add(segment);
            segment.release();
        }
        unlinkUnused();
    }

    /** Decides whether a segment need not be kept. */
    @FunctionalInterface
    interface Rule {
        /** @param bytes of this segment and all newer ones */
        boolean mayGo(Segment segment, long bytes);
    }

    /** Bytes on the disk, of segments that are no longer kept too. */
    synchronized long bytes() {
        return keptBytes() + bytes(doomed);
    }

    private long keptBytes() {
        return bytes(kept.values());
    }

    private static long bytes(Collection<Segment> segments) {
        return segments.stream().mapToLong(segment -> segment.end).sum();
    }

    /** Closes all files; nothing is unlinked any more, as the directory may soon be another journal's. */
    synchronized void closeAll() throws IOException {
        closed = true;
        List<Segment> all = new ArrayList<>(doomed);
        all.addAll(kept.values());
        IOException failure = null;
        for (Segment segment : all) {
            try {
                segment.file.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private synchronized void unlinkUnused() throws IOException {
        while (!closed && !doomed.isEmpty() && doomed.peek().isUnused()) {
            Segment segment = doomed.remove();
            segment.file.close();
            files.delete(Segment.fileName(segment.number()));
            files.syncDirectory();
        }
    }
}
