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
            if (pack(transaction, found.get()).state() != ChunkState.DURABLE) {
                return false;
            }
            setDead(transaction, found.get(), 0);
        }
        return true;
    }

    /**
     * Lets a chunk count as referred to up to now, because the overlay of a barrier may refer to it though no extent does: see
     * {@code docs/garbage-collection.md}.
     *
     * @param sequence of the journal, not below that of the barrier
     * @return false as {@link #referenced}
     */
    public static boolean used(Transaction transaction, long chunk, long sequence) {
        if (!referenced(transaction, chunk)) {
            return false;
        }
        released(transaction, chunk, sequence);
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

    /**
     * Lets a chunk of whatever state count as alive or dead by the extents that there are: a repair.
     *
     * @param sequence as of {@link #released}
     * @return whether it counted as the other
     */
    public static boolean recount(Transaction transaction, long chunk, long sequence) {
        Optional<ChunkRow> found = transaction.chunk(chunk);
        if (found.isEmpty() || transaction.isReferenced(chunk) == (found.get().deadSequence() == 0)) {
            return false;
        }
        setDead(transaction, found.get(), found.get().deadSequence() == 0 ? Math.max(1, sequence) : 0);
        return true;
    }

    private static void setDead(Transaction transaction, ChunkRow chunk, long deadSequence) {
        if (chunk.pack() == ChunkRow.LOST) {
            if (deadSequence == 0) {
                transaction.put(chunk.withDeadSequence(0));
            } else {
                transaction.delete(chunk.key());
            }
            return;
        }
        transaction.put(chunk.withDeadSequence(deadSequence));
        PackRow pack = pack(transaction, chunk);
        long live = pack.liveBytes() + (deadSequence == 0 ? chunk.storedLength() : -chunk.storedLength());
        transaction.put(pack.withLiveBytes(live, live == 0 ? deadSequence : 0));
    }

    private static PackRow pack(Transaction transaction, ChunkRow chunk) {
        return transaction
                .pack(chunk.pack())
                .orElseThrow(() -> new IllegalStateException("chunk " + chunk.chunk() + " without pack"));
    }
}
