package org.cairnfs.server.app;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.cairnfs.core.bucket.FormatObject;
import org.cairnfs.core.crypto.Suite;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreMetrics;
import org.cairnfs.core.objectstore.StoreStack;
import org.cairnfs.core.shipping.Shipper;
import org.cairnfs.core.view.FollowedBucket;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.config.Durability;

/** A {@link FollowedBucket} as operators see it: what would write to the bucket is refused. */
final class ReadOnlyVolume implements Volume {
    private final FollowedBucket followed;
    private final StoreStack store;
    private final StorageUrl storage;
    private final Tuning tuning;
    private final Trees trees = new ReadOnlyTrees();
    private volatile boolean stopping;

    ReadOnlyVolume(FollowedBucket followed, StoreStack store, StorageUrl storage) {
        this.followed = followed;
        this.store = store;
        this.storage = storage;
        this.tuning = new ReadOnlyTuning(followed, store);
    }

    @Override
    public FileSystem fileSystem() {
        return followed.fileSystem();
    }

    @Override
    public Optional<LeaseTable> leases() {
        return Optional.empty();
    }

    @Override
    public Tuning tuning() {
        return tuning;
    }

    @Override
    public VolumeSnapshots snapshots() {
        return new ReadOnlySnapshots();
    }

    @Override
    public VolumeChecks checks() {
        return new ReadOnlyChecks();
    }

    @Override
    public Trees trees() {
        return trees;
    }

    @Override
    public VolumeTrash trash() {
        return new ReadOnlyTrash();
    }

    @Override
    public VolumeStatus status() {
        FormatObject format = followed.bucket().format();
        FollowedBucket.Standing standing = followed.standing();
        Shipper.Standing barrier = standing.barrier().standing();
        long lookedAt = standing.lookedAt().toEpochMilli();
        boolean follows = standing.failure().isEmpty();
        return new VolumeStatus(
                format.fileSystem().toString(),
                format.label(),
                storage.toString(),
                format.suite() != Suite.PLAIN,
                format.compression().toString(),
                0,
                Durability.REMOTE,
                state(follows),
                followed.openedAt().toEpochMilli(),
                new VolumeStatus.Journal(0, 0, barrier.sequence(), barrier.sequence(), ""),
                tuning.caches(),
                new VolumeStatus.Dirty(0, 0),
                new VolumeStatus.Uploads(0, 0, 0, ""),
                new VolumeStatus.Barrier(
                        barrier.sequence(),
                        barrier.at().toEpochMilli(),
                        follows ? 0 : Math.max(1, System.currentTimeMillis() - lookedAt)),
                new VolumeStatus.Garbage(0, 0, 0, 0, ""),
                VolumeStatus.Scrub.NONE,
                new VolumeStatus.Following(true, lookedAt, standing.failure().orElse("")),
                standing.barrier().end().link().toString());
    }

    private VolumeStatus.State state(boolean follows) {
        if (followed.failure().isDone()) {
            return VolumeStatus.State.FAILED;
        } else if (stopping) {
            return VolumeStatus.State.STOPPING;
        }
        return follows ? VolumeStatus.State.SERVING : VolumeStatus.State.STORE_UNREACHABLE;
    }

    @Override
    public StoreMetrics storeMetrics() {
        return store.meter().metrics();
    }

    @Override
    public byte[] handleKey() {
        return followed.bucket().handleKey();
    }

    @Override
    public VolumeStatistics statistics() {
        return VolumeStatistics.of(followed.statistics(), followed.packStatistics(), tuning.caches(), 0);
    }

    @Override
    public void flush(Progress progress) throws CairnException {
        throw refusal();
    }

    @Override
    public GarbageReport collectGarbage(boolean dropRestorePoints, boolean dryRun, Progress progress)
            throws CairnException {
        throw refusal();
    }

    /** What a command gets that would have to write to the bucket. */
    static CairnException refusal() {
        return new CairnException(
                ExitCode.USAGE, "this server only reads the storage (--read-only)", "ask the server that writes to it");
    }

    /** There is never anything to upload. */
    @Override
    public boolean stop(Duration uploadTimeout, Progress progress) {
        stopping = true;
        followed.close();
        return true;
    }

    @Override
    public void abandon() {
        stopping = true;
        followed.close();
    }

    @Override
    public CairnException awaitFailure() throws InterruptedException {
        try {
            return EngineFailures.of(followed.failure().get());
        } catch (ExecutionException e) {
            throw new IllegalStateException("the failure of a volume is a value, not an exception", e);
        }
    }
}
