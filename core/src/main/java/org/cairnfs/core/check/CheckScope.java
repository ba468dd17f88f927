package org.cairnfs.core.check;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.cairnfs.core.metadata.FrozenTables;

/**
 * What the passes of a check have in common: the tables, the findings, room for what is sorted, and who wants to know how far it is. Used by
 * one thread.
 */
final class CheckScope implements AutoCloseable {
    private static final int TOLD_EACH = 10_000;

    private final FrozenTables tables;
    private final Findings findings = new Findings();
    private final Path scratch;
    private final CheckListener listener;
    private final BooleanSupplier stopped;
    private final Deque<SortedRecords> sorters = new ArrayDeque<>();
    private String phase = "";
    private long done;
    private long total;

    /**
     * For a check.
     *
     * @param scratch directory for what is sorted, private
     * @param stopped whether the check is to end
     */
    CheckScope(FrozenTables tables, Path scratch, CheckListener listener, BooleanSupplier stopped) {
        this.tables = tables;
        this.scratch = scratch;
        this.listener = listener;
        this.stopped = stopped;
    }

    FrozenTables tables() {
        return tables;
    }

    Findings findings() {
        return findings;
    }

    /** Sorts records of so many numbers. */
    SortedRecords sorter(int width) {
        SortedRecords sorter = new SortedRecords(scratch, width);
        sorters.push(sorter);
        return sorter;
    }

    /** A pass begins. */
    void begin(String newPhase, long newTotal) {
        phase = newPhase;
        total = newTotal;
        done = 0;
        if (stopped.getAsBoolean()) {
            throw new CheckStoppedException();
        }
        listener.phase(phase, 0, total);
    }

    /** One row more was looked at. */
    void step() {
        done++;
        if (done % TOLD_EACH == 0) {
            if (stopped.getAsBoolean()) {
                throw new CheckStoppedException();
            }
            listener.phase(phase, done, Math.max(total, done));
        }
    }

    @Override
    public void close() {
        while (!sorters.isEmpty()) {
            sorters.pop().close();
        }
    }
}
