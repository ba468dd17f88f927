package org.cairnfs.core.metadata;

import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * The inodes whose newest image came from outside the writer thread and is in memory and the journal only, oldest first.
 *
 * <p>{@link #low} is at or below the sequence of the oldest such record: an inode is entered <i>before</i> its record is appended,
 * under the sequence that comes next or an earlier one. So whoever reads the journal's next sequence first and {@link #low}
 * second, and takes the smaller, is at or below every lazy record that is not in the database: one that is not entered yet
 * gets a sequence from there on.
 *
 * <p>Threading: entries of an inode are made and taken under the inode's lock; {@link #low} and {@link #oldest} need none.
 */
final class LazyRows {
    private static final Comparator<Entry> OLDEST_FIRST =
            Comparator.comparingLong(Entry::low).thenComparingLong(Entry::inode);

    private static final Entry BEFORE_ALL = new Entry(Long.MIN_VALUE, Long.MIN_VALUE, null);

    private final ConcurrentMap<Long, Entry> entries = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<Entry> byAge = new ConcurrentSkipListSet<>(OLDEST_FIRST);

    /** One inode. */
    static final class Entry {
        private final long inode;
        private final long low;
        private final long nanoTime;
        private final InodeRow base;

        private Entry(long inode, long low, InodeRow base) {
            this.inode = inode;
            this.low = low;
            this.nanoTime = System.nanoTime();
            this.base = base;
        }

        long inode() {
            return inode;
        }

        /** At or below the sequence of its first record. */
        long low() {
            return low;
        }

        /** {@link System#nanoTime} of its first record. */
        long nanoTime() {
            return nanoTime;
        }

        /** The image that the database has, or gets with the present batch. */
        InodeRow base() {
            return base;
        }
    }

    /**
     * An inode is about to get a lazy record.
     *
     * @param nextSequence a sequence that the record will not be below
     * @param present its image before
     */
    void enter(long nextSequence, InodeRow present) {
        if (!entries.containsKey(present.inode())) {
            Entry entry = new Entry(present.inode(), nextSequence, present);
            byAge.add(entry);
            entries.put(present.inode(), entry);
        }
    }

    /** The inode's newest image goes to the database with the present batch; null if it has no entry. */
    Entry take(long inode) {
        Entry entry = entries.remove(inode);
        if (entry != null) {
            byAge.remove(entry);
        }
        return entry;
    }

    /** At or below the sequence of the oldest record; {@code Long.MAX_VALUE} if there is none. */
    long low() {
        Entry oldest = oldest();
        return oldest == null ? Long.MAX_VALUE : oldest.low;
    }

    /** The oldest, or null. */
    Entry oldest() {
        // Asked once and more for each batch, mostly of nobody: an exception from first() would cost more than the
        // rest.
        return byAge.ceiling(BEFORE_ALL);
    }

    int size() {
        return entries.size();
    }
}
