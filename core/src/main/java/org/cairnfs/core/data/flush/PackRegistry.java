package org.cairnfs.core.data.flush;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackInfo;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackRows;
import org.cairnfs.core.data.pack.SealedPack;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Mutation;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;

/**
 * Enters packs and their chunks in the metadata: {@code PENDING} before the upload, {@code DURABLE} after it.
 *
 * <p>Chunks are entered dead (nothing refers to them yet) and come to life with their first extent: so what a crash leaves
 * between the two is garbage that the collector finds.
 *
 * <p>Thread-safe. A pack is in {@code underWay} from before its row can be seen until {@link #ended}.
 */
final class PackRegistry {
    private final MetadataStore metadata;
    private final LongSupplier journalSequence;
    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();

    /** @param journalSequence the newest sequence of the journal */
    PackRegistry(MetadataStore metadata, LongSupplier journalSequence) {
        this.metadata = metadata;
        this.journalSequence = journalSequence;
    }

    /** Notes that an object is about to be put; returns the number of the pack. */
    long begin(PackInfo pack) throws FsException {
        return metadata.mutate(reserved(transaction -> {
                    long number = transaction.newPack();
                    underWay.add(number);
                    transaction.put(row(number, pack, 0, ChunkState.PENDING));
                    return number;
                }))
                .value();
    }

    /** Notes that nothing more will be said of a pack, whatever became of it. */
    void ended(long number) {
        underWay.remove(number);
    }

    /** Whether a pack that is {@code PENDING} is being uploaded; else it never will be durable. */
    boolean isUnderWay(long number) {
        return underWay.contains(number);
    }

    /** Notes that the object is durable; returns the numbers of its chunks, in their order in the pack. */
    List<Long> complete(long number, SealedPack pack) throws FsException {
        return metadata.mutate(reserved(transaction -> {
                    Optional<ChunkState> state = transaction.pack(number).map(PackRow::state);
                    if (!state.equals(Optional.of(ChunkState.PENDING))) {
                        throw new FsException(Errno.EAGAIN, "pack " + number + " was given up during its upload");
                    }
                    transaction.put(row(number, pack.info(), pack.body().remaining(), ChunkState.DURABLE));
                    List<Long> chunks = new ArrayList<>(pack.entries().size());
                    for (PackEntry entry : pack.entries()) {
                        long chunk = transaction.newChunk();
                        transaction.put(row(chunk, number, entry));
                        chunks.add(chunk);
                    }
                    return chunks;
                }))
                .value();
    }

    private PackRow row(long number, PackInfo pack, long size, ChunkState state) {
        return new PackRow(
                number,
                pack.objectKey(),
                PackRows.header(pack.seal()),
                size,
                0,
                pack.kind() == PackKind.META,
                state,
                deadSince());
    }

    private ChunkRow row(long chunk, long pack, PackEntry entry) {
        return new ChunkRow(
                chunk,
                Bytes.ofTrusted(entry.id().toBytes()),
                pack,
                entry.offset(),
                entry.storedLength(),
                entry.plainLength(),
                ChunkState.DURABLE,
                deadSince());
    }

    private long deadSince() {
        return Math.max(1, journalSequence.getAsLong());
    }

    private static <T> Mutation<T> reserved(Mutation<T> body) {
        return new Mutation<>() {
            @Override
            public T run(Transaction transaction) throws FsException {
                return body.run(transaction);
            }

            @Override
            public boolean usesReserve() {
                return true;
            }
        };
    }
}
