package org.cairnfs.core.data.flush;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.flush.ChunkStore.StoringChunk;
import org.cairnfs.core.data.pack.PackWriter;
import org.cairnfs.core.data.pack.SealedPack;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects encoded chunks in packs and uploads each pack that is full, several at a time.
 *
 * <p>Memory: a fixed number of pack buffers; who adds a chunk waits for a free one. Of each pack, the intent is journaled before
 * the upload and its chunks are entered in the metadata after it ({@link PackRegistry}), so an object without rows is known
 * and a row without object cannot be.
 *
 * <p>Threading: {@code packLock} (this monitor) guards the pack that is being filled; a writer of packs is owned by whoever took
 * it from the pool. Nothing is locked during an upload.
 */
final class PackUploader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PackUploader.class);

    private final ObjectStore store;
    private final PackRegistry registry;
    private final ExecutorService uploads;
    private final BlockingQueue<PackWriter> idle;
    private PackWriter filling;
    private List<StoringChunk> waiting = new ArrayList<>();

    /** @param buffers how many packs may be in memory, at least 1; all but one may be in upload */
    PackUploader(ObjectStore store, PackRegistry registry, Supplier<PackWriter> writers, int buffers) {
        this.store = store;
        this.registry = registry;
        this.idle = new ArrayBlockingQueue<>(buffers);
        for (int i = 0; i < buffers; i++) {
            idle.add(writers.get());
        }
        this.uploads = Executors.newFixedThreadPool(buffers, Threads.named("cairn-upload"));
    }

    /** Adds a chunk to the pack that is being filled; uploads that when it is full. */
    synchronized void add(ChunkId id, byte[] encoded, int plainLength, StoringChunk storing) {
        try {
            if (filling == null) {
                filling = idle.take();
            }
            filling.add(id, encoded, plainLength);
            waiting.add(storing);
            storing.isPacked();
            if (filling.isFull()) {
                upload();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            storing.fail(new FsException(Errno.EAGAIN, "interrupted while waiting to pack a chunk", e));
        }
    }

    /** Begins to upload what there is. */
    synchronized void flush() {
        if (filling != null && !filling.isEmpty()) {
            upload();
        }
    }

    private void upload() {
        PackWriter writer = filling;
        List<StoringChunk> chunks = waiting;
        filling = null;
        waiting = new ArrayList<>();
        try {
            uploads.execute(() -> upload(writer, chunks));
        } catch (RejectedExecutionException e) {
            fail(chunks, new FsException(Errno.EAGAIN, "the server is stopping", e));
        }
    }

    private void upload(PackWriter writer, List<StoringChunk> chunks) {
        try {
            SealedPack pack = writer.finish();
            List<Long> numbers = store(pack);
            for (int i = 0; i < chunks.size(); i++) {
                chunks.get(i).isStored(numbers.get(i));
            }
        } catch (ObjectStoreException e) {
            LOG.warn(
                    "cannot upload a pack of {} chunks to {}: {}; trying again with the next flush",
                    chunks.size(),
                    store.describe(),
                    e.getMessage());
            fail(chunks, new FsException(Errno.EAGAIN, e.getMessage(), e));
        } catch (FsException e) {
            fail(chunks, e);
        } catch (RuntimeException | Error e) {
            LOG.error("upload of a pack of {} chunks failed", chunks.size(), e);
            fail(chunks, new FsException(Errno.EIO, "upload failed: " + e, e));
        } finally {
            idle.add(writer);
        }
    }

    private List<Long> store(SealedPack pack) throws FsException, ObjectStoreException {
        long number = registry.begin(pack.info());
        try {
            store.put(pack.info().objectKey(), pack.body());
            return registry.complete(number, pack);
        } finally {
            registry.ended(number);
        }
    }

    private static void fail(List<StoringChunk> chunks, FsException failure) {
        for (StoringChunk chunk : chunks) {
            chunk.fail(failure);
        }
    }

    @Override
    public void close() {
        uploads.shutdownNow();
        try {
            if (!uploads.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("uploads did not end in 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
