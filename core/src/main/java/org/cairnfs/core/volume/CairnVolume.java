package org.cairnfs.core.volume;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Chain;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.check.CheckListener;
import org.cairnfs.core.check.Fsck;
import org.cairnfs.core.check.FsckReport;
import org.cairnfs.core.check.Scrub;
import org.cairnfs.core.check.Verify;
import org.cairnfs.core.check.VerifyParts;
import org.cairnfs.core.check.VerifyReport;
import org.cairnfs.core.check.VerifyRequest;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.gc.Collector;
import org.cairnfs.core.gc.GcListener;
import org.cairnfs.core.gc.GcReport;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.journal.FileJournal;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.journal.NioJournalFiles;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.metadata.H2MetadataStore;
import org.cairnfs.core.metadata.MetadataStatistics;
import org.cairnfs.core.shipping.Shipper;
import org.cairnfs.core.snapshot.Differences;
import org.cairnfs.core.snapshot.Retention;
import org.cairnfs.core.snapshot.SnapshotSchedule;
import org.cairnfs.core.snapshot.Snapshots;
import org.cairnfs.core.work.BackgroundWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open file system: a bucket, a state directory, and all that runs between them.
 *
 * <p>Opening takes the lease of the bucket, then the journal (whose start gives the incarnation), brings the database to the
 * journal's end, fills the dirty map from it, and starts the threads that flush and keep house. {@link #stop} does the
 * reverse, after everything is in the bucket, up to a last barrier.
 *
 * <p>A failure that nobody can go on from (journal, database, lease lost) is told through {@link #failure}; from then on every
 * mutating call fails, and whoever serves this volume ends it.
 *
 * <p>Thread-safe. {@link #stop} and {@link #abandon} happen once, guarded by this monitor.
 */
public final class CairnVolume {
    private static final Logger LOG = LoggerFactory.getLogger(CairnVolume.class);

    /** What is begun when it is opened comes first. */
    private static final Duration SCRUB_AFTER = Duration.ofMinutes(1);

    private final Bucket bucket;
    private final VolumeOptions options;
    private final LeaseKeeper lease;
    private final FileJournal journal;
    private final H2MetadataStore metadata;
    private final DirtyMap dirty;
    private final DataEngine data;
    private final BackgroundWork work;
    private final Chain chain;
    private final Shipper shipper;
    private final Upkeep upkeep;
    private final GarbageCollection garbage;
    private final Fsck fsck;
    private final VerifyParts verifying;
    private final TreeUpkeep treeUpkeep;
    private final Trees trees;
    private final TreeCopies treeCopies;
    private final Differences differences;
    private final TreeQuotas treeQuotas;
    private final TreeSizes treeSizes;
    private final FileSystem fileSystem;
    private final Snapshots snapshots;
    private final LeaseTable leases;
    private final CompletableFuture<VolumeException> failure;
    private final Instant openedAt;
    private Optional<ScheduledSnapshots> scheduled = Optional.empty();
    private volatile Optional<Scrubbing> scrubbing = Optional.empty();
    private volatile boolean ended;
    private boolean uploaded;

    private CairnVolume(Opening opening) {
        this.bucket = opening.bucket;
        this.options = opening.options;
        this.lease = opening.lease;
        this.journal = opening.journal;
        this.metadata = opening.metadata;
        this.dirty = opening.dirty;
        this.data = opening.data;
        this.work = opening.work;
        this.chain = opening.chain;
        this.shipper = opening.shipper;
        this.upkeep = opening.upkeep;
        this.garbage = opening.garbage;
        this.fsck = opening.fsck;
        this.verifying = opening.verifying;
        this.treeUpkeep = opening.treeUpkeep;
        this.trees = opening.trees;
        this.treeCopies = opening.treeCopies;
        this.differences = opening.differences;
        this.treeQuotas = opening.treeQuotas;
        this.treeSizes = opening.treeSizes;
        this.fileSystem = opening.fileSystem;
        this.snapshots = opening.snapshots;
        this.leases = opening.leases;
        this.failure = opening.failure;
        this.openedAt = opening.options.clock().instant();
    }

    /**
     * Opens a file system; ready to serve when this returns.
     *
     * @param bucket taken over: closed with the volume
     * @param stateDirectory exists, is locked by the caller against other processes, and is this volume's alone
     * @param progress told bytes of metadata that were fetched, when the database has to be rebuilt
     */
    public static CairnVolume open(Bucket bucket, Path stateDirectory, VolumeOptions options, LongConsumer progress)
            throws VolumeException {
        return open(bucket, stateDirectory, NioJournalFiles::in, options, progress);
    }

    /** The same, with the journal's files in a place of the caller's choice. */
    static CairnVolume open(
            Bucket bucket,
            Path stateDirectory,
            Opening.JournalPlace journalPlace,
            VolumeOptions options,
            LongConsumer progress)
            throws VolumeException {
        Opening opening = new Opening(bucket, stateDirectory, journalPlace, options);
        try {
            opening.run(progress);
            return new CairnVolume(opening);
        } catch (VolumeException | RuntimeException e) {
            opening.undo();
            throw e;
        }
    }

    /** What adapters serve; valid until {@link #stop}. */
    public FileSystem fileSystem() {
        return fileSystem;
    }

    /** The snapshots of it. */
    public Snapshots snapshots() {
        return snapshots;
    }

    /**
     * Makes and deletes snapshots by a schedule from now on, until this volume ends; once.
     *
     * @param clock whose zone has the hours and days
     * @return the schedule
     */
    public synchronized SnapshotSchedule keepSnapshots(Retention retention, Clock clock) {
        SnapshotSchedule schedule = new SnapshotSchedule(snapshots, retention, clock);
        if (!ended && retention.shortest().isPresent()) {
            scheduled = Optional.of(new ScheduledSnapshots(schedule));
            scheduled.get().start();
        }
        return schedule;
    }

    /** Waits until what was changed up to a sequence survives a power loss. */
    public void sync(long sequence) throws VolumeException {
        bucketStep(() -> journal.sync(sequence));
    }

    /** What its changes ask for leases (delegations): an adapter gives them there. */
    public LeaseTable leases() {
        return leases;
    }

    /** How snapshots differ. */
    public Differences differences() {
        return differences;
    }

    /** Copies of trees, and what brings them back to what they were. */
    public TreeCopies treeCopies() {
        return treeCopies;
    }

    /** What operators do with whole trees. */
    public Trees trees() {
        return trees;
    }

    /** What trees may hold. */
    public TreeQuotas treeQuotas() {
        return treeQuotas;
    }

    /** What trees hold. */
    public TreeSizes treeSizes() {
        return treeSizes;
    }

    /** Completes when this volume cannot go on. */
    public CompletableFuture<VolumeException> failure() {
        return failure;
    }

    /** The number of this start. */
    public long incarnation() {
        return journal.incarnation();
    }

    public Bucket bucket() {
        return bucket;
    }

    public Instant openedAt() {
        return openedAt;
    }

    public Journal journal() {
        return journal;
    }

    public MetadataStatistics statistics() {
        return metadata.statistics();
    }

    /** Counts packs, by a scan of their rows. */
    public PackStatistics packStatistics() {
        return PackStatistics.of(metadata.view());
    }

    /** Keys of the packs of file data that the metadata refers to; for tests. */
    Set<String> referredPacks() {
        return PackStatistics.livingPacks(metadata.view());
    }

    /** Its rows; for tests. */
    H2MetadataStore metadata() {
        return metadata;
    }

    /** What is kept near of the bucket's chunks. */
    public Caches caches() {
        return new Caches(metadata.view(), data.chunks(), data.diskCache());
    }

    public VolumeOptions options() {
        return options;
    }

    /** Bytes that were written and are in no pack yet. */
    public long dirtyBytes() {
        return dirty.dataBytes();
    }

    /** What new chunks are compressed with: at first, what the file system was made with. */
    public Compression compression() {
        return data.flusher().compression();
    }

    /** Compresses new chunks so, until this volume ends; what is stored already stays as it is. */
    public void compression(Compression compression) {
        data.flusher().compression(compression);
    }

    /** Why the last flush failed; empty if it did not. */
    public Optional<String> flushFailure() {
        return data.flusher().lastFailure();
    }

    /** The newest link of the chain: whoever remembers it notices a bucket that was rolled back. */
    public Link link() {
        return chain.end().link();
    }

    /**
     * How far the bucket follows.
     *
     * @param sequence of the newest barrier
     * @param at when it was made
     * @param behind records that are not shipped
     * @param failure why the last barrier did not work; empty if it did
     */
    public record Shipping(long sequence, Instant at, long behind, Optional<String> failure) {}

    /** Makes a barrier in the bucket now: data and metadata up to this call. What is dirty may stay so. */
    public void barrier() throws VolumeException {
        bucketStep(shipper::ship);
    }

    /** Puts a checkpoint of the metadata into the bucket now, so that a rebuild has less log to replay. */
    public void checkpoint() throws VolumeException {
        bucketStep(upkeep::checkpoint);
    }

    /** Gives back what nothing needs any more; see {@link Collector}. */
    public GcReport collectGarbage(GcRequest request, GcListener listener) throws VolumeException {
        GcReport[] report = new GcReport[1];
        bucketStep(() -> report[0] = garbage.collector().run(request, listener));
        return report[0];
    }

    /** Says what {@link #collectGarbage} would do now. */
    public GcReport forecastGarbage(boolean dropRestorePoints) throws VolumeException {
        GcReport[] report = new GcReport[1];
        bucketStep(() -> report[0] = garbage.collector().forecast(dropRestorePoints));
        return report[0];
    }

    /**
     * Checks the metadata, and the bucket against it; see {@link Fsck}.
     *
     * @param repair whether to mend what is wrong
     */
    public FsckReport check(boolean repair, CheckListener listener) throws VolumeException {
        FsckReport[] report = new FsckReport[1];
        bucketStep(() -> {
            report[0] = fsck.run(repair, listener);
            journal.sync(journal.lastSequence());
        });
        return report[0];
    }

    /** Reads back what is in the bucket; see {@link Verify}. */
    public VerifyReport verify(VerifyRequest request, CheckListener listener) throws VolumeException {
        VerifyReport[] report = new VerifyReport[1];
        bucketStep(() -> {
            report[0] = new Verify(verifying, request, listener, () -> ended).run();
            journal.sync(journal.lastSequence());
        });
        return report[0];
    }

    /** Reads all data back in the background from now on, until this volume ends; once. */
    public synchronized void keepScrubbing(Scrub.Settings settings) {
        if (!ended && scrubbing.isEmpty()) {
            Scrubbing started = new Scrubbing(new Scrub(verifying, settings), SCRUB_AFTER);
            scrubbing = Optional.of(started);
            started.start();
        }
    }

    /** How far reading all data back is, and was; whether it goes on now or not. */
    public Scrub.Status scrub() {
        return scrubbing.map(Scrubbing::status).orElseGet(() -> Scrub.load(verifying));
    }

    /** For what it knows of restore points and of its last run. */
    public Collector collector() {
        return garbage.collector();
    }

    /** Why the last run of the collector in the background was broken off; empty if it was not. */
    public Optional<String> garbageFailure() {
        return garbage.failure();
    }

    /** What reading back works with; for tests. */
    VerifyParts verifying() {
        return verifying;
    }

    /** Does what is left to do in the background, such as freeing what large files held; for tests. */
    boolean finishBackgroundWork() {
        return work.drain();
    }

    /** A step that writes to the bucket. */
    @FunctionalInterface
    private interface BucketStep {
        void run() throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException;
    }

    private static void bucketStep(BucketStep step) throws VolumeException {
        try {
            step.run();
        } catch (BucketException e) {
            throw new VolumeException(VolumeException.Kind.HELD, e.getMessage(), e);
        } catch (FsException | IOException e) {
            throw new VolumeException(VolumeException.Kind.STORE, "cannot write to the bucket: " + e.getMessage(), e);
        } catch (JournalFailedException | JournalCorruptException e) {
            throw new VolumeException(VolumeException.Kind.LOCAL_STORAGE, e.getMessage(), e);
        }
    }

    public Shipping shipping() {
        Shipper.Standing standing = shipper.standing();
        return new Shipping(
                standing.sequence(),
                standing.at(),
                Math.max(0, journal.lastSequence() - standing.sequence()),
                shipper.lastFailure());
    }

    /**
     * Brings all that is dirty now, and the metadata up to now, into the bucket.
     *
     * @param progress told the bytes that are still dirty
     */
    public void flush(LongConsumer progress) throws VolumeException {
        bucketStep(() -> {
            data.flusher().flushAll(progress);
            shipper.ship();
            metadata.checkpointDatabase();
            upkeep.trim();
        });
    }

    /**
     * Ends cleanly. The caller has stopped all adapters: nothing calls the file system any more.
     *
     * @param timeout how long to try to upload; what is not uploaded then stays in the journal
     * @param progress told the bytes that are still dirty
     * @return whether everything is in the bucket
     */
    public synchronized boolean stop(Duration timeout, LongConsumer progress) throws VolumeException {
        if (ended) {
            return uploaded;
        }
        ended = true;
        scheduled.ifPresent(ScheduledSnapshots::close);
        fsck.close();
        scrubbing.ifPresent(Scrubbing::close);
        garbage.close();
        upkeep.close();
        treeUpkeep.close();
        work.close();
        boolean flushed = false;
        try {
            shipper.close();
            flushed = !failure.isDone() && flushUntil(System.nanoTime() + timeout.toNanos(), progress);
            if (flushed) {
                metadata.checkpointDatabase();
                shipper.ship();
                LOG.info("everything up to journal sequence {} is in the bucket", shipper.shipped());
                if (upkeep.isCheckpointDue()) {
                    upkeep.checkpoint();
                }
                upkeep.trim();
                uploaded = true;
            }
        } catch (IOException | FsException | JournalFailedException | JournalCorruptException e) {
            LOG.warn("clean here, not yet in the bucket: {}; the next start goes on uploading", e.getMessage());
        } finally {
            data.close();
            closeAll(true);
        }
        return uploaded;
    }

    /** Ends as a crash would, but for the threads and files of this process: nothing is flushed, synced or released. */
    public synchronized void abandon() {
        if (!ended) {
            ended = true;
            scheduled.ifPresent(ScheduledSnapshots::close);
            fsck.close();
            scrubbing.ifPresent(Scrubbing::close);
            garbage.close();
            upkeep.close();
            data.close();
            shipper.close();
            metadata.abandon();
            treeUpkeep.close();
            work.close();
            closeAll(false);
        }
    }

    private boolean flushUntil(long deadline, LongConsumer progress) {
        while (true) {
            try {
                data.flusher().flushAll(progress);
                return true;
            } catch (FsException e) {
                if (System.nanoTime() >= deadline) {
                    LOG.warn("{} dirty bytes are not in the bucket yet: {}", dirty.dataBytes(), e.getMessage());
                    return false;
                }
                LOG.warn("upload failed: {}; trying again", e.getMessage());
                try {
                    TimeUnit.SECONDS.sleep(1);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
    }

    private void closeAll(boolean clean) throws RuntimeException {
        lease.close();
        if (clean) {
            metadata.close();
        }
        try {
            journal.close();
        } catch (JournalFailedException e) {
            LOG.error("the journal was not closed cleanly: {}", e.getMessage());
        }
        if (clean && uploaded) {
            lease.release();
        }
        bucket.close();
    }
}
