package org.cairnfs.core.data.dirty;

import java.util.List;

/** What was said of a content in one epoch. Guarded by the monitor of its {@link DirtyContent}. */
final class Layer {
    private final long epoch;
    private final DirtyRanges ranges = new DirtyRanges();
    private long newestSequence;
    private long newestClone;

    Layer(long epoch) {
        this.epoch = epoch;
    }

    long epoch() {
        return epoch;
    }

    DirtyRanges ranges() {
        return ranges;
    }

    /** Sequence of the newest record that said something. */
    long newestSequence() {
        return newestSequence;
    }

    /** Sequence of the newest record that put extents. */
    long newestClone() {
        return newestClone;
    }

    /** The unflushed ranges that touch {@code [from, to)}, cut to it. */
    List<DirtyRange> unflushed(long from, long to) {
        return ranges.within(from, to).stream().filter(DirtyRange::isUnflushed).toList();
    }

    void put(DirtyRange range) {
        if (!range.isUnflushed()) {
            newestClone = range.sequence();
        }
        ranges.put(range);
        newestSequence = Math.max(newestSequence, range.sequence());
    }
}
