package org.cairnfs.core.record;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Origin;

/**
 * The meaning of one journal record; it happens whole or not at all.
 *
 * @param kind how its rows are replayed
 * @param rows changes of rows, each key at most once; and then images of before that go
 * @param content changes of contents, in order
 * @param origin who asked, if the operation is not idempotent
 * @param result what the operation answered, encoded by the verb; empty without origin
 */
public record JournalRecord(
        Kind kind, List<RowChange> rows, List<ContentOp> content, Optional<Origin> origin, Bytes result) {

    /** Which images of before go from history. */
    public List<RowChange.Forget> forgotten() {
        return rows.stream()
                .filter(RowChange.Forget.class::isInstance)
                .map(RowChange.Forget.class::cast)
                .toList();
    }

    /** How rows are replayed. */
    public enum Kind {
        /** From the writer thread: applied when its sequence is above the database's applied sequence. */
        CHANGE_SET,
        /**
         * From a write outside the writer thread: its one inode row is applied when the inode exists and has a lower
         * {@code change}; the database may lag behind such records, down to the low mark of the data.
         */
        LAZY
    }
}
