package org.cairnfs.core.data.read;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.cairnfs.core.cache.ChunkCache;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stored chunks by number: from the heap caches, the disk cache, or the object store, in this order; those that are needed together
 * in few requests and at the same time.
 *
 * <p>Each chunk is fetched once at a time: others that want it wait for who fetches it. Chunks that are fetched ahead of their reader
 * go into {@link ChunkCache} when they are read, so that reading ahead costs it nothing. Thread-safe.
 */
public final class StoredChunks implements ChunkSource {
    private static final Logger LOG = LoggerFactory.getLogger(StoredChunks.class);

    private final ChunkFetch fetch;
    /** This part of the memory is for chunks that came last, half of it for what is fetched ahead of one reader. */
    private static final int RECENT_PART = 4;

    private final ChunkCache heap = new ChunkCache(0);
    private final RecentChunks recent = new RecentChunks(0);
    private final JournaledBlocks journaled = new JournaledBlocks(0, System::nanoTime, this::share);
    private final Object journaledShare = new Object();

    /** Of the decoded chunks and the opened blocks of the journal together, in bytes. */
    @GuardedBy("journaledShare")
    private long shared;

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final Executor fetchers;
    private final ConcurrentHashMap<Long, CompletableFuture<ByteBuffer>> underWay = new ConcurrentHashMap<>();

    /**
     * Reads through the caches.
     *
     * @param memoryBytes bound of the decoded chunks that are kept
     * @param fetchers runs what fetches several chunks
     */
    public StoredChunks(ChunkFetch fetch, long memoryBytes, Executor fetchers) {
        this.fetch = fetch;
        this.fetchers = fetchers;
        resize(memoryBytes);
    }

    @Override
    public ByteBuffer chunk(long chunk) throws FsException {
        Optional<ByteBuffer> cached = heap.get(chunk);
        if (cached.isPresent()) {
            hits.increment();
            return cached.get();
        }
        Optional<ByteBuffer> fresh = recent.get(chunk);
        if (fresh.isPresent()) {
            hits.increment();
            heap.put(chunk, fresh.get());
            return fresh.get();
        }
        misses.increment();
        CompletableFuture<ByteBuffer> mine = new CompletableFuture<>();
        CompletableFuture<ByteBuffer> first = underWay.putIfAbsent(chunk, mine);
        if (first != null) {
            ByteBuffer plain = Waiting.join(first);
            journaled.dropIdle();
            var unused = recent.get(chunk); // it is read now, if it was fetched ahead
            heap.put(chunk, plain);
            return plain;
        }
        try {
            ByteBuffer plain = ByteBuffer.wrap(fetch.one(fetch.place(chunk))).asReadOnlyBuffer();
            journaled.dropIdle();
            heap.put(chunk, plain);
            recent.put(chunk, plain);
            mine.complete(plain);
            return plain;
        } catch (FsException | RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(chunk, mine);
        }
    }

    /** One chunk is left to its reader. */
    @Override
    public void willRead(List<Long> chunks) {
        List<Long> missing = chunks.stream().distinct().filter(this::isMissing).toList();
        if (missing.size() > 1) {
            begin(missing, false);
        }
    }

    /** Fetches chunks that somebody may read soon, as far as there is room for them; returns at once. */
    public void ahead(List<Long> chunks) {
        begin(chunks.stream().distinct().filter(this::isMissing).toList(), true);
    }

    /** Bytes that are being fetched ahead, or were and nobody has read them. */
    public long aheadBytes() {
        return recent.aheadBytes();
    }

    /** How many bytes may be fetched ahead of one reader. */
    long maxAhead() {
        return recent.bound() / 2;
    }

    /** How many chunks were asked for and were in the memory. */
    public long hits() {
        return hits.sum();
    }

    /** How many chunks were asked for and had to be waited for. */
    public long misses() {
        return misses.sum();
    }

    /** Keeps what was read and is not stored yet, within the same bound: chunks make room for it while it is read. */
    public JournaledBlocks journaledBlocks() {
        return journaled;
    }

