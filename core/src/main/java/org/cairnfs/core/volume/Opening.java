package org.cairnfs.core.volume;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Lease;
import org.cairnfs.core.cache.ChunkCache;
import org.cairnfs.core.cache.DiskCache;
import org.cairnfs.core.checkpoint.Checkpoints;
import org.cairnfs.core.crypto.KeyRing;
import org.cairnfs.core.data.ContentStore;
import org.cairnfs.core.data.DirtyReplay;
import org.cairnfs.core.data.FreeContent;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.flush.Flusher;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackWriter;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.data.read.StoredChunks;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.AesGcmSealer;
import org.cairnfs.core.journal.FileJournal;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.journal.JournalFiles;
import org.cairnfs.core.journal.JournalOptions;
import org.cairnfs.core.journal.JournalSealer;
import org.cairnfs.core.journal.PlainSealer;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.metadata.CheckpointSource;
import org.cairnfs.core.metadata.H2MetadataStore;
import org.cairnfs.core.metadata.MetadataLostException;
import org.cairnfs.core.metadata.MetadataOptions;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.DatabaseOptions;
import org.cairnfs.core.namespace.CairnFileSystem;
import org.cairnfs.core.namespace.Capacity;
import org.cairnfs.core.namespace.RootDirectory;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.work.BackgroundWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of opening a volume, and what they made so far, so that what was taken is given back when a step fails. Used once,
 * by one thread.
 */
