package org.cairnfs.core.metadata;

import java.util.Optional;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Origin;

/** What {@link MetadataStore#mutate} runs on the writer thread: validates, then says what changes. Short, never blocks on network. */
@FunctionalInterface
public interface Mutation<T> {
    T run(Transaction transaction) throws FsException;

    /** Who asked, if a resend after a crash must find the answer. */
    default Optional<Origin> origin() {
        return Optional.empty();
    }

    /** Whether it frees space or ends work that was begun, and so may use the reserve of the journal. */
    default boolean usesReserve() {
        return false;
    }
}
