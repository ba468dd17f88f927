package org.cairnfs.core.volume;

import java.util.Optional;
import java.util.function.LongConsumer;
import org.cairnfs.core.cache.DiskCache;
import org.cairnfs.core.data.read.StoredChunks;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;

/**
 * What a volume keeps near of the chunks in its bucket: decoded in the memory, sealed on the disk. May be resized, dropped and filled
 * while it is in use; sizes are bytes. Thread-safe.
 */
public final class Caches {
    private final MetadataView metadata;
    private final StoredChunks chunks;
    private final Optional<DiskCache> disk;

    /** @param disk absent where the store is as near as a cache would be */
    public Caches(MetadataView metadata, StoredChunks chunks, Optional<DiskCache> disk) {
        this.metadata = metadata;
        this.chunks = chunks;
        this.disk = disk;
    }

    public long memoryBytes() {
        return chunks.memoryBytes();
    }

    public long memoryBound() {
        return chunks.memoryBound();
    }

    /** How many chunks were read and were in the memory. */
    public long memoryHits() {
        return chunks.hits();
    }

    /** How many chunks were read and were not. */
    public long memoryMisses() {
        return chunks.misses();
    }

    public void resizeMemory(long bound) {
        chunks.resize(bound);
    }

    /** Forgets all chunks in the memory: what is read next comes from the disk cache or the bucket. */
    public void dropMemory() {
        chunks.clear();
    }

    /** Whether there is a disk cache; a local bucket needs none. */
    public boolean hasDisk() {
        return disk.isPresent();
    }

    /** 0 without a disk cache. */
    public long diskBytes() {
        return disk.map(DiskCache::bytes).orElse(0L);
    }

    /** 0 without a disk cache. */
    public long diskBound() {
        return disk.map(DiskCache::maxBytes).orElse(0L);
    }

    /** Does nothing without a disk cache. */
    public void resizeDisk(long bound) {
        disk.ifPresent(cache -> cache.resize(bound));
    }

    /** Forgets all chunks on the disk. */
    public void dropDisk() {
        disk.ifPresent(DiskCache::clear);
    }

    /**
     * Fetches what a file holds, or all files below a directory, into the caches.
     *
     * @param path absolute, in the file system
     * @param progress told the bytes that were fetched
     * @throws FsException ENOENT, ENOTDIR; EIO if something is damaged; EAGAIN if the store is away
     */
    public Warming.Warmed warm(String path, LongConsumer progress) throws FsException {
        return new Warming(metadata, chunks, progress).run(path);
    }
}
