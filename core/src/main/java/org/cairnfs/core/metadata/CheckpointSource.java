package org.cairnfs.core.metadata;

import java.io.IOException;
import java.util.Optional;

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
    }
}
