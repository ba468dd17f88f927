package org.cairnfs.core.data;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.cairnfs.core.data.extent.ChunkReferences;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.work.WorkStep;

/**
 * Frees the extents of contents whose last inode is gone, and lets chunks die that nothing else refers to: small ones at
 * once, large ones in the background, as of the epoch in which the inode went.
 *
 * <p>Of a content that was written to before a snapshot, what is dirty is flushed first, so that the snapshot finds it among the extents of
 * history.
 */
public final class FreeContent implements WorkStep {
    private static final String OPERATION = "free-content";

    /** Extents that are freed within the mutation that removes the file: most files have fewer. */
    private static final int AT_ONCE = 8;

    /** Extents in a step of background work; each costs an index look-up for its chunk. */
    private static final int IN_STEP = 256;

    private final LongSupplier journalSequence;
    private final Unflushed unflushed;

    /**
     * Frees by the clock of a journal.
     *
     * @param journalSequence its newest sequence
     */
    public FreeContent(LongSupplier journalSequence, Unflushed unflushed) {
        this.journalSequence = journalSequence;
        this.unflushed = unflushed;
    }

    /** Knows what is not in extents yet. */
    @FunctionalInterface
    public interface Unflushed {
        /** Whether something that was written to a content before an epoch is not flushed. */
        boolean before(long content, long epoch);
    }

    /**
     * Frees a content in the mutation that removes its last inode, or begins a work that does.
     *
     * @return whether there is background work to do
     */
    public boolean free(Transaction transaction, long content) {
        long epoch = transaction.epoch();
        if (!unflushed.before(content, epoch)) {
            List<ExtentRow> extents = transaction.extents(content, 0, Long.MAX_VALUE, AT_ONCE + 1);
            if (extents.size() <= AT_ONCE) {
                delete(transaction, extents);
                return false;
            }
        }
        Arguments arguments = new Arguments(content, epoch);
        transaction.put(new WorkRow(transaction.newWork(), OPERATION, arguments.encode(), Bytes.EMPTY));
        return true;
    }

    /**
     * What is to be freed.
     *
     * @param epoch in which its last inode went
     */
    private record Arguments(long content, long epoch) {
        Bytes encode() {
            return Bytes.ofTrusted(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(content)
                    .putLong(epoch)
                    .array());
        }

        /** Works of before there were snapshots do not tell the epoch: there was but one. */
        static Arguments of(WorkRow work) {
            ByteBuffer in = work.arguments().asBuffer();
            long content = in.getLong();
            return new Arguments(content, in.hasRemaining() ? in.getLong() : 1);
        }
    }

    /** The content that is freed by a work; empty if the work is another. */
    public static Optional<Long> freedBy(WorkRow work) {
        return work.operation().equals(OPERATION)
                ? Optional.of(Arguments.of(work).content())
                : Optional.empty();
    }

    @Override
    public String operation() {
        return OPERATION;
    }

    /** What is dirty of it comes first. */
    @Override
    public boolean isReady(WorkRow work) {
        Arguments arguments = Arguments.of(work);
        return !unflushed.before(arguments.content(), arguments.epoch());
    }

    /** Deletes from the front, so the table itself is the cursor. */
    @Override
    public Optional<Bytes> step(Transaction transaction, WorkRow work) {
        Arguments arguments = Arguments.of(work);
        transaction.asOf(arguments.epoch());
        List<ExtentRow> extents = transaction.extents(arguments.content(), 0, Long.MAX_VALUE, IN_STEP);
        delete(transaction, extents);
        return extents.size() < IN_STEP ? Optional.empty() : Optional.of(Bytes.EMPTY);
    }

    private void delete(Transaction transaction, List<ExtentRow> extents) {
        extents.forEach(extent -> transaction.delete(extent.key()));
        Set<Long> chunks = extents.stream().map(ExtentRow::chunk).collect(Collectors.toSet());
        long sequence = journalSequence.getAsLong();
        chunks.forEach(chunk -> ChunkReferences.released(transaction, chunk, sequence));
    }
}
