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
 * once, large ones in the background.
 */
public final class FreeContent implements WorkStep {
    private static final String OPERATION = "free-content";

    /** Extents that are freed within the mutation that removes the file: most files have fewer. */
    private static final int AT_ONCE = 8;

    /** Extents in a step of background work; each costs an index look-up for its chunk. */
    private static final int IN_STEP = 256;

    private final LongSupplier journalSequence;

    /**
     * Frees by the clock of a journal.
     *
     * @param journalSequence its newest sequence
     */
    public FreeContent(LongSupplier journalSequence) {
        this.journalSequence = journalSequence;
    }

    /**
     * Frees a content in the mutation that removes its last inode, or begins a work that does.
     *
     * @return whether there is background work to do
     */
    public boolean free(Transaction transaction, long content) {
        List<ExtentRow> extents = transaction.extents(content, 0, Long.MAX_VALUE, AT_ONCE + 1);
        if (extents.size() <= AT_ONCE) {
            delete(transaction, extents);
            return false;
        }
        Bytes arguments =
                Bytes.ofTrusted(ByteBuffer.allocate(Long.BYTES).putLong(content).array());
        transaction.put(new WorkRow(transaction.newWork(), OPERATION, arguments, Bytes.EMPTY));
        return true;
    }

    @Override
    public String operation() {
        return OPERATION;
    }

    /** Deletes from the front, so the table itself is the cursor. */
    @Override
    public Optional<Bytes> step(Transaction transaction, WorkRow work) {
        long content = work.arguments().asBuffer().getLong();
        List<ExtentRow> extents = transaction.extents(content, 0, Long.MAX_VALUE, IN_STEP);
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
