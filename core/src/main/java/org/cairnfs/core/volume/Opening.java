package org.cairnfs.core.volume;

import java.io.IOException;
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
import org.cairnfs.core.bucket.Chain;
import org.cairnfs.core.check.CheckParts;
import org.cairnfs.core.check.Fsck;
import org.cairnfs.core.check.VerifyParts;
import org.cairnfs.core.checkpoint.Checkpoints;
import org.cairnfs.core.data.ContentStore;
import org.cairnfs.core.data.DirtyReplay;
import org.cairnfs.core.data.FreeContent;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.FileJournal;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.journal.JournalFiles;
import org.cairnfs.core.journal.JournalOptions;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.metadata.CheckpointSource;
import org.cairnfs.core.metadata.H2MetadataStore;
import org.cairnfs.core.metadata.MetadataLostException;
import org.cairnfs.core.metadata.MetadataOptions;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.namespace.CairnFileSystem;
import org.cairnfs.core.namespace.Capacity;
import org.cairnfs.core.namespace.RootDirectory;
import org.cairnfs.core.namespace.VersionedFileSystem;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.quota.AssignQuota;
import org.cairnfs.core.quota.QuotaSetting;
import org.cairnfs.core.quota.Quotas;
import org.cairnfs.core.shipping.OverlayRestore;
import org.cairnfs.core.shipping.Rebuild;
import org.cairnfs.core.shipping.ShippedLog;
import org.cairnfs.core.shipping.Shipper;
import org.cairnfs.core.snapshot.Differences;
import org.cairnfs.core.snapshot.HiddenSnapshots;
import org.cairnfs.core.snapshot.SnapshotDeletion;
import org.cairnfs.core.snapshot.Snapshots;
import org.cairnfs.core.treelock.LockClock;
import org.cairnfs.core.treelock.LockTree;
import org.cairnfs.core.treelock.TreeLocking;
import org.cairnfs.core.treelock.TreeLocks;
import org.cairnfs.core.treelock.UnlockTree;
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

    /** How long a commit waits for its barrier before its client is asked to come again. */
    private static final long COMMIT_WAIT_MILLIS = 5_000;

    final Bucket bucket;
    final Path stateDirectory;
    final JournalPlace journalPlace;
    final LocalState state;
    private final RememberedLink remembered;
    final VolumeOptions options;
    final CompletableFuture<VolumeException> failure = new CompletableFuture<>();
    DirtyMap dirty;
    LeaseKeeper lease;
    FileJournal journal;
    H2MetadataStore metadata;
    DataEngine data;
    Chain chain;
    Shipper shipper;
    ContentStore contents;
    BackgroundWork work;
    Checkpoints checkpoints;
    Upkeep upkeep;
    GarbageCollection garbage;
    Fsck fsck;
    VerifyParts verifying;
    FreeContent freeContent;
    Quotas quotas;
    TreeLocks treeLocks;
    TreeUpkeep treeUpkeep;
    Trees trees;
    TreeCopies treeCopies;
    Differences differences;
    TreeQuotas treeQuotas;
    TreeSizes treeSizes;
    VersionedFileSystem fileSystem;
    Snapshots snapshots;
    final LeaseTable leases = new LeaseTable();

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
        this.remembered = new RememberedLink(stateDirectory);
        this.options = options;
    }

    /** Steps that fail in all the ways in which opening does. */
    @FunctionalInterface
    interface Steps {
        void run() throws VolumeException, IOException, JournalFailedException, JournalCorruptException, FsException;
    }

    /** Does them, and says what went wrong as a person has to deal with it. */
    static void told(Steps steps) throws VolumeException {
        try {
            steps.run();
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

    /** Opens a volume, and starts its threads. */
    void run(LongConsumer progress) throws VolumeException {
        told(() -> {
            try {
                open(progress);
            } catch (VolumeException e) {
                giveLeaseBack();
                throw e;
            }
        });
    }

    private void open(LongConsumer progress)
            throws VolumeException, IOException, JournalFailedException, JournalCorruptException, FsException {
        LocalIdentity identity = takeLease();
        state.discardUnfinished();
        if (options.claim().atLeast().isPresent()) {
            RememberedLink.insist(bucket, options.claim().atLeast().get());
        }
        StartingPoint start = StartingPoint.find(
                bucket,
                state,
                remembered,
                FileJournal.exists(journalPlace.in(state.journal())),
                identity.stateDirectory(),
                options.clock().instant());
        ShippedLog shipped = start.shipped();
        openChain(identity, shipped);
        if (start.fromBucket()) {
            rebuild(identity, shipped, progress);
        } else {
            openJournal(identity, 1);
            start.check(state, journal.oldestSequence(), journal.lastSequence());
            openMetadata(identity, () -> source(ShippedLog.whole(bucket), progress));
            openData();
            openShipper(identity, shipped.standing());
        }
        openVerbs();
        startThreads();
    }

    /** Takes the lease of the bucket for the state directory. */
    LocalIdentity takeLease() throws IOException, VolumeException {
        LocalIdentity identity =
                LocalIdentity.of(stateDirectory, bucket.format().fileSystem());
        lease = LeaseKeeper.take(bucket, identity.stateDirectory(), options, failure::complete);
        return identity;
    }

    /** Goes on with the chain behind what is shipped. */
    void openChain(LocalIdentity identity, ShippedLog shipped) throws IOException {
        lease.passOver(shipped.newestIncarnation());
        chain = bucket.chain(shipped.end());
        checkpoints = Checkpoints.open(bucket, chain, identity.stateDirectory(), options.clock());
    }

    private void startThreads() throws IOException {
        data.flusher().start();
        upkeep = new Upkeep(
                new Upkeep.Parts(
                        journal,
                        metadata,
                        dirty,
                        checkpoints,
                        chain,
                        shipper,
                        lease::check,
                        journal.incarnation(),
                        options.clock()),
                failure::complete);
        garbage = GarbageCollection.of(this);
        Path scratch = state.emptyCheck();
        fsck = new Fsck(checkParts(scratch));
        verifying = new VerifyParts(
                metadata,
                bucket,
                snapshots,
                data.chunks(),
                data.flusher()::storeAnew,
                chunk -> data.diskCache().ifPresent(cache -> cache.drop(chunk)),
                scratch,
                options.clock());
        shipper.start();
        upkeep.start();
        work.start();
        treeUpkeep.start();
        garbage.start();
    }

    private CheckParts checkParts(Path scratch) {
        return new CheckParts(
                metadata,
                dirty,
                bucket,
                garbage.collector()::checkpointPacks,
                journal::lastSequence,
                journal::oldestSequence,
                () -> Math.min(shipper.shipped() + 1, dirty.oldestSequence()),
                freeContent,
                treeLocks,
                quotas,
                snapshots,
                this::wakeBackground,
                scratch,
                options.clock());
    }

    /** Who may not go on from what there is leaves the bucket to who may. */
    private void giveLeaseBack() {
        if (shipper == null) {
            leave();
        }
    }

    /** Gives the lease of the bucket back; nothing more is written to it. */
    void leave() {
        if (lease != null) {
            lease.close();
            lease.release();
        }
    }

    private void rebuild(LocalIdentity identity, ShippedLog shipped, LongConsumer progress)
            throws IOException, JournalFailedException, JournalCorruptException, FsException {
        state.beginRebuild();
        openJournal(identity, shipped.standing().sequence() + 1);
        openMetadata(identity, () -> source(shipped, progress));
        openData();
        OverlayRestore.run(shipped, metadata, contents);
        journal.sync(journal.lastSequence());
        if (shipped.isRestorable()) {
            LOG.info("rebuilt from the bucket, as of {}", shipped.standing().at());
        }
        openShipper(identity, shipped.standing());
        if (shipped.end().height() > 0) {
            shipper.claim();
        }
        state.endRebuild();
    }

    private Optional<CheckpointSource.Checkpoint> source(ShippedLog shipped, LongConsumer progress) {
        return shipped.isRestorable() ? Optional.of(new Rebuild(bucket, shipped, progress)) : Optional.empty();
    }

    void openJournal(LocalIdentity identity, long first)
            throws IOException, JournalFailedException, JournalCorruptException {
        JournalOptions journalOptions = JournalOptions.builder()
                .boundBytes(options.journal().bytes())
                .segmentBytes(options.journal().segmentBytes())
                .reserveBytes(Math.min(MAX_RESERVE_BYTES, options.journal().bytes() / BOUND_PER_RESERVE))
                .firstSequence(first)
                .minimumIncarnation(lease.incarnation())
                .sealer(new LocalKeys(bucket.keys(), identity.stateDirectory()).journal())
                .clock(options.clock()::millis)
                .random(new SecureRandom())
                .onFailure(e ->
                        failure.complete(new VolumeException(VolumeException.Kind.LOCAL_STORAGE, e.getMessage(), e)))
                .build();
        journal = FileJournal.open(journalPlace.in(state.journal()), journalOptions);
        lease.isIncarnation(journal.incarnation());
    }

    void openMetadata(LocalIdentity identity, CheckpointSource source)
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
                metadataOptions.withDatabase(new LocalKeys(bucket.keys(), identity.stateDirectory()).database()),
                source,
                replay::content);
        RootDirectory.ensure(metadata, 0, 0);
        // Clients keep the handle of the root, so it must not be made a second time.
        journal.sync(journal.lastSequence());
    }

    void openData() throws IOException {
        data = DataEngine.open(bucket, state.cache(), options, journal, metadata, dirty);
        contents = new ContentStore(
                metadata,
                journal,
                dirty,
                data.reader(),
                data.readAhead(),
                data.flusher()::awaitRoom,
                this::awaitStable,
                data.flusher()::flush);
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

    void openShipper(LocalIdentity identity, Shipper.Standing standing) {
        shipper = new Shipper(
                new Shipper.Parts(
                        journal,
                        metadata,
                        dirty,
                        data.flusher(),
                        data.reader(),
                        chain,
                        lease::check,
                        bucket.codec(),
                        journal.incarnation(),
                        identity.stateDirectory(),
                        options.clock(),
                        options.barriers().interval(),
                        remembered::remember,
                        e -> failure.complete(new VolumeException(VolumeException.Kind.HELD, e.getMessage(), e))),
                standing);
    }

    private void openVerbs() throws FsException {
        freeContent = new FreeContent(journal::lastSequence, dirty::isDirtyBefore);
        treeLocks = new TreeLocks(metadata, lockClock(Rows.all(metadata.view(), CounterRow.class)));
        quotas = new Quotas(metadata, options.clock()::millis);
        CairnFileSystem.Parts parts = new CairnFileSystem.Parts(
                bucket.format().fileSystem(),
                metadata,
                contents,
                freeContent,
                this::wakeBackground,
                journal::sync,
                treeLocks,
                quotas,
                options.trashKeep(),
                leases,
                this::nanos,
                Capacity.UNLIMITED,
                journal.incarnation(),
                false,
                0);
        CairnFileSystem present = new CairnFileSystem(parts);
        snapshots = new Snapshots(metadata, this::wakeBackground);
        fileSystem = VersionedFileSystem.over(present, parts, snapshots, contents::asOf);
        work = new BackgroundWork(
                metadata,
                List.of(
                        freeContent,
                        new SnapshotDeletion(journal::lastSequence),
                        new LockTree(treeLocks),
                        new UnlockTree(treeLocks),
                        new AssignQuota(quotas),
                        present.treeRemoval(),
                        present.treeCopy()));
        HiddenSnapshots.dropForsaken(metadata, present.treeCopy().hiddenSnapshots());
        differences = new Differences(metadata, snapshots, this::wakeBackground);
        TreeLocking treeLocking = new TreeLocking(metadata, treeLocks, work::wake);
        QuotaSetting quotaSetting = new QuotaSetting(metadata, quotas, options.clock()::millis, work::wake);
        treeUpkeep = new TreeUpkeep(treeLocking, quotaSetting, present.trash());
        trees = new Trees(metadata, journal, present, treeLocks, treeLocking, work);
        treeCopies =
                new TreeCopies(metadata, journal, present, snapshots, work, data.flusher()::flushAll, options.clock());
        treeQuotas = new TreeQuotas(metadata, journal, present, quotas, quotaSetting);
        treeSizes = new TreeSizes(metadata, snapshots, quotas, work::isClosed);
    }

    /** There is none yet when the verbs are made, as some of it is theirs. */
    private void wakeBackground() {
        work.wake();
    }

    LockClock lockClock(List<CounterRow> counters) {
        return new LockClock(counters, options.clock()::millis, System::nanoTime);
    }

    /** The wall clock in nanoseconds since the epoch. */
    private long nanos() {
        Instant now = options.clock().instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** Gives back what was taken, when opening failed. */
    void undo() {
        if (garbage != null) {
            garbage.close();
        }
        if (treeUpkeep != null) {
            treeUpkeep.close();
        }
        if (shipper != null) {
            shipper.close();
        }
        if (upkeep != null) {
            upkeep.close();
        }
        if (data != null) {
            data.close();
        }
        if (metadata != null) {
            metadata.close();
        }
        if (lease != null) {
            lease.close();
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
}
