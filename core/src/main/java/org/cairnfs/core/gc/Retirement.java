package org.cairnfs.core.gc;

import com.google.common.collect.Lists;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.data.extent.ChunkReferences;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retires packs that are dead: the rows of their chunks go, so nothing will refer to them again, and then the pack is {@code RETIRING}. Not
 * thread-safe; each step is a mutation, and looks again at what it relies on, the extents of each chunk included.
 */
final class Retirement {
    private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);
    private static final int CHUNKS_PER_MUTATION = 1_000;

    private final GcParts parts;

    Retirement(GcParts parts) {
        this.parts = parts;
    }

    /** Gives up a pack whose upload was begun and will not end. Its object may be there, or come to be there late. */
    boolean leftover(PackRow pack) throws FsException {
        return !parts.uploading().test(pack.pack())
                && Steps.mutate(parts.metadata(), transaction -> {
                    boolean pending =
                            transaction.pack(pack.pack()).map(PackRow::state).equals(Optional.of(ChunkState.PENDING))
                                    && !parts.uploading().test(pack.pack());
                    if (pending) {
                        transaction.put(pack.retired(sequence()));
                    }
                    return pending;
                });
    }

    /**
     * Retires a dead pack.
     *
     * @param chunks all that have a row
     * @return false if some came to life again: the pack stays, without those that did not
     */
    boolean retire(PackRow pack, List<Long> chunks) throws FsException {
        boolean dead = true;
        for (List<Long> some : Lists.partition(chunks, CHUNKS_PER_MUTATION)) {
            dead &= Steps.mutate(parts.metadata(), transaction -> drop(transaction, pack.pack(), some));
        }
        return dead
                && Steps.mutate(parts.metadata(), transaction -> {
                    Optional<PackRow> now = transaction.pack(pack.pack());
                    boolean retires = now.isPresent()
                            && now.get().state() == ChunkState.DURABLE
                            && now.get().liveBytes() == 0;
                    if (retires) {
                        transaction.put(now.get().retired(sequence()));
                    }
                    return retires;
                });
    }

    private static boolean drop(Transaction transaction, long pack, List<Long> chunks) {
        boolean dead = true;
        for (long number : chunks) {
            Optional<ChunkRow> chunk = transaction.chunk(number);
            if (chunk.isPresent() && chunk.get().pack() == pack) {
                if (chunk.get().deadSequence() == 0) {
                    dead = false;
                } else if (transaction.isReferenced(number)) {
                    LOG.error("chunk {} is referred to, though it counted as dead; it stays", number);
                    ChunkReferences.referenced(transaction, number);
                    dead = false;
                } else {
                    transaction.delete(chunk.get().key());
                }
            }
        }
        return dead;
    }

    private long sequence() {
        return Math.max(1, parts.journalSequence().getAsLong());
    }
}
