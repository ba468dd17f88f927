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
 * removed, its old image is kept if it was born before the present epoch and some snapshot sees it, that is, shows an epoch
 * from {@code born} on and before the present one.
 *
 * <p>Threading: changed by the writer thread with all inode locks held; read by the writer thread, or under any inode lock.
 */
public final class Epochs {
    /** The name of the counter that holds the present epoch; 1 if it is not there. */
    static final String COUNTER = "epoch";

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

    /** Whether the old image of a row that changes now goes to history. */
    boolean keeps(Row old) {
        if (shown.isEmpty() || !Table.of(old).versioned()) {
            return false;
        }
        Long seen = shown.ceiling(Versions.born(old));
        return seen != null && seen < present;
    }
}
