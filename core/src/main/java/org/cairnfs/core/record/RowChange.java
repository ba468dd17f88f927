package org.cairnfs.core.record;

import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;

/** One change of one row, idempotent: its new image, its end, or the end of an image of before. */
public sealed interface RowChange {
    /** The row that changes. */
    RowKey key();

    /** The row is inserted, or replaced whole; the old image ends with the epoch in which the new one was born. */
    record Upsert(Row row) implements RowChange {
        @Override
        public RowKey key() {
            return row.key();
        }
    }

    /**
     * The row goes, if it is there.
     *
     * @param died the epoch with which its image ends; {@link #PRESENT} is that of the record
     */
    record Delete(RowKey key, long died) implements RowChange {
        /** Stands for the present epoch. */
        public static final long PRESENT = 0;

        /** The row goes in the present epoch. */
        public Delete(RowKey key) {
            this(key, PRESENT);
        }
    }

    /**
     * An image of before goes, if it is there: no snapshot sees it any more.
     *
     * @param died the epoch with which it ended, by which images of one row are told apart
     */
    record Forget(RowKey key, long died) implements RowChange {}
}
