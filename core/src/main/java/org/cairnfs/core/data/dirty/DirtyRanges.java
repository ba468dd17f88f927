package org.cairnfs.core.data.dirty;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The dirty ranges of one content: at each offset, what the newest journal record said of it, if extents do not say it yet.
 *
 * <p>Invariant: ranges do not overlap and are not empty. Not thread-safe: {@link DirtyContent} guards it.
 */
final class DirtyRanges {
    private final NavigableMap<Long, DirtyRange> byOffset = new TreeMap<>();
    private long dataBytes;

    /** Lays a newer range over what is there. */
    void put(DirtyRange range) {
        cut(range.offset(), range.end());
        add(range);
    }

    /** The ranges that touch {@code [from, to)}, cut to it, in offset order, of all kinds. */
    List<DirtyRange> within(long from, long to) {
        List<DirtyRange> found = new ArrayList<>();
        for (DirtyRange range : touching(from, to)) {
            found.add(range.within(from, to));
        }
        return found;
    }

    /** Forgets, within {@code [from, to)}, what records up to {@code sequence} said. */
    void forget(long from, long to, long sequence) {
        for (DirtyRange range : List.copyOf(touching(from, to))) {
            if (range.sequence() <= sequence) {
                remove(range);
                keepOutside(range, from, to);
            }
        }
    }

    /** The oldest record that any range needs; {@code Long.MAX_VALUE} if there is no range. */
    long oldestSequence() {
        long oldest = Long.MAX_VALUE;
        for (DirtyRange range : byOffset.values()) {
            oldest = Math.min(oldest, range.since());
        }
        return oldest;
    }

    /** Bytes that are in the journal for it. */
    long dataBytes() {
        return dataBytes;
    }

    int count() {
        return byOffset.size();
    }

    boolean isEmpty() {
        return byOffset.isEmpty();
    }

    private void cut(long from, long to) {
        for (DirtyRange range : List.copyOf(touching(from, to))) {
            remove(range);
            keepOutside(range, from, to);
        }
    }

    private void keepOutside(DirtyRange range, long from, long to) {
        if (range.offset() < from) {
            add(range.within(range.offset(), from));
        }
        if (range.end() > to) {
            add(range.within(to, range.end()));
        }
    }

    private Collection<DirtyRange> touching(long from, long to) {
        if (from >= to) {
            return List.of();
        }
        Map.Entry<Long, DirtyRange> before = byOffset.floorEntry(from);
        long start = before != null && before.getValue().end() > from ? before.getKey() : from;
        return byOffset.subMap(start, true, to, false).values();
    }

    private void add(DirtyRange range) {
        byOffset.put(range.offset(), range);
        dataBytes += range.dataBytes();
    }

    private void remove(DirtyRange range) {
        byOffset.remove(range.offset());
        dataBytes -= range.dataBytes();
    }
}
