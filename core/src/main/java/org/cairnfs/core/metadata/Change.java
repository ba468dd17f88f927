package org.cairnfs.core.metadata;

import java.util.Optional;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.Versions;
import org.cairnfs.core.record.RowChange;

/**
 * A row's old and new image; empty: there is none.
 *
 * @param gone the epoch with which the old image ends where there is no new one; {@link RowChange.Delete#PRESENT} for the present one
 */
record Change(RowKey key, Optional<Row> before, Optional<Row> after, long gone) {
    /** As the journal says it. */
    RowChange toRecord() {
        return after.isPresent() ? new RowChange.Upsert(after.get()) : new RowChange.Delete(key, gone);
    }

    /** The epoch with which the old image ends: that in which the new one was born. */
    long died(long present) {
        if (!Table.of(key).versioned()) {
            return present;
        } else if (after.isPresent()) {
            return Versions.born(after.get());
        }
        return gone == RowChange.Delete.PRESENT ? present : gone;
    }
}
