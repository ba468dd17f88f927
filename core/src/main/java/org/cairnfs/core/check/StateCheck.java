package org.cairnfs.core.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.Epochs;
import org.cairnfs.core.metadata.FrozenTables;
import org.cairnfs.core.metadata.H2MetadataStore;
import org.cairnfs.core.metadata.RowCursor;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.QuotaRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.snapshot.Snapshot;
import org.cairnfs.core.snapshot.SnapshotDeletion;
import org.cairnfs.core.snapshot.Snapshots;

/** Checks the small tables: counters, snapshots, quotas, works. After all others, as they say which numbers are in use. */
final class StateCheck {
    private final FrozenTables tables;
    private final Findings findings;
    private final Maxima maxima;
    private final Map<String, Long> counters = new HashMap<>();
    private final Set<Long> deleted = new HashSet<>();

    StateCheck(CheckScope scope, Maxima maxima) {
        this.tables = scope.tables();
        this.findings = scope.findings();
        this.maxima = maxima;
    }

    void run() {
        for (RowCursor<CounterRow> rows = tables.rows(CounterRow.class); rows.hasNext(); ) {
            CounterRow row = rows.next();
            counters.put(row.name(), row.value());
        }
        for (RowCursor<WorkRow> rows = tables.rows(WorkRow.class); rows.hasNext(); ) {
            WorkRow work = rows.next();
            maxima.work(work.id());
            SnapshotDeletion.deletedBy(work).ifPresent(deleted::add);
        }
        for (RowCursor<QuotaRow> rows = tables.rows(QuotaRow.class); rows.hasNext(); ) {
            long root = rows.next().root();
            if (tables.find(new RowKey.Inode(root))
                    .filter(StateCheck::isDirectory)
                    .isEmpty()) {
                String text = "a quota of inode " + root + ", which is no directory";
                findings.add(FindingKind.LEFTOVER, new RowKey.Quota(root), text);
            }
        }
        checkSnapshots();
        maxima.highest().forEach((counter, highest) -> {
            if (highest >= counters.getOrDefault(counter, 1L)) {
                counter(counter, highest + 1 + H2MetadataStore.COUNTED_AHEAD);
            }
        });
    }

    private static boolean isDirectory(Row row) {
        return ((InodeRow) row).isDirectory();
    }

    private void checkSnapshots() {
        Set<Bytes> names = new HashSet<>();
        long newest = 0;
        long present = counters.getOrDefault(Epochs.COUNTER, 1L);
        for (RowCursor<SnapshotRow> rows = tables.rows(SnapshotRow.class); rows.hasNext(); ) {
            SnapshotRow row = rows.next();
            newest = row.number();
            if (row.epoch() >= present) {
                counter(Epochs.COUNTER, row.epoch() + 1);
            }
            if (Snapshot.isVisible(row) && (row.name() == null || !names.add(row.name()))) {
                findings.add(FindingKind.SNAPSHOT, row.key(), "snapshot " + row.number() + " has no name of its own");
            }
            if (Snapshot.isBeingDeleted(row) && !deleted.contains(row.number())) {
                findings.add(FindingKind.SNAPSHOT, row.key(), "nobody goes on deleting snapshot " + row.number());
            }
        }
        if (newest > counters.getOrDefault(Snapshots.NUMBER, 0L)) {
            counter(Snapshots.NUMBER, newest);
        }
    }

    private void counter(String name, long atLeast) {
        findings.add(
                FindingKind.COUNTER,
                new RowKey.Counter(name),
                "the counter " + name + " is " + counters.getOrDefault(name, 0L) + ", and has to be " + atLeast
                        + " at least",
                atLeast,
                0);
    }
}
