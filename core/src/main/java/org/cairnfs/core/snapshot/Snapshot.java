package org.cairnfs.core.snapshot;

import java.time.Instant;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.row.SnapshotRow;

/**
 * A snapshot that can be seen: the file system as of the end of an epoch, under a name.
 *
 * @param number never reused; in the handles of its files
 * @param created by the server's clock
 * @param holds how many holds keep it from being deleted
 * @param automatic whether the schedule made it, and may delete it
 */
public record Snapshot(long number, long epoch, Name name, Instant created, int holds, boolean automatic) {
    /** Bits of {@link SnapshotRow#flags}. */
    static final int HIDDEN = 1;

    static final int BEING_DELETED = 2;
    static final int AUTOMATIC = 4;

    static Snapshot of(SnapshotRow row) {
        Name name = Name.ofTrusted(row.name().toArray());
        Instant created = Instant.ofEpochMilli(row.createdMillis());
        return new Snapshot(row.number(), row.epoch(), name, created, row.holds(), (row.flags() & AUTOMATIC) != 0);
    }

    /** Whether a row is of one that can be seen. */
    public static boolean isVisible(SnapshotRow row) {
        return (row.flags() & (HIDDEN | BEING_DELETED)) == 0;
    }

    /** Whether nothing is seen by it any more, and what only it saw is being forgotten. */
    public static boolean isBeingDeleted(SnapshotRow row) {
        return (row.flags() & BEING_DELETED) != 0;
    }

    SnapshotRow row() {
        return row(name, holds);
    }

    SnapshotRow row(Name newName, int newHolds) {
        return new SnapshotRow(
                number,
                epoch,
                Bytes.copyOf(newName.bytes()),
                created.toEpochMilli(),
                newHolds,
                automatic ? AUTOMATIC : 0);
    }
}
