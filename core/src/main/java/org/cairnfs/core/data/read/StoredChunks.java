package org.cairnfs.core.data.read;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.cairnfs.core.cache.ChunkCache;
import org.cairnfs.core.cache.DiskCache;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackInfo;
import org.cairnfs.core.data.pack.PackReader;
import org.cairnfs.core.data.pack.PackRows;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stored chunks by number: from the heap cache, the disk cache, or the object store, in this order.
 *
 * <p>A chunk that is not what its id says never leaves here; it is told to the listener for damaged chunks, with one log line
 * that names the object. Each chunk is fetched by one thread at a time; others that want it wait for that one. Thread-safe.
 */
public final class StoredChunks implements ChunkSource {
    private static final Logger LOG = LoggerFactory.getLogger(StoredChunks.class);

    private final MetadataView metadata;
    private final ObjectStore store;
    private final PackReader reader;
    private final ChunkCache heap;
    private final Optional<DiskCache> disk;
    private final LongConsumer damaged;
    private final ConcurrentHashMap<Long, CompletableFuture<ByteBuffer>> underWay = new ConcurrentHashMap<>();

    /**
     * Reads through the caches.
     *
     * @param disk absent where the store is as near as a cache would be
     * @param damaged told the number of a chunk whose object is damaged or missing
     */
    public StoredChunks(
            MetadataView metadata,
            ObjectStore store,
            PackReader reader,
            ChunkCache heap,
            Optional<DiskCache> disk,
            LongConsumer damaged) {
        this.metadata = metadata;
        this.store = store;
        this.reader = reader;
        this.heap = heap;
        this.disk = disk;
        this.damaged = damaged;
    }

    @Override
    public ByteBuffer chunk(long chunk) throws FsException {
        Optional<ByteBuffer> cached = heap.get(chunk);
        if (cached.isPresent()) {
            return cached.get();
        }
        CompletableFuture<ByteBuffer> mine = new CompletableFuture<>();
        CompletableFuture<ByteBuffer> first = underWay.putIfAbsent(chunk, mine);
        if (first != null) {
            return Waiting.join(first);
        }
        try {
            ByteBuffer plain = ByteBuffer.wrap(load(chunk)).asReadOnlyBuffer();
            heap.put(chunk, plain);
            mine.complete(plain);
            return plain;
        } catch (FsException | RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(chunk, mine);
        }
    }

    private byte[] load(long chunk) throws FsException {
        ChunkRow row = metadata.chunk(chunk)
                .orElseThrow(() -> new FsException(Errno.EIO, "chunk " + chunk + " is not in the metadata"));
        PackRow packRow = metadata.pack(row.pack())
                .orElseThrow(() -> new FsException(Errno.EIO, "pack " + row.pack() + " is not in the metadata"));
        PackInfo pack = PackRows.info(packRow);
        PackEntry entry =
                new PackEntry(ChunkId.of(row.id().toArray()), row.packOffset(), row.storedLength(), row.length());
        Optional<byte[]> sealed = disk.flatMap(cache -> cache.get(chunk));
        if (sealed.isPresent()) {
            try {
                return reader.open(pack, entry, sealed.get(), 0);
            } catch (CorruptObjectException e) {
                LOG.warn("disk cache: chunk {} is damaged ({}); fetching it from the store", chunk, e.getMessage());
                disk.get().drop(chunk);
            }
        }
        return fetch(chunk, pack, entry);
    }

    private byte[] fetch(long chunk, PackInfo pack, PackEntry entry) throws FsException {
        try {
            byte[] sealed = store.get(pack.objectKey(), entry.offset(), entry.storedLength());
            byte[] plain = reader.open(pack, entry, sealed, 0);
            disk.ifPresent(cache -> cache.put(chunk, sealed));
            return plain;
        } catch (CorruptObjectException | ObjectMissingException e) {
            LOG.error(
                    "chunk {} cannot be read: {}; files that hold it give EIO there until it is restored",
                    chunk,
                    e.getMessage());
            damaged.accept(chunk);
            throw new FsException(Errno.EIO, e.getMessage(), e);
        } catch (ObjectStoreException e) {
            LOG.warn("chunk {}: {} cannot be read now: {}", chunk, pack.objectKey(), e.getMessage());
            throw new FsException(Errno.EAGAIN, e.getMessage(), e);
        }
    }
}
