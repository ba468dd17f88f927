package org.cairnfs.core.record;

import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;

/** One change of one row, idempotent: its new image, or its end. */
public sealed interface RowChange {
    /** The row that changes. */
    RowKey key();

    /** The row is inserted, or replaced whole. */
    record Upsert(Row row) implements RowChange {
        @Override
        public RowKey key() {
            return row.key();
        }
    }

    /** The row goes, if it is there. */
    record Delete(RowKey key) implements RowChange {}
}