    /** Bytes of decoded chunks, and of opened blocks of the journal, in the memory; what is kept for two reasons counts twice. */
    public long memoryBytes() {
        return heap.bytes() + recent.bytes() + journaled.bytes();
    }

    /** The bound of {@link #memoryBytes}. */
    public long memoryBound() {
        synchronized (journaledShare) {
            return shared + recent.bound();
        }
    }

    /** Sets the bound of what is in the memory; takes effect at once. */
    public final void resize(long memoryBytes) {
        recent.resize(memoryBytes / RECENT_PART);
        synchronized (journaledShare) {
            shared = memoryBytes - memoryBytes / RECENT_PART;
        }
        journaled.resize(memoryBytes - memoryBytes / RECENT_PART);
        share();
    }

    /** Gives the chunks what the blocks of the journal leave. */
    private void share() {
        synchronized (journaledShare) {
            heap.resize(Math.max(0, shared - journaled.taken()));
        }
    }

    /** Forgets what is in the memory. */
    public void clear() {
        heap.clear();
        recent.clear();
        journaled.clear();
    }

    private boolean isMissing(long chunk) {
        return !heap.contains(chunk) && !recent.contains(chunk) && !underWay.containsKey(chunk);
    }

    private void begin(List<Long> chunks, boolean ahead) {
        List<ChunkPlace> places = new ArrayList<>();
        Map<Long, CompletableFuture<ByteBuffer>> futures = new HashMap<>();
        for (long chunk : chunks) {
            Optional<ChunkPlace> found = place(chunk);
            int length = found.map(place -> place.entry().plainLength()).orElse(0);
            if (ahead && !recent.reserve(length)) {
                break;
            }
            CompletableFuture<ByteBuffer> future = new CompletableFuture<>();
            if (found.isPresent() && underWay.putIfAbsent(chunk, future) == null) {
                places.add(found.get());
                futures.put(chunk, future);
            } else if (ahead) {
                recent.release(length);
            }
        }
        for (List<ChunkPlace> run : ChunkPlace.runs(places)) {
            Run task = new Run(run, futures, ahead);
            try {
                fetchers.execute(task);
            } catch (RejectedExecutionException e) {
                run.forEach(place -> task.failed(place, new FsException(Errno.EAGAIN, "the server is stopping", e)));
            }
        }
    }

    private Optional<ChunkPlace> place(long chunk) {
        try {
            return Optional.of(fetch.place(chunk));
        } catch (FsException e) {
            LOG.debug("chunk {} is left to who reads it: {}", chunk, e.getMessage());
            return Optional.empty();
        }
    }

    /** The fetching of some chunks by one request. Answers the futures that were made for it, each once, and no others. */
    private final class Run implements Runnable, ChunkFetch.Target {
        private final List<ChunkPlace> places;
        private final Map<Long, CompletableFuture<ByteBuffer>> futures;
        private final boolean ahead;

        Run(List<ChunkPlace> places, Map<Long, CompletableFuture<ByteBuffer>> futures, boolean ahead) {
            this.places = places;
            this.futures = futures;
            this.ahead = ahead;
        }

        @Override
        public void run() {
            try {
                fetch.run(places, this);
            } catch (RuntimeException | Error e) {
                places.forEach(place -> failed(place, new FsException(Errno.EIO, "cannot fetch a chunk: " + e, e)));
                throw e;
            }
        }

        @Override
        public void fetched(ChunkPlace place, byte[] bytes) {
            ByteBuffer plain = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
            if (ahead) {
                recent.putAhead(place.chunk(), plain);
            } else {
                recent.put(place.chunk(), plain);
            }
            CompletableFuture<ByteBuffer> future = futures.get(place.chunk());
            underWay.remove(place.chunk(), future);
            future.complete(plain);
        }

        @Override
        public void failed(ChunkPlace place, FsException failure) {
            CompletableFuture<ByteBuffer> future = futures.get(place.chunk());
            if (future.isDone()) {
                return;
            }
            if (ahead) {
                recent.release(place.entry().plainLength());
            }
            underWay.remove(place.chunk(), future);
            future.completeExceptionally(failure);
        }
    }
}
