package org.cairnfs.core.metadata;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.Versions;

/**
 * The present epoch and the snapshots that are alive, and with them the one rule of history: when a row is replaced or
 * removed, its old image ends with the epoch of what replaces it, and is kept if some snapshot sees it, that is, shows an epoch
 * from {@code born} on and before that.
 *
 * <p>That epoch is the present one, but for extents of what was written before a snapshot and flushed after it: these are changed as of
 * the epoch of the write. An image that is replaced by one that was born with it is amended: nobody sees the old one.
 *
 * <p>Threading: changed by the writer thread with all inode locks held; read by the writer thread, or under any inode lock.
 */
public final class Epochs {
    /** The name of the counter that holds the present epoch; 1 if it is not there. */
    public static final String COUNTER = "epoch";

    /** The name of the counter that goes up with each change of which snapshots there are, and how they are called. */
    public static final String SNAPSHOTS_CHANGED = "snapshots-changed";

    /** Bit of {@link SnapshotRow#flags}: it sees nothing any more. */
    private static final int FLAG_BEING_DELETED = 2;

    private volatile long present = 1;
    private final Map<Long, Long> snapshots = new HashMap<>();
    private final NavigableSet<Long> shown = new TreeSet<>();

    long present() {
        return present;
    }

    /** Whether a change of this row changes what is here: afterwards, other images become history than before. */
    public static boolean concerns(RowKey row) {
        return row instanceof RowKey.Snapshot
                || row instanceof RowKey.Counter counter && counter.name().equals(COUNTER);
    }

    /** Takes over the new image of a row, or that it is gone. */
    void changed(Optional<Row> before, Optional<Row> after) {
        Row row = after.or(() -> before).orElseThrow();
        if (row instanceof SnapshotRow snapshot) {
            boolean sees = after.isPresent() && (snapshot.flags() & FLAG_BEING_DELETED) == 0;
            if (sees) {
                snapshots.put(snapshot.number(), snapshot.epoch());
            } else {
                snapshots.remove(snapshot.number());
            }
            shown.clear();
            shown.addAll(snapshots.values());
        } else if (row instanceof CounterRow counter && counter.name().equals(COUNTER)) {
            present = counter.value();
        }
    }

    /** Takes over rows from the database. */
    void load(Collection<? extends Row> rows) {
        for (Row row : rows) {
            if (concerns(row.key())) {
                changed(Optional.empty(), Optional.of(row));
            }
        }
    }

    /** Whether the old image of a row that ends with an epoch goes to history. */
    boolean keeps(Row old, long died) {
        if (shown.isEmpty() || !Table.of(old).versioned()) {
            return false;
        }
        return isSeen(Versions.born(old), died);
    }

    /** Whether a snapshot sees an image of {@code [born, died)}. */
    boolean isSeen(long born, long died) {
        Long seen = shown.ceiling(born);
        return seen != null && seen < died;
    }

    /** Whether there is any snapshot. */
    boolean areShown() {
        return !shown.isEmpty();
    }
}