final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
    private static final long MAX_RESERVE_BYTES = 16 << 20;
    private static final int BOUND_PER_RESERVE = 64;
    private static final String JOURNAL_KEY = "journal";
    private static final String DATABASE_KEY = "database";

    final Bucket bucket;
    private final Path stateDirectory;
    private final JournalPlace journalPlace;
    final VolumeOptions options;
    final CompletableFuture<VolumeException> failure = new CompletableFuture<>();
    DirtyMap dirty;
    ChunkCache heapCache;
    Optional<DiskCache> diskCache = Optional.empty();
    Lease lease;
    LeaseKeeper leaseKeeper;
    FileJournal journal;
    H2MetadataStore metadata;
    Flusher flusher;
    private ContentStore contents;
    BackgroundWork work;
    Checkpoints checkpoints;
    Upkeep upkeep;
    CairnFileSystem fileSystem;

    /** Gives the files of the journal in a directory, which is made if it is not there. */
    @FunctionalInterface
    interface JournalPlace {
        JournalFiles in(Path directory) throws IOException;
    }

    Opening(Bucket bucket, Path stateDirectory, JournalPlace journalPlace, VolumeOptions options) {
        this.bucket = bucket;
        this.stateDirectory = stateDirectory;
        this.journalPlace = journalPlace;
        this.options = options;
    }

    void run(LongConsumer progress) throws VolumeException {
        try {
            LocalIdentity identity =
                    LocalIdentity.of(stateDirectory, bucket.format().fileSystem());
            takeLease(identity);
            checkpoints = Checkpoints.open(bucket, options.clock(), identity.stateDirectory());
            JournalFiles journalFiles = journalPlace.in(stateDirectory.resolve("journal"));
            boolean resumes = FileJournal.exists(journalFiles);
            CheckpointSource source = checkpoint(identity, resumes, progress);
            openJournal(identity, journalFiles, resumes ? CheckpointSource.NONE : source);
            openMetadata(identity, source);
            openData();
            openVerbs();
            flusher.start();
            upkeep = new Upkeep(journal, metadata, dirty, checkpoints, journal.incarnation(), failure::complete);
            upkeep.start();
            work.start();
        } catch (BucketException e) {
            throw new VolumeException(VolumeException.Kind.HELD, e.getMessage(), e);
        } catch (JournalCorruptException | MetadataLostException e) {
            throw new VolumeException(VolumeException.Kind.DAMAGED, e.getMessage(), e);
        } catch (CorruptObjectException | ObjectStoreException e) {
            throw new VolumeException(VolumeException.Kind.STORE, e.getMessage(), e);
        } catch (IOException | JournalFailedException | FsException e) {
            throw new VolumeException(VolumeException.Kind.LOCAL_STORAGE, e.getMessage(), e);
        }
    }

    /** Where a lost database is made from; who may not go on from what there is gives the lease back to who may. */
    private CheckpointSource checkpoint(LocalIdentity identity, boolean resumes, LongConsumer progress)
            throws IOException, VolumeException, BucketException {
        try {
            return resumes ? resumed(identity, progress) : begun(identity, progress);
        } catch (VolumeException e) {
            leaseKeeper.close();
            lease.release();
            throw e;
        }
    }

    /** The checkpoint that goes with the journal that is here; no other server may have gone on from another one. */
    private CheckpointSource resumed(LocalIdentity identity, LongConsumer progress)
            throws IOException, VolumeException {
        if (!checkpoints.isNewestOwn() && checkpoints.newestSequence() > identity.firstRoot()) {
            throw new VolumeException(
                    VolumeException.Kind.STATE_MISMATCH,
                    "the state directory " + stateDirectory + " is older than "
                            + bucket.store().describe() + ": "
                            + checkpoints.newestWriter() + "; go on with that one, or give --state another directory to"
                            + " rebuild from the bucket (what this one had not uploaded stays in it)");
        }
        return checkpoints.withJournal(progress);
    }

    /** The complete checkpoint that a machine without local state begins with; nothing for a new file system. */
    private CheckpointSource begun(LocalIdentity identity, LongConsumer progress) throws IOException, VolumeException {
        if (Database.exists(stateDirectory.resolve("metadata"))) {
            throw new VolumeException(
                    VolumeException.Kind.DAMAGED,
                    "the journal is gone from the state directory " + stateDirectory + ", and with it whatever was not"
                            + " uploaded yet; move the directory away to rebuild the file system from the bucket");
        }
        CheckpointSource source = checkpoints.alone(progress);
        if (source.newest().isEmpty() && checkpoints.newestRange().isPresent()) {
            throw new VolumeException(
                    VolumeException.Kind.STATE_MISMATCH,
                    bucket.store().describe() + " holds no complete checkpoint: the state directory of the server that"
                            + " used it last is needed; give it by --state");
        }
        identity.begunAt(stateDirectory, checkpoints.newestSequence());
        return source;
    }

    private void takeLease(LocalIdentity identity)
            throws ObjectStoreException, BucketException, CorruptObjectException {
        Lease.Holder holder = new Lease.Holder(
                identity.stateDirectory(), hostName(), ProcessHandle.current().pid());
        lease = Lease.take(bucket, holder, 1, options.takeOver(), options.clock());
        leaseKeeper = new LeaseKeeper(lease, options.leaseInterval(), failure::complete);
    }

    private void openJournal(LocalIdentity identity, JournalFiles files, CheckpointSource rebuiltFrom)
            throws IOException, JournalFailedException, JournalCorruptException {
        long first = rebuiltFrom
                .newest()
                .map(checkpoint -> checkpoint.range().consistent() + 1)
                .orElse(1L);
        JournalOptions journalOptions = JournalOptions.builder()
                .boundBytes(options.journalBytes())
                .segmentBytes(options.journalSegmentBytes())
                .reserveBytes(Math.min(MAX_RESERVE_BYTES, options.journalBytes() / BOUND_PER_RESERVE))
                .firstSequence(first)
                .minimumIncarnation(lease.incarnation())
                .sealer(journalSealer(identity))
                .clock(options.clock()::millis)
                .random(new SecureRandom())
                .onFailure(e ->
                        failure.complete(new VolumeException(VolumeException.Kind.LOCAL_STORAGE, e.getMessage(), e)))
                .build();
        journal = FileJournal.open(files, journalOptions);
    }

    private JournalSealer journalSealer(LocalIdentity identity) {
        if (bucket.keys().isEmpty()) {
            return PlainSealer.INSTANCE;
        }
        KeyRing keys = bucket.keys().get();
        int generation = keys.currentGeneration();
        return new AesGcmSealer(keys.localKey(JOURNAL_KEY, identity.stateDirectory(), generation), generation);
    }

    /** Sealed where the bucket is; after a change of the key the file is rebuilt, as it does not open with another. */
    private DatabaseOptions databaseOptions(LocalIdentity identity) {
        if (bucket.keys().isEmpty()) {
            return DatabaseOptions.DEFAULT;
        }
        KeyRing keys = bucket.keys().get();
        byte[] key = keys.localKey(DATABASE_KEY, identity.stateDirectory(), keys.currentGeneration());
        return DatabaseOptions.DEFAULT.withKey(Bytes.ofTrusted(key));
    }

    private void openMetadata(LocalIdentity identity, CheckpointSource source)
            throws IOException, JournalFailedException, JournalCorruptException, FsException {
        dirty = new DirtyMap(System::nanoTime);
        MetadataOptions metadataOptions = MetadataOptions.of(
                journal.incarnation(),
                this::nanos,
                dirty::oldestSequence,
                cause -> failure.complete(new VolumeException(
                        VolumeException.Kind.LOCAL_STORAGE, "the metadata failed: " + cause.getMessage(), cause)));
        DirtyReplay replay = new DirtyReplay(dirty);
        metadata = H2MetadataStore.open(
                stateDirectory.resolve("metadata"),
                journal,
                metadataOptions.withDatabase(databaseOptions(identity)),
                source,
                replay::content);
        RootDirectory.ensure(metadata, 0, 0);
        journal.sync(
                journal.lastSequence()); // clients keep the handle of the root, so it must not be made a second time
    }

    private void openData() throws IOException {
        heapCache = new ChunkCache(options.heapCacheBytes());
        if (options.diskCacheBytes() > 0) {
            diskCache = Optional.of(new DiskCache(stateDirectory.resolve("cache"), options.diskCacheBytes()));
        }
        StoredChunks chunks = new StoredChunks(
                metadata.view(),
                bucket.store(),
                bucket.packReader(),
                heapCache,
                diskCache,
                new SuspectChunks(metadata)::damaged);
        PieceReader reader = new PieceReader(journal, chunks);
        SecureRandom random = new SecureRandom();
        flusher = new Flusher(
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
        contents = new ContentStore(metadata, journal, dirty, reader, flusher);
    }

    private void openVerbs() {
        FreeContent freeContent = new FreeContent(journal::lastSequence);
        work = new BackgroundWork(metadata, List.of(freeContent));
        fileSystem = new CairnFileSystem(new CairnFileSystem.Parts(
                bucket.format().fileSystem(),
                metadata,
                contents,
                freeContent,
                work::wake,
                journal::sync,
                Leases.NONE,
                this::nanos,
                Capacity.UNLIMITED,
                journal.incarnation(),
                false));
    }

    /** The wall clock in nanoseconds since the epoch. */
    private long nanos() {
        Instant now = options.clock().instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** Gives back what was taken, when opening failed. */
    void undo() {
        if (upkeep != null) {
            upkeep.close();
        }
        if (flusher != null) {
            flusher.close();
        }
        if (metadata != null) {
            metadata.close();
        }
        if (leaseKeeper != null) {
            leaseKeeper.close();
        }
        if (journal != null) {
            try {
                journal.close();
            } catch (JournalFailedException e) {
                LOG.error("the journal was not closed cleanly: {}", e.getMessage());
            }
        }
        bucket.close();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
