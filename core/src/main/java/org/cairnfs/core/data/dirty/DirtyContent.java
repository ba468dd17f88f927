package org.cairnfs.core.data.dirty;

import java.util.List;

/**
 * One content with dirty ranges, and since when it has them.
 *
 * <p>Guarded by its own monitor, which is taken inside an inode's lock and inside which nothing else is locked but the
 * counters of {@link DirtyMap}.
 */
public final class DirtyContent {
    private final DirtyMap owner;
    private final long inode;
    private final long content;
    private final DirtyRanges ranges = new DirtyRanges();
    private long oldestSequence = Long.MAX_VALUE;
    private long newestSequence;
    private long newestClone;
    private long firstDirtyNanos;
    private long lastDirtyNanos;

    DirtyContent(DirtyMap owner, long inode, long content) {
        this.owner = owner;
        this.inode = inode;
        this.content = content;
    }

    /** The inode whose content it is. */
    public long inode() {
        return inode;
    }

    public long content() {
        return content;
    }

    /** The unflushed ranges that touch {@code [from, to)}, cut to it, in offset order. */
    public synchronized List<DirtyRange> within(long from, long to) {
        return ranges.within(from, to).stream().filter(DirtyRange::isUnflushed).toList();
    }

    /** What is dirty in {@code [from, to)} at this moment, to be flushed. */
    public synchronized DirtySnapshot snapshot(long from, long to) {
        return new DirtySnapshot(inode, content, from, to, newestSequence, within(from, to));
    }

    /** Parts of {@code [from, to)}, of all kinds, that a record above {@code sequence} touched: a flush of it must leave them alone. */
    public synchronized List<DirtyRange> newerThan(long sequence, long from, long to) {
        return ranges.within(from, to).stream()
                .filter(range -> range.sequence() > sequence)
                .toList();
    }

    /**
     * Parts of {@code [from, to)} whose extents may not be those that they were when the record {@code sequence} was the newest: none,
     * unless something was cloned into the content since.
     */
    public synchronized List<DirtyRange> unlikeAt(long sequence, long from, long to) {
        return newestClone > sequence ? newerThan(sequence, from, to) : List.of();
    }

    /** At or below the sequence of every dirty range; {@code Long.MAX_VALUE} if there is none. */
    public synchronized long oldestDirty() {
        return oldestSequence;
    }

    /** Bytes in the journal for it. */
    public synchronized long dataBytes() {
        return ranges.dataBytes();
    }

    /** When it became dirty, by the clock of {@link DirtyMap}. */
    public synchronized long firstDirtyNanos() {
        return firstDirtyNanos;
    }

    /** When it was written to last, by the clock of {@link DirtyMap}. */
    public synchronized long lastDirtyNanos() {
        return lastDirtyNanos;
    }

    synchronized void put(DirtyRange range, long nowNanos) {
        long bytes = ranges.dataBytes();
        int count = ranges.count();
        if (ranges.isEmpty()) {
            firstDirtyNanos = nowNanos;
        }
        long oldest = Math.min(oldestSequence, range.since());
        owner.aged(content, oldestSequence, oldest);
        oldestSequence = oldest;
        if (!range.isUnflushed()) {
            newestClone = range.sequence();
        }
        ranges.put(range);
        newestSequence = Math.max(newestSequence, range.sequence());
        lastDirtyNanos = nowNanos;
        owner.count(ranges.dataBytes() - bytes, ranges.count() - count);
    }

    synchronized void forget(long from, long to, long sequence) {
        long bytes = ranges.dataBytes();
        int count = ranges.count();
        ranges.forget(from, to, sequence);
        long oldest = ranges.oldestSequence();
        owner.aged(content, oldestSequence, oldest);
        oldestSequence = oldest;
        owner.count(ranges.dataBytes() - bytes, ranges.count() - count);
    }

    synchronized boolean isClean() {
        return ranges.isEmpty();
    }
}
