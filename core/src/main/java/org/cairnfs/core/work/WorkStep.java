package org.cairnfs.core.work;

import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.WorkRow;

/** One kind of long operation, done step by step; each step is one mutation, with the new cursor in the same record. */
public interface WorkStep {
    /** The {@link WorkRow#operation()} that this does. */
    String operation();

    /** Whether a step can be done now; if not, it is asked again a little later. */
    default boolean isReady(WorkRow work) {
        return true;
    }

    /** Whether its steps free space, or end what was begun, and so may use the reserve of the journal. */
    default boolean usesReserve() {
        return true;
    }

    /**
     * Does a step of a few milliseconds at most, on the writer thread.
     *
     * @return the cursor to go on from; empty when all is done
     */
    Optional<Bytes> step(Transaction transaction, WorkRow work) throws FsException;

    /** Ends what it does beside its steps; none comes any more. */
    default void close() {}
}
