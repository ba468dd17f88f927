package org.cairnfs.core.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads chunks back and deals with what it finds: a damaged one is stored anew if its bytes are anywhere, or else marked, so that nothing new
 * refers to it; one that was marked and can be read again is marked no more. Thread-safe: it keeps nothing.
 */
final class ReadBack {
    private static final Logger LOG = LoggerFactory.getLogger(ReadBack.class);

    private final VerifyParts parts;
    private final ChunkAudit audit;
    private final ChunkRescue rescue;

    ReadBack(VerifyParts parts) {
        this.parts = parts;
        this.audit = new ChunkAudit(
                parts.metadata().view(), parts.bucket().store(), parts.bucket().packReader());
        this.rescue = new ChunkRescue(parts);
    }

    /**
     * What became of some chunks.
     *
     * @param damaged that could not be read, those included that were repaired
     */
    record Outcome(long chunks, long bytes, long damaged, long repaired) {
        static final Outcome NOTHING = new Outcome(0, 0, 0, 0);

        Outcome plus(Outcome other) {
            return new Outcome(
                    chunks + other.chunks, bytes + other.bytes, damaged + other.damaged, repaired + other.repaired);
        }
    }

    /**
     * Reads chunks that are in use.
     *
     * @throws ObjectStoreException if the store cannot be read now
     * @throws FsException EAGAIN if what was found cannot be noted, or stored, now
     */
    Outcome read(List<ChunkRow> chunks) throws ObjectStoreException, FsException {
        List<ChunkRow> readable = new ArrayList<>(chunks);
        List<ChunkRow> damaged = new ArrayList<>();
        for (ChunkRow chunk : chunks) {
            if (chunk.pack() == ChunkRow.LOST) {
                readable.remove(chunk);
                damaged.add(chunk);
            }
        }
        damaged.addAll(audit.damagedOf(readable));
        long repaired = 0;
        for (ChunkRow chunk : damaged) {
            repaired += damaged(chunk) ? 1 : 0;
        }
        Set<ChunkRow> bad = new HashSet<>(damaged);
        for (ChunkRow chunk : readable) {
            if (chunk.state() == ChunkState.SUSPECT && !bad.contains(chunk)) {
                trust(chunk);
            }
        }
        long bytes = readable.stream().mapToLong(ChunkRow::storedLength).sum();
        return new Outcome(chunks.size(), bytes, damaged.size(), repaired);
    }

    /** Deals with one that cannot be read; returns whether it can be again. */
    boolean damaged(ChunkRow chunk) throws FsException {
        LOG.error("chunk {} in pack {} cannot be read back; a copy is looked for", chunk.chunk(), chunk.pack());
        parts.metadata().mutate(transaction -> DataRepair.retire(transaction, chunk.chunk(), ChunkState.SUSPECT));
        return rescue.rescue(chunk);
    }

    private void trust(ChunkRow chunk) throws FsException {
        parts.metadata().mutate(transaction -> {
            if (transaction.chunk(chunk.chunk()).filter(chunk::equals).isPresent()) {
                boolean alone = transaction.chunkById(chunk.id()).isEmpty();
                transaction.put(chunk.withState(alone ? ChunkState.DURABLE : ChunkState.RETIRING));
            }
            return null;
        });
    }
}
