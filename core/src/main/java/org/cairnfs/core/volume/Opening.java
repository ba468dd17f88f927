package org.cairnfs.core.volume;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Chain;
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
import org.cairnfs.core.fs.Errno;
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
import org.cairnfs.core.shipping.OverlayRestore;
import org.cairnfs.core.shipping.Rebuild;
import org.cairnfs.core.shipping.ShippedLog;
import org.cairnfs.core.shipping.Shipper;
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

    /** How long a commit waits for its barrier before its client is asked to come again. */
    private static final long COMMIT_WAIT_MILLIS = 5_000;

    final Bucket bucket;
    private final Path stateDirectory;
    private final JournalPlace journalPlace;
    private final LocalState state;
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
    Chain chain;
    Shipper shipper;
    private ContentStore contents;
    private PieceReader reader;
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
        this.state = new LocalState(stateDirectory);
        this.options = options;
    }

    void run(LongConsumer progress) throws VolumeException {
        try {
            LocalIdentity identity =
                    LocalIdentity.of(stateDirectory, bucket.format().fileSystem());
            takeLease(identity, ShippedLog.newest(bucket).newestIncarnation() + 1);
            ShippedLog shipped = ShippedLog.newest(bucket);
            boolean fresh = !isCurrent(identity, shipped);
            if (fresh) {
                shipped = restorable();
            }
            chain = bucket.chain(shipped.end());
            checkpoints = Checkpoints.open(bucket, chain, identity.stateDirectory(), options.clock());
            if (fresh) {
                state.beginRebuild();
                rebuild(identity, shipped, progress);
                openShipper(identity, shipped.standing());
                if (shipped.end().height() > 0) {
                    shipper.claim();
                }
                state.endRebuild();
            } else {
                openJournal(identity, 1);
                checkNotBehind(shipped);
                openMetadata(identity, () -> source(ShippedLog.whole(bucket), progress));
                openData();
                openShipper(identity, shipped.standing());
            }
            openVerbs();
            flusher.start();
            upkeep = new Upkeep(
                    new Upkeep.Parts(journal, metadata, dirty, checkpoints, chain, shipper, journal.incarnation()),
                    failure::complete);
            shipper.start();
            upkeep.start();
            work.start();
        } catch (VolumeException e) {
            giveLeaseBack();
            throw e;
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

    /** Who may not go on from what there is leaves the bucket to who may. */
    private void giveLeaseBack() {
        if (lease == null || shipper != null) {
            return;
        }
        leaseKeeper.close();
        try {
            lease.release();
        } catch (BucketException | ObjectStoreException | CorruptObjectException e) {
            LOG.warn("the lease of the bucket was not given back: {}", e.getMessage());
        }
    }

    /** Whether the state directory holds this file system as the bucket knows it; a state that another server left behind is parked. */
    private boolean isCurrent(LocalIdentity identity, ShippedLog shipped) throws IOException, VolumeException {
        state.discardUnfinished();
        if (!FileJournal.exists(journalPlace.in(state.journal()))) {
            if (Database.exists(state.metadata())) {
                throw new VolumeException(
                        VolumeException.Kind.DAMAGED,
                        "the journal is gone from the state directory " + stateDirectory + ", and with it whatever was"
                                + " not uploaded yet; move the directory away to rebuild the file system from the bucket");
            }
            return false;
        }
        Optional<UUID> writer = shipped.newestWriter();
        if (writer.isEmpty() || writer.get().equals(identity.stateDirectory())) {
            return true;
        }
        state.park(options.clock().instant());
        return false;
    }

    /** What a machine without local state begins with. */
    private ShippedLog restorable() throws IOException, VolumeException {
        ShippedLog shipped = ShippedLog.whole(bucket);
        if (!shipped.isRestorable() && shipped.end().height() > 0) {
            throw new VolumeException(
                    VolumeException.Kind.STATE_MISMATCH,
                    bucket.store().describe() + " holds no complete checkpoint: the state directory of the server that"
                            + " used it last is needed; give it by --state");
        }
        return shipped;
    }

    private void rebuild(LocalIdentity identity, ShippedLog shipped, LongConsumer progress)
            throws IOException, JournalFailedException, JournalCorruptException, FsException {
        openJournal(identity, shipped.standing().sequence() + 1);
        openMetadata(identity, () -> source(shipped, progress));
        openData();
        OverlayRestore.run(shipped, metadata, contents);
        journal.sync(journal.lastSequence());
        if (shipped.isRestorable()) {
            LOG.info("rebuilt from the bucket, as of {}", shipped.standing().at());
        }
    }

    private Optional<CheckpointSource.Checkpoint> source(ShippedLog shipped, LongConsumer progress) {
        return shipped.isRestorable() ? Optional.of(new Rebuild(bucket, shipped, progress)) : Optional.empty();
    }

    /** An older copy of the state directory must not go on as if nothing had come after it. */
    private void checkNotBehind(ShippedLog shipped) throws VolumeException {
        if (journal.lastSequence() < shipped.standing().sequence()) {
            throw new VolumeException(
                    VolumeException.Kind.STATE_MISMATCH,
                    "the state directory " + stateDirectory + " is older than the bucket (journal record "
                            + journal.lastSequence() + ", bucket "
                            + shipped.standing().sequence()
                            + "); move it away to rebuild it from the bucket");
        }
    }

    private void takeLease(LocalIdentity identity, long leastIncarnation)
            throws ObjectStoreException, BucketException, CorruptObjectException {
        Lease.Holder holder = new Lease.Holder(
                identity.stateDirectory(), hostName(), ProcessHandle.current().pid());
        lease = Lease.take(bucket, holder, leastIncarnation, options.takeOver(), options.clock());
        leaseKeeper = new LeaseKeeper(lease, options.leaseInterval(), failure::complete);
    }

    private void openJournal(LocalIdentity identity, long first)
            throws IOException, JournalFailedException, JournalCorruptException {
        JournalOptions journalOptions = JournalOptions.builder()
                .boundBytes(options.journal().bytes())
                .segmentBytes(options.journal().segmentBytes())
                .reserveBytes(Math.min(MAX_RESERVE_BYTES, options.journal().bytes() / BOUND_PER_RESERVE))
                .firstSequence(first)
                .minimumIncarnation(lease.incarnation())
                .sealer(journalSealer(identity))
                .clock(options.clock()::millis)
                .random(new SecureRandom())
                .onFailure(e ->
                        failure.complete(new VolumeException(VolumeException.Kind.LOCAL_STORAGE, e.getMessage(), e)))
                .build();
        journal = FileJournal.open(journalPlace.in(state.journal()), journalOptions);
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
                state.metadata(),
                journal,
                metadataOptions.withDatabase(databaseOptions(identity)),
                source,
                replay::content);
        RootDirectory.ensure(metadata, 0, 0);
        // Clients keep the handle of the root, so it must not be made a second time.
        journal.sync(journal.lastSequence());
    }

    private void openData() throws IOException {
        heapCache = new ChunkCache(options.caches().heapBytes());
        if (options.caches().diskBytes() > 0) {
            diskCache =
                    Optional.of(new DiskCache(state.cache(), options.caches().diskBytes()));
        }
        StoredChunks chunks = new StoredChunks(
                metadata.view(),
                bucket.store(),
                bucket.packReader(),
                heapCache,
                diskCache,
                new SuspectChunks(metadata)::damaged);
        reader = new PieceReader(journal, chunks);
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
        contents = new ContentStore(metadata, journal, dirty, reader, flusher, this::awaitStable);
    }

    /** Makes what a commit asks for stable: on the disk, or in the bucket. */
    private void awaitStable(long sequence) throws FsException, JournalFailedException {
        journal.sync(sequence);
        if (options.barriers().awaited() && !shipper.awaitShipped(sequence, COMMIT_WAIT_MILLIS)) {
            throw new FsException(
                    Errno.EAGAIN,
                    "not in the bucket yet"
                            + shipper.lastFailure().map(why -> ": " + why).orElse(""));
        }
    }

    private void openShipper(LocalIdentity identity, Shipper.Standing standing) throws VolumeException {
        if (journal.oldestSequence() > standing.sequence() + 1) {
            throw new VolumeException(
                    VolumeException.Kind.DAMAGED,
                    "the journal begins at record " + journal.oldestSequence()
                            + ", but the bucket has only those up to " + standing.sequence());
        }
        shipper = new Shipper(
                new Shipper.Parts(
                        journal,
                        metadata,
                        dirty,
                        flusher,
                        reader,
                        chain,
                        bucket.codec(),
                        journal.incarnation(),
                        identity.stateDirectory(),
                        options.clock(),
                        options.barriers().interval(),
                        e -> failure.complete(new VolumeException(VolumeException.Kind.HELD, e.getMessage(), e))),
                standing);
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
        if (shipper != null) {
            shipper.close();
        }
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
