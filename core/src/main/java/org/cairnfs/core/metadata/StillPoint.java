package org.cairnfs.core.metadata;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.cairnfs.core.metadata.h2.Ranges;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.Table;

/**
 * A moment at which the database holds all records up to a sequence, lazy ones included, and nothing above: the writer thread
 * takes all inode locks, sweeps, commits, lets somebody look at the database, and lets go. Lazy changes wait for a batch meanwhile.
 */
final class StillPoint<T> implements Writer.WriterTask {
    /** What is read at that moment. */
    static final Set<Table> TABLES = EnumSet.of(Table.COUNTER, Table.SNAPSHOT);

    private final StoreContext context;
    private final Runnable first;
    private final Look<T> look;
    private final CompletableFuture<T> reached = new CompletableFuture<>();
    private boolean locked;

    /**
     * The moment.
     *
     * @param applied all records up to here, none above
     * @param low oldest record that unflushed contents may need
     * @param rows of {@link #TABLES}
     */
    record Moment(long applied, long low, List<Row> rows) {}

    /** Looks at the database; must be quick. */
    @FunctionalInterface
    interface Look<T> {
        /** @param applied all records up to here are in the database, none above */
        T at(long applied) throws SQLException;
    }

    /**
     * A still point to come.
     *
     * @param first runs before, on the writer thread: journals what is in memory only
     */
    StillPoint(StoreContext context, Runnable first, Look<T> look) {
        this.context = context;
        this.first = first;
        this.look = look;
    }

    /** One at which {@link #TABLES} are read. */
    static StillPoint<Moment> ofSmallTables(StoreContext context, Runnable first) {
        return new StillPoint<>(context, first, applied -> {
            List<Row> rows = new ArrayList<>();
            for (Table table : TABLES) {
                rows.addAll(
                        Ranges.scan(context.present().database().writer(), table, Optional.empty(), Integer.MAX_VALUE));
            }
            long low = Math.min(applied + 1, context.options().oldestUnflushed().getAsLong());
            return new Moment(applied, low, rows);
        });
    }

    T await() {
        try {
            return reached.join();
        } catch (CompletionException e) {
            throw new MetadataFailedException("the metadata could not be committed", e.getCause());
        }
    }

    @Override
    public int run() {
        first.run();
        locked = true;
        for (int stripe = 0; stripe < InodeLocks.STRIPES; stripe++) {
            context.locks().stripe(stripe).lock();
        }
        context.present().sweepAll();
        return 0;
    }

    @Override
    public void committed(Writer.CommitPoint point) {
        try {
            reached.complete(look.at(point.applied()));
        } catch (SQLException e) {
            reached.completeExceptionally(context.failStop().fail("the metadata database could not be read", e));
        } finally {
            unlock();
        }
    }

    @Override
    public void fail(RuntimeException cause) {
        unlock();
        reached.completeExceptionally(cause);
    }

    private void unlock() {
        if (locked) {
            locked = false;
            for (int stripe = 0; stripe < InodeLocks.STRIPES; stripe++) {
                context.locks().stripe(stripe).unlock();
            }
        }
    }
}
