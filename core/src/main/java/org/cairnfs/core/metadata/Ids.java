package org.cairnfs.core.metadata;

import java.util.Arrays;
import java.util.Optional;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.Row;

/**
 * The numbers that are given out and never reused. Each kind has a counter row with the bound up to which numbers may have been
 * given out; the change set that first takes one beyond it raises the bound by a block. After a crash numbering goes on at the
 * bound, so what a lost record had used is not used again: the rest of a block is skipped.
 *
 * <p>Threading: the writer thread.
 */
final class Ids {
    /** What is numbered. */
    enum Kind {
        INODE("next_inode"),
        CONTENT("next_content"),
        CHUNK("next_chunk"),
        PACK("next_pack"),
        WORK("next_work");

        private final String counter;

        Kind(String counter) {
            this.counter = counter;
        }
    }

    static final int BLOCK = 1024;

    /** By {@link #index}: the number that comes next, and the first one that no counter row covers. */
    private final long[] next = new long[Kind.values().length];

    private final long[] bounds = new long[next.length];
    private final long[] nextAtBegin = new long[next.length];

    Ids() {
        Arrays.fill(bounds, 1);
        resume();
    }

    /** A mutation begins. */
    void begin() {
        System.arraycopy(next, 0, nextAtBegin, 0, next.length);
    }

    /** The mutation failed: its numbers were seen by nobody. */
    void undo() {
        System.arraycopy(nextAtBegin, 0, next, 0, next.length);
    }

    /** Whether a number was given out by the present mutation, so that no row can have it. */
    boolean isFresh(Kind kind, long number) {
        return number >= nextAtBegin[index(kind)];
    }

    /** The next number. */
    long take(Kind kind) {
        return next[index(kind)]++;
    }

    /** The counter row that must be in this mutation's change set, as its numbers go beyond the bound. */
    Optional<CounterRow> raised(Kind kind) {
        long needed = next[index(kind)];
        long bound = bounds[index(kind)];
        return needed <= bound ? Optional.empty() : Optional.of(new CounterRow(kind.counter, needed + BLOCK));
    }

    /** Takes over a counter row of a change set. */
    void changed(Row row) {
        if (row instanceof CounterRow counter) {
            for (Kind kind : Kind.values()) {
                if (kind.counter.equals(counter.name())) {
                    bounds[index(kind)] = counter.value();
                    // Only a repair raises it by more than a block, as numbers beyond it are in use.
                    next[index(kind)] = Math.max(next[index(kind)], counter.value() - BLOCK);
                }
            }
        }
    }

    /** All counter rows of database and journal were taken over: numbering goes on behind what they cover. */
    void resume() {
        System.arraycopy(bounds, 0, next, 0, next.length);
        begin();
    }

    @SuppressWarnings("EnumOrdinal") // An index into arrays of this process, never stored.
    private static int index(Kind kind) {
        return kind.ordinal();
    }
}
