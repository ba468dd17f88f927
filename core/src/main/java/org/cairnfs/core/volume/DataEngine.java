package org.cairnfs.core.volume;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.cache.ChunkCache;
import org.cairnfs.core.cache.DiskCache;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.flush.Flusher;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackWriter;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.data.read.StoredChunks;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.H2MetadataStore;

/**
 * What reads and stores the bytes of files, put together.
 *
 * @param diskCache if there is one
 */
record DataEngine(ChunkCache heapCache, Optional<DiskCache> diskCache, PieceReader reader, Flusher flusher) {
    static DataEngine open(
            Bucket bucket,
            Path cacheDirectory,
            VolumeOptions options,
            Journal journal,
            H2MetadataStore metadata,
            DirtyMap dirty)
            throws IOException {
        ChunkCache heapCache = new ChunkCache(options.caches().heapBytes());
        long diskBytes = options.caches().diskBytes();
        Optional<DiskCache> diskCache =
                diskBytes > 0 ? Optional.of(new DiskCache(cacheDirectory, diskBytes)) : Optional.empty();
        StoredChunks chunks = new StoredChunks(
                metadata.view(),
                bucket.store(),
                bucket.packReader(),
                heapCache,
                diskCache,
                new SuspectChunks(metadata)::damaged);
        PieceReader reader = new PieceReader(journal, chunks);
        SecureRandom random = new SecureRandom();
        Flusher flusher = new Flusher(
                metadata,
                journal,
                dirty,
                bucket.store(),
                bucket.chunker(),
                bucket.hasher(),
                bucket.codec(),
                reader,
                () -> new PackWriter(
                        bucket.sealer(), PackKind.DATA, options.flush().packTarget(), random),
                options.flush(),
                System::nanoTime);
        return new DataEngine(heapCache, diskCache, reader, flusher);
    }
}
