package org.cairnfs.core.gc;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackInfo;
import org.cairnfs.core.data.pack.PackReader;
import org.cairnfs.core.data.pack.PackRows;
import org.cairnfs.core.data.pack.PackWriter;
import org.cairnfs.core.data.pack.SealedPack;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the living chunks of packs into new packs: verified against their ids, sealed anew, not compressed anew. A chunk keeps its number,
 * so whoever refers to it does not notice.
 *
 * <p>Invariant: a chunk's row names its new place only after the new pack is durable, and only if the chunk still is where it was read from.
 *
 * <p>Holds one span of the old pack and one new pack in memory. Not thread-safe; locks nothing.
 */
final class PackRewriter {
    private static final Logger LOG = LoggerFactory.getLogger(PackRewriter.class);
    private static final int MOVES_PER_MUTATION = 500;

    private final GcParts parts;
    private final PackReader reader;
    private final PackWriter writer;
    private final Tally tally;
    private final List<Move> moves = new ArrayList<>();

    /** From where a chunk was read, and where it is in the new pack. */
    private record Move(ChunkRow from, PackEntry to) {}

    PackRewriter(GcParts parts, Tally tally) {
        this.parts = parts;
        this.reader = parts.bucket().packReader();
        this.writer = parts.packWriters().get();
        this.tally = tally;
    }

    /** Whether a pack would be so much shorter without what is dead that it is worth while. */
    static boolean isWorthWhile(PackChunks pack, int liveBelowPercent) {
        long live = pack.live().stream().mapToLong(ChunkRow::storedLength).sum();
        return PackWriter.lengthOf(pack.live().size(), live) * 100 < pack.pack().size() * liveBelowPercent;
    }

    /** Copies what lives of a pack; it is safe in its new place after {@link #finish}. */
    void rewrite(PackChunks pack) throws ObjectStoreException, FsException {
        if (pack.live().stream().anyMatch(chunk -> chunk.state() == ChunkState.SUSPECT)) {
            LOG.warn(
                    "{} is not rewritten: a chunk in it is damaged", pack.pack().objectKey());
            tally.damagedPacks++;
            return;
        }
        for (ChunkSpan span : ChunkSpan.of(pack.live())) {
            if (!copy(pack.pack(), span)) {
                tally.damagedPacks++;
                return;
            }
        }
        tally.rewrittenPacks++;
    }

    /** Returns false if a chunk turned out to be damaged: it is marked, and stays where it is. */
    private boolean copy(PackRow pack, ChunkSpan span) throws ObjectStoreException, FsException {
        ObjectStore store = parts.bucket().store();
        PackInfo info = PackRows.info(pack);
        ChunkRow at = span.chunks().get(0);
        try {
            byte[] bytes = store.get(pack.objectKey(), span.from(), span.length());
            for (ChunkRow chunk : span.chunks()) {
                at = chunk;
                ChunkId id = ChunkId.of(chunk.id().toArray());
                PackEntry entry = new PackEntry(id, chunk.packOffset(), chunk.storedLength(), chunk.length());
                byte[] encoded = reader.openEncoded(info, entry, bytes, chunk.packOffset() - span.from());
                moves.add(new Move(chunk, writer.add(id, encoded, chunk.length())));
                if (writer.isFull()) {
                    finish();
                }
            }
            return true;
        } catch (CorruptObjectException | ObjectMissingException e) {
            LOG.error("chunk {} cannot be read: {}; its pack is not rewritten", at.chunk(), e.getMessage());
            parts.damaged().accept(at.chunk());
            return false;
        }
    }

    /** Puts the pack that is being filled, and lets its chunks be there. */
    void finish() throws ObjectStoreException, FsException {
        if (writer.isEmpty()) {
            return;
        }
        SealedPack pack = writer.finish();
        long number = Steps.mutate(parts.metadata(), transaction -> {
            long taken = transaction.newPack();
            transaction.put(row(taken, pack, 0, ChunkState.PENDING));
            return taken;
        });
        parts.bucket().store().put(pack.info().objectKey(), pack.body());
        int size = pack.body().remaining();
        Steps.mutate(parts.metadata(), transaction -> {
            transaction.put(row(number, pack, size, ChunkState.DURABLE));
            return null;
        });
        for (List<Move> some : Lists.partition(moves, MOVES_PER_MUTATION)) {
            tally.rewrittenBytes += Steps.mutate(parts.metadata(), transaction -> move(transaction, number, some));
            some.forEach(move -> parts.moved().accept(move.from().chunk()));
        }
        moves.clear();
    }

    private PackRow row(long number, SealedPack pack, long size, ChunkState state) {
        return new PackRow(
                number,
                pack.info().objectKey(),
                PackRows.header(pack.info().seal()),
                size,
                0,
                false,
                state,
                Math.max(1, parts.journalSequence().getAsLong()));
    }

    /** Returns the bytes that were moved. */
    private long move(Transaction transaction, long target, List<Move> some) {
        long sequence = Math.max(1, parts.journalSequence().getAsLong());
        long bytes = 0;
        for (Move move : some) {
            Optional<ChunkRow> now = transaction.chunk(move.from().chunk());
            // What died, was found damaged, or was moved meanwhile stays as it is.
            if (now.equals(Optional.of(move.from()))) {
                PackEntry to = move.to();
                transaction.put(now.get().movedTo(target, to.offset(), to.storedLength()));
                addLive(transaction, move.from().pack(), -now.get().storedLength(), sequence);
                addLive(transaction, target, to.storedLength(), sequence);
                bytes += to.storedLength();
            }
        }
        return bytes;
    }

    private static void addLive(Transaction transaction, long number, long bytes, long sequence) {
        PackRow pack = transaction.pack(number).orElseThrow(() -> new IllegalStateException("no pack " + number));
        long live = pack.liveBytes() + bytes;
        transaction.put(pack.withLiveBytes(live, live == 0 ? sequence : 0));
    }
}
