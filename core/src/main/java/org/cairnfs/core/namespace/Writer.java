package org.cairnfs.core.namespace;

import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Mutation;
import org.cairnfs.core.metadata.Transaction;

/** The way of every mutating verb to the writer thread: refuses when read-only, answers resends, notes the
 * sequence, and tells the leases when it is over. */
final class Writer {
    private final MetadataStore store;
    private final Guards guards;
    private final boolean readOnly;

    Writer(MetadataStore store, Guards guards, boolean readOnly) {
        this.store = store;
        this.guards = guards;
        this.readOnly = readOnly;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    /** @throws FsException EROFS */
    void requireWritable() throws FsException {
        if (readOnly) {
            throw new FsException(Errno.EROFS, "the file system is served read-only");
        }
    }

    /** Runs a mutation whose repetition is harmless, or that no client asked for by itself. */
    <T> T change(OpContext op, Change<T> change) throws FsException {
        return run(op, Optional.empty(), false, change);
    }

    /** Like {@link #change}, for what frees space: goes on when the journal is full. */
    <T> T changeFreeing(OpContext op, Change<T> change) throws FsException {
        return run(op, Optional.empty(), true, change);
    }

    /**
     * Runs a mutation that must not be done twice: it gives its answer to {@link Transaction#result}, and when the same request
     * was answered before the restart, that answer is given again, once.
     */
    <T> T changeOnce(OpContext op, boolean freeing, Answer<T> answer, Change<T> change) throws FsException {
        Optional<Bytes> earlier = op.origin().flatMap(store::takeResult);
        T again = earlier.isPresent() ? answer.decode(earlier.get()) : null;
        return again != null ? again : run(op, op.origin(), freeing, change);
    }

    private <T> T run(OpContext op, Optional<Origin> origin, boolean freeing, Change<T> change) throws FsException {
        requireWritable();
        try {
            MetadataStore.Committed<T> committed = store.mutate(new Mutation<>() {
                @Override
                public T run(Transaction transaction) throws FsException {
                    return change.apply(transaction);
                }

                @Override
                public Optional<Origin> origin() {
                    return origin;
                }

                @Override
                public boolean usesReserve() {
                    return freeing;
                }
            });
            op.noteJournaled(committed.sequence());
            return committed.value();
        } finally {
            guards.afterChange(op);
        }
    }

    /** Reads an answer that was journaled. */
    @FunctionalInterface
    interface Answer<T> {
        /** @return null if the answer does not hold any more */
        T decode(Bytes result) throws FsException;
    }

    /** What a verb does on the writer thread. */
    @FunctionalInterface
    interface Change<T> {
        T apply(Transaction transaction) throws FsException;
    }
}
