package org.cairnfs.core.data.dirty;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * All contents with dirty ranges: positions in the journal, not bytes.
 *
 * <p>Invariant: what a journal record from {@link #oldestSequence()} on said of a content is here, or in extents; so the
 * journal may drop what is below it.
 *
 * <p>Changes of one content come in journal order: the caller holds the inode's lock from the append to the call here.
 * A content is taken out of the map only under the map's own lock of its key, so no put is lost in between.
 */
public final class DirtyMap {
    /** Heap that a range costs, about; for the bound. */
    private static final int BYTES_PER_RANGE = 160;

    private static final Age BEFORE_ALL = new Age(Long.MIN_VALUE, Long.MIN_VALUE);

    private final ConcurrentHashMap<Long, DirtyContent> contents = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<Age> byAge = new ConcurrentSkipListSet<>();
    private final AtomicLong dataBytes = new AtomicLong();
    private final AtomicLong rangeCount = new AtomicLong();
    private final LongSupplier nanoClock;

    /** @param nanoClock monotonic, as {@link System#nanoTime()} */
    public DirtyMap(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * Lays a range over a content.
     *
     * @param epoch in which its record was journaled
     */
    public void put(long inode, long content, long epoch, DirtyRange range) {
        contents.compute(content, (id, present) -> {
            DirtyContent dirty = present == null ? new DirtyContent(this, inode, content) : present;
            dirty.put(range, epoch, nanoClock.getAsLong());
            return dirty;
        });
    }

    /**
     * A range of a content appears in another, whose extents there have become those of the source: what is unflushed in the source
     * is laid over them.
     *
     * <p>Meanwhile a flush may end, and the source be forgotten, and the journal be trimmed. So the target first claims what the source
     * needs; whatever is then still found in the source was needed by it throughout.
     *
     * @param inode of the target
     * @param epoch in which the record was journaled that says so
     * @param sequence of that record
     */
    public void cloneRange(
            long source,
            long sourceOffset,
            long inode,
            long target,
            long targetOffset,
            long length,
            long epoch,
            long sequence) {
        long since = content(source).map(DirtyContent::oldestDirty).orElse(sequence);
        put(inode, target, epoch, DirtyRange.stored(targetOffset, length, sequence, Math.min(since, sequence)));
        for (DirtyRange range : within(source, sourceOffset, sourceOffset + length)) {
            put(inode, target, epoch, range.cloned(range.offset() - sourceOffset + targetOffset, sequence));
        }
    }

    /** Forgets, within {@code [from, to)}, what records up to {@code sequence} said: it is in extents. */
    public void forget(long content, long from, long to, long sequence) {
        contents.computeIfPresent(content, (id, dirty) -> {
            dirty.forget(from, to, sequence);
            return dirty.isClean() ? null : dirty;
        });
    }

    /**
     * Forgets what was said in an epoch of a content that is no more in it; what was said before is for the snapshots that were taken in
     * between.
     */
    public void drop(long content, long epoch) {
        contents.computeIfPresent(content, (id, dirty) -> {
            dirty.drop(epoch);
            return dirty.isClean() ? null : dirty;
        });
    }

    /** Whether something is dirty in a content that was said before an epoch. */
    public boolean isDirtyBefore(long content, long epoch) {
        DirtyContent dirty = contents.get(content);
        return dirty != null && dirty.oldestEpoch().orElse(Long.MAX_VALUE) < epoch;
    }

    /** Whether something is dirty in any content that was said before an epoch. Looks at each dirty content. */
    public boolean isAnyDirtyBefore(long epoch) {
        return contents.values().stream().anyMatch(dirty -> dirty.oldestEpoch().orElse(Long.MAX_VALUE) < epoch);
    }

    public Optional<DirtyContent> content(long content) {
        return Optional.ofNullable(contents.get(content));
    }

    /** The unflushed ranges of a content that touch {@code [from, to)}, cut to it. */
    public List<DirtyRange> within(long content, long from, long to) {
        DirtyContent dirty = contents.get(content);
        return dirty == null ? List.of() : dirty.within(from, to);
    }

    /** The same, as of the end of an epoch. */
    public List<DirtyRange> within(long content, long from, long to, long epoch) {
        DirtyContent dirty = contents.get(content);
        return dirty == null ? List.of() : dirty.within(from, to, epoch);
    }

    /** All dirty contents, those that have waited longest first. */
    public List<DirtyContent> oldestFirst() {
        return byAge.stream()
                .map(age -> contents.get(age.content()))
                .filter(Objects::nonNull)
                .toList();
    }

    /** All dirty contents, in no order. */
    public Collection<DirtyContent> all() {
        return contents.values();
    }

    /** At or below the sequence of every dirty range; {@code Long.MAX_VALUE} if nothing is dirty. Costs one look. */
    public long oldestSequence() {
        // Asked with each batch of metadata, often of nothing: an exception from first() would cost more than the look.
        Age oldest = byAge.ceiling(BEFORE_ALL);
        return oldest == null ? Long.MAX_VALUE : oldest.sequence();
    }

    /** Bytes in the journal that extents do not have yet. */
    public long dataBytes() {
        return dataBytes.get();
    }

    /** Heap that this map takes, about. */
    public long heapBytes() {
        return rangeCount.get() * BYTES_PER_RANGE;
    }

    public boolean isEmpty() {
        return contents.isEmpty();
    }

    /** How long a content has been dirty: the lowest sequence that is dirty in it. */
    private record Age(long sequence, long content) implements Comparable<Age> {
        @Override
        public int compareTo(Age other) {
            int bySequence = Long.compare(sequence, other.sequence);
            return bySequence != 0 ? bySequence : Long.compare(content, other.content);
        }
    }

    /** The oldest sequence of a content was {@code before} and is {@code after}; MAX_VALUE stands for none. */
    void aged(long content, long before, long after) {
        if (before == after) {
            return;
        }
        if (after != Long.MAX_VALUE) {
            byAge.add(new Age(after, content));
        }
        if (before != Long.MAX_VALUE) {
            byAge.remove(new Age(before, content));
        }
    }

    void count(long bytes, int ranges) {
        dataBytes.addAndGet(bytes);
        rangeCount.addAndGet(ranges);
    }
}
