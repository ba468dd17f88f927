package org.cairnfs.core.data.dirty;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One content with dirty ranges, and since when it has them.
 *
 * <p>Its ranges lie in layers, one for each epoch in which something was said of it: what is said in a later epoch is laid over the layers
 * before and leaves them as they are, for the snapshots that were taken in between. Layers are flushed in the order of their epochs, each as
 * of its own; so the extents in the tables are always those of one epoch, with nothing of a later one. Mostly there is one layer.
 *
 * <p>Guarded by its own monitor, which is taken inside an inode's lock and inside which nothing else is locked but the
 * counters of {@link DirtyMap}.
 */
public final class DirtyContent {
    private final DirtyMap owner;
    private final long inode;
    private final long content;

    /** The oldest epoch first. */
    private final Deque<Layer> layers = new ArrayDeque<>(1);

    private long oldestSequence = Long.MAX_VALUE;
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

    /** The unflushed ranges that touch {@code [from, to)}, cut to it, in offset order, as of the present. */
    public List<DirtyRange> within(long from, long to) {
        return within(from, to, Long.MAX_VALUE);
    }

    /** The same, as of the end of an epoch. */
    public synchronized List<DirtyRange> within(long from, long to, long epoch) {
        Layer first = layers.peekFirst();
        if (first == null || first.epoch() > epoch) {
            return List.of();
        }
        boolean isOne = layers.size() == 1;
        List<DirtyRange> found = isOne
                ? first.ranges().within(from, to)
                : merged(from, to, epoch).within(from, to);
        return found.stream().filter(DirtyRange::isUnflushed).toList();
    }

    /** What the layers up to an epoch say together. */
    private DirtyRanges merged(long from, long to, long epoch) {
        DirtyRanges merged = new DirtyRanges();
        for (Layer layer : layers) {
            if (layer.epoch() <= epoch) {
                layer.ranges().within(from, to).forEach(merged::put);
            }
        }
        return merged;
    }

    /** What is dirty of the oldest layer at this moment, to be flushed before the others; empty if nothing is dirty any more. */
    public synchronized Optional<DirtySnapshot> snapshot() {
        return Optional.ofNullable(layers.peekFirst())
                .map(oldest -> new DirtySnapshot(
                        inode,
                        content,
                        oldest.epoch(),
                        0,
                        Long.MAX_VALUE,
                        oldest.newestSequence(),
                        oldest.unflushed(0, Long.MAX_VALUE)));
    }

    /** The unflushed ranges of the layer of one epoch. */
    public synchronized List<DirtyRange> saidIn(long epoch, long from, long to) {
        return layers.stream()
                .filter(layer -> layer.epoch() == epoch)
                .flatMap(layer -> layer.unflushed(from, to).stream())
                .toList();
    }

    /** Whether this epoch is the last one in which something was said. */
    public synchronized boolean isNewest(long epoch) {
        return !layers.isEmpty() && layers.getLast().epoch() == epoch;
    }

    /** Whether something was said in this epoch, and is not flushed or dropped. */
    public synchronized boolean hasLayer(long epoch) {
        return layers.stream().anyMatch(layer -> layer.epoch() == epoch);
    }

    /**
     * Parts of {@code [from, to)}, of all kinds, that a record of this epoch above {@code sequence} touched: a flush of what was said up to
     * there must leave them alone.
     */
    public synchronized List<DirtyRange> newerThan(long sequence, long epoch, long from, long to) {
        return layers.stream()
                .filter(layer -> layer.epoch() == epoch)
                .flatMap(layer -> layer.ranges().within(from, to).stream())
                .filter(range -> range.sequence() > sequence)
                .toList();
    }

    /**
     * Parts of {@code [from, to)} whose extents may not be those that they were when the record {@code sequence} of this epoch was the
     * newest: none, unless something was cloned into the content since. That does not happen in a later epoch before this one is flushed.
     */
    public synchronized List<DirtyRange> unlikeAt(long sequence, long epoch, long from, long to) {
        boolean cloned = layers.stream().anyMatch(layer -> layer.epoch() == epoch && layer.newestClone() > sequence);
        return cloned ? newerThan(sequence, epoch, from, to) : List.of();
    }

    /** The epoch of the oldest layer; empty if nothing is dirty. */
    public synchronized OptionalLong oldestEpoch() {
        return layers.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(layers.getFirst().epoch());
    }

    /** At or below the sequence of every dirty range; {@code Long.MAX_VALUE} if there is none. */
    public synchronized long oldestDirty() {
        return oldestSequence;
    }

    /** Bytes in the journal for it. */
    public synchronized long dataBytes() {
        return layers.stream().mapToLong(layer -> layer.ranges().dataBytes()).sum();
    }

    /** When it became dirty, by the clock of {@link DirtyMap}. */
    public synchronized long firstDirtyNanos() {
        return firstDirtyNanos;
    }

    /** When it was written to last, by the clock of {@link DirtyMap}. */
    public synchronized long lastDirtyNanos() {
        return lastDirtyNanos;
    }

    /** @param epoch that of the record; not below that of any before */
    synchronized void put(DirtyRange range, long epoch, long nowNanos) {
        if (layers.isEmpty()) {
            firstDirtyNanos = nowNanos;
        }
        Layer newest = layers.peekLast();
        if (newest == null || newest.epoch() < epoch) {
            newest = new Layer(epoch);
            layers.addLast(newest);
        }
        long bytes = newest.ranges().dataBytes();
        int count = newest.ranges().count();
        newest.put(range);
        age(Math.min(oldestSequence, range.since()));
        lastDirtyNanos = nowNanos;
        owner.count(newest.ranges().dataBytes() - bytes, newest.ranges().count() - count);
    }

    synchronized void forget(long from, long to, long sequence) {
        for (Iterator<Layer> each = layers.iterator(); each.hasNext(); ) {
            Layer layer = each.next();
            long bytes = layer.ranges().dataBytes();
            int count = layer.ranges().count();
            layer.ranges().forget(from, to, sequence);
            owner.count(layer.ranges().dataBytes() - bytes, layer.ranges().count() - count);
            if (layer.ranges().isEmpty()) {
                each.remove();
            }
        }
        ageAnew();
    }

    /** What was said in this epoch, or later, never was. */
    synchronized void drop(long epoch) {
        for (Iterator<Layer> each = layers.iterator(); each.hasNext(); ) {
            Layer layer = each.next();
            if (layer.epoch() >= epoch) {
                owner.count(-layer.ranges().dataBytes(), -layer.ranges().count());
                each.remove();
            }
        }
        ageAnew();
    }

    private void ageAnew() {
        age(layers.stream()
                .mapToLong(layer -> layer.ranges().oldestSequence())
                .min()
                .orElse(Long.MAX_VALUE));
    }

    private void age(long oldest) {
        owner.aged(content, oldestSequence, oldest);
        oldestSequence = oldest;
    }

    synchronized boolean isClean() {
        return layers.isEmpty();
    }
}
