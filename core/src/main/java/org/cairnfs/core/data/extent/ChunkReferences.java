package org.cairnfs.core.data.extent;

import java.util.Optional;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;

/**
 * Keeps, inside mutations, which chunks are alive and how much of each pack is: the one place for both.
 *
 * <p>Invariant: a chunk's {@link ChunkRow#deadSequence()} is 0 exactly while some extent, of the present or of history, refers
 * to it; a pack's {@link PackRow#liveBytes()} is the sum of the stored lengths of its living chunks, and its
 * {@code deadSequence} is 0 exactly while there is one.
 */
public final class ChunkReferences {
    private ChunkReferences() {}

    /**
     * Brings a chunk to life because an extent that refers to it is put by the same mutation.
     *
     * @return false if nothing may refer to it anew (gone, suspect, or being removed): the data must be stored again
     */
    public static boolean referenced(Transaction transaction, long chunk) {
        Optional<ChunkRow> found = transaction.chunk(chunk);
        if (found.isEmpty() || found.get().state() != ChunkState.DURABLE) {
            return false;
        }
        if (found.get().deadSequence() != 0) {
            setDead(transaction, found.get(), 0);
        }
        return true;
    }

    /**
     * Lets a chunk die if no extent refers to it any more; called after the mutation removed some that did.
     *
     * @param sequence of the journal, from which on nothing refers to it
     */
    public static void released(Transaction transaction, long chunk, long sequence) {
        Optional<ChunkRow> found = transaction.chunk(chunk);
        if (found.isPresent() && found.get().deadSequence() == 0 && !transaction.isReferenced(chunk)) {
            setDead(transaction, found.get(), Math.max(1, sequence));
        }
    }

    private static void setDead(Transaction transaction, ChunkRow chunk, long deadSequence) {
        transaction.put(chunk.withDeadSequence(deadSequence));
        PackRow pack = transaction
                .pack(chunk.pack())
                .orElseThrow(() -> new IllegalStateException("chunk " + chunk.chunk() + " without pack"));
        long live = pack.liveBytes() + (deadSequence == 0 ? chunk.storedLength() : -chunk.storedLength());
        transaction.put(pack.withLiveBytes(live, live == 0 ? deadSequence : 0));
    }
}
