package org.cairnfs.core.metadata;

import java.util.Optional;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.record.RowChange;

/** A row's old and new image; empty: there is none. */
record Change(RowKey key, Optional<Row> before, Optional<Row> after) {
    /** As the journal says it. */
    RowChange toRecord() {
        return after.isPresent() ? new RowChange.Upsert(after.get()) : new RowChange.Delete(key);
    }
}
