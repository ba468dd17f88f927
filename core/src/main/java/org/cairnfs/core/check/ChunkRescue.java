package org.cairnfs.core.check;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.chunk.ChunkIdHasher;
import org.cairnfs.core.data.read.ChunkSource;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores a chunk anew that cannot be read any more, if its bytes are somewhere else still: in a cache, or in another pack, where the same data
 * was stored again. What is dirty is not looked for: its flush stores it anew by itself, as nothing refers to a suspect chunk.
 *
 * <p>The chunk keeps its number, so all files and snapshots that hold it are whole again.
 */
final class ChunkRescue {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkRescue.class);

    private final MetadataStore metadata;
    private final ChunkSource chunks;
    private final ChunkIdHasher hasher;
    private final VerifyParts.Storing storing;
    private final LongConsumer moved;

    ChunkRescue(VerifyParts parts) {
        this.metadata = parts.metadata();
        this.chunks = parts.chunks();
        this.hasher = parts.bucket().hasher();
        this.storing = parts.storing();
        this.moved = parts.moved();
    }

    /**
     * Rescues a chunk.
     *
     * @return whether it can be read again
     * @throws FsException EAGAIN if it could not be stored now
     */
    boolean rescue(ChunkRow damaged) throws FsException {
        Optional<byte[]> plain = bytes(damaged.chunk(), damaged);
        if (plain.isEmpty()) {
            Optional<ChunkRow> copy = metadata.view().chunkById(damaged.id());
            if (copy.isPresent() && copy.get().chunk() != damaged.chunk()) {
                plain = bytes(copy.get().chunk(), damaged);
            }
        }
        if (plain.isEmpty()) {
            return false;
        }
        long fresh = storing.storeAnew(plain.get());
        boolean done = metadata.mutate(transaction -> take(transaction, damaged.chunk(), fresh))
                .value();
        if (done) {
            moved.accept(damaged.chunk());
            LOG.warn("chunk {} was damaged, and is stored anew from a copy", damaged.chunk());
        }
        return done;
    }

    private Optional<byte[]> bytes(long chunk, ChunkRow wanted) {
        try {
            ByteBuffer found = chunks.chunk(chunk);
            byte[] plain = new byte[found.remaining()];
            found.duplicate().get(plain);
            ChunkId id = hasher.hash(plain, 0, plain.length);
            return id.equals(ChunkId.of(wanted.id().toArray())) ? Optional.of(plain) : Optional.empty();
        } catch (FsException e) {
            LOG.debug("chunk {} is not to be had from chunk {}", wanted.chunk(), chunk, e);
            return Optional.empty();
        }
    }

    /** Gives the place of a fresh chunk, which goes, to a damaged one. */
    private static boolean take(Transaction transaction, long damaged, long fresh) {
        Optional<ChunkRow> from = transaction.chunk(fresh);
        Optional<ChunkRow> to = transaction.chunk(damaged);
        if (from.isEmpty()
                || to.isEmpty()
                || from.get().deadSequence() == 0
                || to.get().deadSequence() != 0) {
            return false; // Somebody refers to the fresh one already, or nobody to the other any more.
        }
        ChunkRow place = from.get();
        transaction.delete(place.key());
        // With another copy that new data refers to, this one is for those alone that have it.
        boolean alone = transaction.chunkById(place.id()).isEmpty();
        addLive(transaction, to.get().pack(), -to.get().storedLength(), place.deadSequence());
        transaction.put(to.get()
                .movedTo(place.pack(), place.packOffset(), place.storedLength())
                .withState(alone ? ChunkState.DURABLE : ChunkState.RETIRING));
        addLive(transaction, place.pack(), place.storedLength(), place.deadSequence());
        return true;
    }

    private static void addLive(Transaction transaction, long number, long bytes, long sequence) {
        Optional<PackRow> pack = transaction.pack(number);
        if (pack.isPresent()) { // Not so for a chunk that was given up for lost.
            long live = pack.get().liveBytes() + bytes;
            transaction.put(pack.get().withLiveBytes(live, live == 0 ? sequence : 0));
        }
    }
}
