package org.cairnfs.core.data.flush;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.chunk.ChunkIdHasher;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores plain chunks: names them, finds those that are there already, encodes the others and hands them to the
 * {@link PackUploader}.
 *
 * <p>A chunk is looked for among those under way first and in the metadata second; it leaves the former only after it is
 * visible in the latter, so equal chunks are never stored twice at a time. That a chunk which was found is still there when an
 * extent comes to refer to it is checked again on the writer thread, by whoever puts the extent.
 *
 * <p>Memory: plain bytes under way are bounded; {@link #store} waits. Thread-safe.
 */
final class ChunkStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkStore.class);

    private final MetadataView metadata;
    private final ChunkIdHasher hasher;
    private final PackUploader uploader;
    private final ExecutorService encoders;
    private final Semaphore memory;
    private final int memoryBound;
    private volatile ChunkCodec codec;
    private final ConcurrentHashMap<ChunkId, StoringChunk> underWay = new ConcurrentHashMap<>();

    /** @param memoryBound plain bytes under way at most, at least one chunk of the largest size */
    ChunkStore(
            MetadataView metadata,
            ChunkIdHasher hasher,
            ChunkCodec codec,
            PackUploader uploader,
            int encoderThreads,
            int memoryBound) {
        this.metadata = metadata;
        this.hasher = hasher;
        this.codec = codec;
        this.uploader = uploader;
        this.memoryBound = memoryBound;
        this.memory = new Semaphore(memoryBound, true);
        this.encoders = Executors.newFixedThreadPool(encoderThreads, Threads.named("cairn-encode"));
    }

    /** From now on encodes with another codec; what is stored already stays as it is. */
    void codec(ChunkCodec newCodec) {
        codec = newCodec;
    }

    ChunkCodec codec() {
        return codec;
    }

    /** Begins to store a chunk; waits while too much is under way. */
    StoringChunk store(byte[] plain) throws FsException {
        return store(plain, false);
    }

    /** The same, whether there is an equal one or not: in place of one that cannot be read any more. */
    StoringChunk storeAnew(byte[] plain) throws FsException {
        return store(plain, true);
    }

    private StoringChunk store(byte[] plain, boolean anew) throws FsException {
        int permits = Math.min(plain.length, memoryBound);
        try {
            memory.acquire(permits);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FsException(Errno.EAGAIN, "interrupted while waiting to store a chunk", e);
        }
        StoringChunk storing = new StoringChunk();
        try {
            encoders.execute(new Encoding(plain, anew, permits, storing));
        } catch (RejectedExecutionException e) {
            memory.release(permits);
            throw new FsException(Errno.EAGAIN, "the server is stopping", e);
        }
        return storing;
    }

    /** Uploads what was packed so far without waiting for a pack to be full. */
    void flush() throws FsException {
        uploader.flush();
    }

    private void encodeAnew(byte[] plain, StoringChunk storing) {
        byte[] encoded = codec.encode(plain, 0, plain.length);
        uploader.add(hasher.hash(plain, 0, plain.length), encoded, plain.length, storing);
    }

    private void encode(byte[] plain, StoringChunk storing) {
        ChunkId id = hasher.hash(plain, 0, plain.length);
        StoringChunk first = underWay.putIfAbsent(id, storing);
        if (first != null) {
            storing.follow(first);
            return;
        }
        var unused = storing.stored().whenComplete((chunk, failure) -> underWay.remove(id, storing));
        var present = metadata.chunkById(Bytes.ofTrusted(id.toBytes())).map(ChunkRow::chunk);
        if (present.isPresent()) {
            storing.isPacked();
            storing.isStored(present.get());
            return;
        }
        byte[] encoded = codec.encode(plain, 0, plain.length);
        uploader.add(id, encoded, plain.length, storing);
    }

    /** Encodes a chunk, on one of the encoders. */
    private final class Encoding implements Runnable {
        private final byte[] plain;
        private final boolean anew;
        private final int permits;
        private final StoringChunk storing;

        Encoding(byte[] plain, boolean anew, int permits, StoringChunk storing) {
            this.plain = plain;
            this.anew = anew;
            this.permits = permits;
            this.storing = storing;
        }

        @Override
        public void run() {
            try {
                if (anew) {
                    encodeAnew(plain, storing);
                } else {
                    encode(plain, storing);
                }
            } catch (RuntimeException | Error e) {
                LOG.error("cannot encode a chunk of {} bytes", plain.length, e);
                storing.fail(new FsException(Errno.EIO, "cannot encode a chunk: " + e, e));
            } finally {
                memory.release(permits);
            }
        }

        /** It will not be run: whoever waits for the chunk is told. */
        void drop() {
            storing.fail(new FsException(Errno.EAGAIN, "the server is stopping"));
            memory.release(permits);
        }
    }

    @Override
    public void close() {
        for (Runnable waiting : encoders.shutdownNow()) {
            ((Encoding) waiting).drop();
        }
        try {
            if (!encoders.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("encoding of chunks did not end in 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A chunk on its way to the store. */
    static final class StoringChunk {
        private final CompletableFuture<Void> packed = new CompletableFuture<>();
        private final CompletableFuture<Long> stored = new CompletableFuture<>();

        /** Done when the chunk is in a pack that only has to be uploaded. */
        CompletableFuture<Void> packed() {
            return packed;
        }

        /** The number of the chunk, when it is durable in the store and in the metadata. */
        CompletableFuture<Long> stored() {
            return stored;
        }

        void isPacked() {
            packed.complete(null);
        }

        void isStored(long chunk) {
            stored.complete(chunk);
        }

        void fail(FsException failure) {
            packed.completeExceptionally(failure);
            stored.completeExceptionally(failure);
        }

        private void follow(StoringChunk first) {
            var unusedPacked = first.packed.whenComplete((nothing, failure) -> complete(packed, null, failure));
            var unusedStored = first.stored.whenComplete((chunk, failure) -> complete(stored, chunk, failure));
        }

        private static <T> void complete(CompletableFuture<T> future, T value, Throwable failure) {
            if (failure == null) {
                future.complete(value);
            } else {
                future.completeExceptionally(failure);
            }
        }
    }
}
