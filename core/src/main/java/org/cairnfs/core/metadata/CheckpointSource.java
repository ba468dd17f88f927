package org.cairnfs.core.metadata;

import java.io.IOException;
import java.util.Optional;
import org.cairnfs.core.journal.Journal;

/** Where a lost database is rebuilt from, together with the journal since. */
@FunctionalInterface
public interface CheckpointSource {
    /** There is none: a new file system, or one whose journal still begins at its first record. */
    CheckpointSource NONE = Optional::empty;

    /** The newest checkpoint; empty if there is none. */
    Optional<Checkpoint> newest() throws IOException;

    /** A dump of all rows that was made while they changed, see {@link DumpRange}. */
    interface Checkpoint {
        DumpRange range();

        /** Gives all rows, as {@link H2MetadataStore#dump} gave them. */
        void rows(RowSink sink) throws IOException;

        /** Up to which sequence {@link #shippedRecords} goes; the checkpoint's applied sequence if it gives none. */
        default long shippedThrough() {
            return range().applied();
        }

        /** Gives the records above the checkpoint that are in the bucket, in order; they have neither payload nor origin. */
        default void shippedRecords(Journal.RecordVisitor visitor) throws IOException {
            // The local journal has them all.
        }
    }
}
