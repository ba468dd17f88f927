package org.cairnfs.core.check;

import java.util.NavigableSet;
import java.util.TreeSet;
import org.cairnfs.core.metadata.FrozenTables;
import org.cairnfs.core.metadata.RowCursor;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.KeyColumns;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.Versions;
import org.cairnfs.core.snapshot.Snapshot;

/**
 * Checks the images of before: each ends after it began, none overlaps another of its key or the present one, and some snapshot sees it.
 */
final class HistoryCheck {
    private final CheckScope scope;
    private final FrozenTables tables;
    private final NavigableSet<Long> shown = new TreeSet<>();
    private boolean deleting;

    HistoryCheck(CheckScope scope) {
        this.scope = scope;
        this.tables = scope.tables();
    }

    /** @param references gets the extents of before, see {@link ContentCheck#references} */
    void run(SortedRecords references) {
        for (RowCursor<SnapshotRow> rows = tables.rows(SnapshotRow.class); rows.hasNext(); ) {
            SnapshotRow row = rows.next();
            if (Snapshot.isBeingDeleted(row)) {
                deleting = true;
            } else {
                shown.add(row.epoch());
            }
        }
        for (Table table : Table.values()) {
            if (table.versioned()) {
                check(table, references);
            }
        }
    }

    private void check(Table table, SortedRecords references) {
        scope.begin("images of before", -1);
        RowCursor<? extends Row> present = tables.rows(table.type());
        HistoryRow before = null;
        for (RowCursor<HistoryRow> images = tables.history(table); images.hasNext(); scope.step()) {
            HistoryRow image = images.next();
            if (image.row() instanceof ExtentRow extent) {
                references.add(
                        extent.chunk(), ContentCheck.chunkEnd(extent), extent.content(), extent.offset(), image.died());
            }
            boolean sameKey =
                    before != null && before.row().key().equals(image.row().key());
            long born = Versions.born(image.row());
            if (born >= image.died() || sameKey && before.died() > born) {
                found(image, "is of no time, or of one at which there was another");
            } else if (!deleting && !isSeen(born, image.died())) {
                found(image, "is seen by no snapshot");
            } else if (overlaps(present, image)) {
                found(image, "ends after the present one began");
            }
            before = image;
        }
    }

    private boolean isSeen(long born, long died) {
        Long first = shown.ceiling(born);
        return first != null && first < died;
    }

    private static boolean overlaps(RowCursor<? extends Row> present, HistoryRow image) {
        RowKey key = image.row().key();
        while (present.hasNext() && KeyColumns.compare(present.peek().key(), key) < 0) {
            present.next();
        }
        return present.hasNext() && present.peek().key().equals(key) && Versions.born(present.peek()) < image.died();
    }

    private void found(HistoryRow image, String what) {
        RowKey key = image.row().key();
        String text = "the image of " + key + " from epoch " + Versions.born(image.row()) + " to " + image.died() + " "
                + what;
        long chunk = image.row() instanceof ExtentRow extent ? extent.chunk() : 0;
        scope.findings().add(FindingKind.IMAGE, key, text, image.died(), chunk);
    }
}
