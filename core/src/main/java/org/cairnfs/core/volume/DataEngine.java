package org.cairnfs.core.volume;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.cache.DiskCache;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.flush.Flusher;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackWriter;
import org.cairnfs.core.data.read.ChunkFetch;
import org.cairnfs.core.data.read.FetchThreads;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.data.read.ReadAhead;
import org.cairnfs.core.data.read.StoredChunks;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.H2MetadataStore;

/**
 * What reads and stores the bytes of files, put together.
 *
 * @param diskCache if there is one
 * @param suspects hears of chunks that cannot be read
 * @param packWriters make writers of packs of file data
 * @param fetchers threads that fetch what is read soon
 */
record DataEngine(
        Optional<DiskCache> diskCache,
        SuspectChunks suspects,
        Supplier<PackWriter> packWriters,
        StoredChunks chunks,
        PieceReader reader,
        ReadAhead readAhead,
        Flusher flusher,
        ExecutorService fetchers)
        implements AutoCloseable {
    static DataEngine open(
            Bucket bucket,
            Path cacheDirectory,
            VolumeOptions options,
            Journal journal,
            H2MetadataStore metadata,
            DirtyMap dirty)
            throws IOException {
        long diskBytes = options.caches().diskBytes();
        Optional<DiskCache> diskCache =
                diskBytes > 0 ? Optional.of(new DiskCache(cacheDirectory, diskBytes)) : Optional.empty();
        ExecutorService fetchers = FetchThreads.start();
        SuspectChunks suspects = new SuspectChunks(metadata);
        ChunkFetch fetch = new ChunkFetch(
                metadata.view(),
                bucket.store(),
                bucket.packReader(),
                diskCache,
                ChunkFetch.DiskKey.NUMBER,
                suspects::damaged);
        StoredChunks chunks = new StoredChunks(fetch, options.caches().heapBytes(), fetchers);
        ReadAhead readAhead = new ReadAhead(metadata.view(), chunks, fetchers);
        PieceReader reader = new PieceReader(journal, chunks, chunks.journaledBlocks());
        SecureRandom random = new SecureRandom();
        Supplier<PackWriter> packWriters = () ->
                new PackWriter(bucket.sealer(), PackKind.DATA, options.flush().packTarget(), random);
        Flusher flusher = new Flusher(
                metadata,
                journal,
                dirty,
                bucket.store(),
                bucket.chunker(),
                bucket.hasher(),
                bucket.codec(),
                new PieceReader(journal, chunks),
                packWriters,
                options.flush(),
                System::nanoTime);
        return new DataEngine(diskCache, suspects, packWriters, chunks, reader, readAhead, flusher, fetchers);
    }

    /** Ends the threads; what is dirty stays in the journal. */
    @Override
    public void close() {
        fetchers.shutdown();
        flusher.close();
    }
}
