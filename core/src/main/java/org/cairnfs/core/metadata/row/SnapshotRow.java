package org.cairnfs.core.metadata.row;

import org.cairnfs.core.fs.Bytes;

/**
 * A snapshot: a name for an epoch.
 *
 * @param number never reused; the snapshot number of its file handles
 * @param epoch that it shows
 * @param name bytes, unique among those that are not hidden; null if hidden
 * @param createdMillis wall clock
 * @param holds how many holds keep it
 * @param flags bits: 1 hidden (of a copy or restore point), 2 being deleted
 */
public record SnapshotRow(long number, long epoch, Bytes name, long createdMillis, int holds, int flags)
        implements Row {
    @Override
    public RowKey.Snapshot key() {
        return new RowKey.Snapshot(number);
    }
}
