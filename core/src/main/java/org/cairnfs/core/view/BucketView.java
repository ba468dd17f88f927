package org.cairnfs.core.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.cache.DiskCache;
import org.cairnfs.core.data.ContentStore;
import org.cairnfs.core.data.FreeContent;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.read.ChunkFetch;
import org.cairnfs.core.data.read.FetchThreads;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.data.read.ReadAhead;
import org.cairnfs.core.data.read.StoredChunks;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.FileJournal;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.journal.JournalOptions;
import org.cairnfs.core.journal.NioJournalFiles;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.metadata.CheckpointSource;
import org.cairnfs.core.metadata.H2MetadataStore;
import org.cairnfs.core.metadata.MetadataOptions;
import org.cairnfs.core.metadata.MetadataStatistics;
import org.cairnfs.core.namespace.CairnFileSystem;
import org.cairnfs.core.namespace.Capacity;
import org.cairnfs.core.namespace.VersionedFileSystem;
import org.cairnfs.core.quota.Quotas;
import org.cairnfs.core.shipping.BarrierMark;
import org.cairnfs.core.shipping.OverlayRestore;
import org.cairnfs.core.shipping.ShippedLog;
import org.cairnfs.core.snapshot.Snapshots;
import org.cairnfs.core.treelock.LockClock;
import org.cairnfs.core.treelock.TreeLocks;
import org.cairnfs.core.volume.Caches;
import org.cairnfs.core.volume.FileTrees;
import org.cairnfs.core.volume.LocalKeys;
import org.cairnfs.core.volume.PackStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file system as of a barrier in its bucket, read-only, that never changes: a copy of the base, with the barrier's overlay laid over
 * it. Its journal and its rows are scratch: they are deleted with it, and found and deleted by the next process if this one dies.
 *
 * <p>Thread-safe. {@link #close} is called once, when nobody calls the file system any more.
 */
public final class BucketView implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BucketView.class);
    private static final long ROW_CACHE_BYTES = 16L << 20;
    private static final long JOURNAL_BYTES = 1L << 30;
    private static final long SEGMENT_BYTES = 16L << 20;
    private static final long FETCH_END_SECONDS = 60;

    private final Path directory;
    private final BarrierMark barrier;
    private final ExecutorService fetchers = FetchThreads.start();
    private FileJournal journal;
    private H2MetadataStore metadata;
    private Caches caches;
    private FileSystem fileSystem;

    /**
     * What views of one directory share.
     *
     * @param heapBytes decoded chunks on the heap, for each view
     * @param disk sealed chunks on the disk, if there is a cache for them
     * @param failed told when the scratch files of a view cannot be used any more
     */
    record Shared(
            Bucket bucket,
            LocalKeys keys,
            LongSupplier heapBytes,
            Optional<DiskCache> disk,
            Consumer<Throwable> failed) {}

    private BucketView(Path directory, BarrierMark barrier) {
        this.directory = directory;
        this.barrier = barrier;
    }

    /**
     * Makes a view.
     *
     * @param base stands at the newest barrier of the log
     * @param directory empty, of this view alone
     */
    static BucketView of(ViewBase base, ShippedLog log, Path directory, Shared shared)
            throws IOException, FsException, JournalFailedException, JournalCorruptException {
        BucketView view = new BucketView(directory, log.newestBarrier().orElseThrow());
        try {
            view.open(base, log, shared);
            return view;
        } catch (Throwable e) {
            view.close();
            throw e;
        }
    }

    private void open(ViewBase base, ShippedLog log, Shared shared)
            throws IOException, FsException, JournalFailedException, JournalCorruptException {
        Path rows = directory.resolve("metadata");
        Files.createDirectory(rows, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        base.copyTo(rows);
        openJournal(shared.keys());
        DirtyMap dirty = new DirtyMap(System::nanoTime);
        metadata = H2MetadataStore.open(
                rows,
                journal,
                MetadataOptions.of(journal.incarnation(), System::nanoTime, dirty::oldestSequence, shared.failed())
                        .withCacheBytes(ROW_CACHE_BYTES)
                        .withDatabase(BucketReader.database(shared.keys())),
                CheckpointSource.NONE,
                (sequence, epoch, operation, payload) -> {});
        ContentStore contents = contents(dirty, shared);
        OverlayRestore.run(log, metadata, new StillContents(contents, metadata, journal, dirty));
        CairnFileSystem.Parts parts = new CairnFileSystem.Parts(
                shared.bucket().format().fileSystem(),
                metadata,
                contents,
                new FreeContent(journal::lastSequence, (content, epoch) -> false),
                () -> {},
                sequence -> {},
                new TreeLocks(metadata, new LockClock(List.of(), System::currentTimeMillis, System::nanoTime)),
                new Quotas(metadata, System::currentTimeMillis),
                Duration.ZERO,
                Leases.NONE,
                System::nanoTime,
                Capacity.UNLIMITED,
                barrier.standing().sequence(),
                true,
                0);
        fileSystem = VersionedFileSystem.over(
                new CairnFileSystem(parts), parts, new Snapshots(metadata, () -> {}), contents::asOf);
    }

    private void openJournal(LocalKeys keys) throws IOException, JournalFailedException, JournalCorruptException {
        journal = FileJournal.open(
                NioJournalFiles.in(directory.resolve("journal")),
                JournalOptions.builder()
                        .boundBytes(JOURNAL_BYTES)
                        .segmentBytes(SEGMENT_BYTES)
                        .reserveBytes(0)
                        .firstSequence(sequence() + 1)
                        .sealer(keys.journal())
                        .random(new SecureRandom())
                        .build());
    }

    private ContentStore contents(DirtyMap dirty, Shared shared) {
        Bucket bucket = shared.bucket();
        ChunkFetch fetch = new ChunkFetch(
                metadata.view(),
                bucket.store(),
                bucket.packReader(),
                shared.disk(),
                ChunkFetch.DiskKey.ID,
                chunk -> LOG.debug("chunk {} could not be read as of barrier {}", chunk, sequence()));
        StoredChunks chunks = new StoredChunks(fetch, shared.heapBytes().getAsLong(), fetchers);
        caches = new Caches(metadata.view(), chunks, shared.disk());
        return new ContentStore(
                metadata,
                journal,
                dirty,
                new PieceReader(journal, chunks, chunks.journaledBlocks()),
                new ReadAhead(metadata.view(), chunks, fetchers),
                (bytes, timeoutMillis) -> true,
                sequence -> {},
                content -> {});
    }

    private long sequence() {
        return barrier.standing().sequence();
    }

    /** The file system; mutating verbs give EROFS. */
    public FileSystem fileSystem() {
        return fileSystem;
    }

    /** What it is a view of. */
    public BarrierMark barrier() {
        return barrier;
    }

    /** What is kept near of the bucket's chunks; the disk cache is shared with other views of the directory. */
    public Caches caches() {
        return caches;
    }

    public MetadataStatistics statistics() {
        return metadata.statistics();
    }

    /** Counts packs, by a scan of their rows. */
    public PackStatistics packStatistics() {
        return PackStatistics.of(metadata.view());
    }

    /** Ends it, and deletes its files. */
    @Override
    public void close() {
        fetchers.shutdownNow();
        try {
            if (!fetchers.awaitTermination(FETCH_END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a fetch for the view of barrier {} does not end", sequence());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (metadata != null) {
            metadata.abandon();
        }
        try {
            if (journal != null) {
                journal.close();
            }
            FileTrees.delete(directory);
        } catch (JournalFailedException | IOException e) {
            LOG.warn("{} was not cleared away: {}; the next start does it", directory, e.toString());
        }
    }
}
