package org.cairnfs.core.metadata.row;

/**
 * The full image of one row of one table; replaying an image any number of times gives the same table.
 *
 * <p>Columns are documented beside the DDL. {@code born} is the epoch of the row's last change (see DESIGN of snapshots).
 */
public sealed interface Row
        permits InodeRow,
                AtimeRow,
                DirentRow,
                XattrRow,
                ContentRow,
                ExtentRow,
                ChunkRow,
                PackRow,
                OrphanRow,
                WorkRow,
                CounterRow,
                UsageRow,
                QuotaRow,
                SnapshotRow,
                InodeLockRow,
                TreeLockRow,
                CheckpointRow,
                TrashRow {

    /** The primary key, which names the row in its table. */
    RowKey key();
}
