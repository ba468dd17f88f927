package org.cairnfs.core.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decoded chunks on the heap, bounded in bytes; a scan of much data does not flush what is used often (W-TinyLFU).
 *
 * <p>Thread-safe. The bound holds for what the cache references; a chunk that a reply still refers to lives until that is
 * sent.
 */
public final class ChunkCache {
    /** Heap that an entry costs beside its bytes, about. */
    private static final int ENTRY_OVERHEAD = 128;

    private final Cache<Long, ByteBuffer> chunks;

    /** @param maxBytes the bound, 0 or more */
    public ChunkCache(long maxBytes) {
        chunks = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Long chunk, ByteBuffer bytes) -> bytes.capacity() + ENTRY_OVERHEAD)
                .executor(Runnable::run)
                .recordStats()
                .build();
    }

    public Optional<ByteBuffer> get(long chunk) {
        return Optional.ofNullable(chunks.getIfPresent(chunk));
    }

    /** Whether a chunk is here; does not count as using it. */
    public boolean contains(long chunk) {
        return chunks.policy().getIfPresentQuietly(chunk) != null;
    }

    /** @param plain read-only, from 0 to its capacity */
    public void put(long chunk, ByteBuffer plain) {
        chunks.put(chunk, plain);
    }

    /** Forgets everything. */
    public void clear() {
        chunks.invalidateAll();
    }

    /** Bytes that are held. */
    public long bytes() {
        return eviction().weightedSize().orElse(0);
    }

    /** The bound in bytes. */
    public long maxBytes() {
        return eviction().getMaximum();
    }

    /** Sets the bound; takes effect at once. */
    public void resize(long maxBytes) {
        eviction().setMaximum(maxBytes);
    }

    public long hits() {
        return chunks.stats().hitCount();
    }

    public long misses() {
        return chunks.stats().missCount();
    }

    private Policy.Eviction<Long, ByteBuffer> eviction() {
        return chunks.policy().eviction().orElseThrow();
    }
}
