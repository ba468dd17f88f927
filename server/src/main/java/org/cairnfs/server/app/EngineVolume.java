package org.cairnfs.server.app;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.FormatObject;
import org.cairnfs.core.check.Scrub;
import org.cairnfs.core.crypto.Suite;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.objectstore.MeteringObjectStore;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreMetrics;
import org.cairnfs.core.objectstore.StoreStack;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.VolumeException;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;
import org.cairnfs.server.config.Durability;
import org.cairnfs.server.config.ServerConfig;

/** An open {@link CairnVolume} as operators see it. */
final class EngineVolume implements Volume {
    private final CairnVolume volume;
    private final StorageUrl storage;
    private final MeteringObjectStore meter;
    private final Durability durability;
    private final Tuning tuning;
    private final Trees trees;
    private final VolumeTrash trash;
    private final VolumeSnapshots snapshots;
    private final VolumeChecks checks;
    private final ServerConfig.Scrubbing scrubbing;
    private volatile boolean stopping;

    EngineVolume(CairnVolume volume, StoreStack store, StorageUrl storage, ServerConfig config) {
        this.volume = volume;
        this.meter = store.meter();
        this.tuning = new EngineTuning(volume, store);
        this.storage = storage;
        this.durability = config.shipping().durability();
        this.trees = new EngineTrees(volume, config.unlocking());
        this.trash = new EngineTrash(volume);
        this.checks = new EngineChecks(volume);
        this.scrubbing = config.scrubbing();
        if (!scrubbing.every().isZero()) {
            volume.keepScrubbing(new Scrub.Settings(scrubbing.every(), scrubbing.bytesPerSecond()));
        }
        this.snapshots = new EngineSnapshots(volume, config.snapshots(), Clock.system(ZoneId.systemDefault()));
    }

    @Override
    public FileSystem fileSystem() {
        return volume.fileSystem();
    }

    @Override
    public Optional<LeaseTable> leases() {
        return Optional.of(volume.leases());
    }

    @Override
    public Tuning tuning() {
        return tuning;
    }

    @Override
    public VolumeSnapshots snapshots() {
        return snapshots;
    }

    @Override
    public VolumeChecks checks() {
        return checks;
    }

    @Override
    public Trees trees() {
        return trees;
    }

    @Override
    public VolumeTrash trash() {
        return trash;
    }

    @Override
    public VolumeStatus status() {
        FormatObject format = volume.bucket().format();
        Journal journal = volume.journal();
        Journal.Usage usage = journal.usage();
        long dirty = volume.dirtyBytes();
        CairnVolume.Shipping shipping = volume.shipping();
        return new VolumeStatus(
                format.fileSystem().toString(),
                format.label(),
                storage.toString(),
                format.suite() != Suite.PLAIN,
                volume.compression().toString(),
                volume.incarnation(),
                durability,
                state(),
                volume.openedAt().toEpochMilli(),
                new VolumeStatus.Journal(
                        usage.bytes(),
                        usage.bound(),
                        journal.lastSequence(),
                        journal.syncedSequence(),
                        usage.shortage().orElse("")),
                tuning.caches(),
                new VolumeStatus.Dirty(dirty, volume.options().flush().dirtyBytes()),
                new VolumeStatus.Uploads(
                        0,
                        dirty,
                        shipping.at().toEpochMilli(),
                        volume.flushFailure().or(shipping::failure).orElse("")),
                new VolumeStatus.Barrier(shipping.sequence(), shipping.at().toEpochMilli(), behindMillis(shipping)),
                garbage(),
                scrub(),
                VolumeStatus.Following.NONE,
                volume.link().toString());
    }

    private VolumeStatus.Scrub scrub() {
        Scrub.Status scrub = volume.scrub();
        return new VolumeStatus.Scrub(
                scrubbing.every().toMillis(),
                scrub.begunMillis(),
                scrub.endedMillis(),
                scrub.checked(),
                volume.statistics().chunks(),
                scrub.damaged(),
                scrub.repaired(),
                scrub.failure().orElse(""));
    }

    private VolumeStatus.Garbage garbage() {
        String failure = volume.garbageFailure().orElse("");
        return volume.collector()
                .last()
                .map(report -> new VolumeStatus.Garbage(
                        volume.collector().lastAt().toEpochMilli(),
                        report.waitingBytes(),
                        report.deletedBytes(),
                        report.restorePoints(),
                        failure))
                .orElse(new VolumeStatus.Garbage(0, 0, 0, 0, failure));
    }

    /** How old the newest barrier is, if anything came after it. */
    private long behindMillis(CairnVolume.Shipping shipping) {
        long since = Math.max(shipping.at().toEpochMilli(), volume.openedAt().toEpochMilli());
        return shipping.behind() == 0 ? 0 : Math.max(1, System.currentTimeMillis() - since);
    }

    private VolumeStatus.State state() {
        if (volume.failure().isDone()) {
            return VolumeStatus.State.FAILED;
        } else if (stopping) {
            return VolumeStatus.State.STOPPING;
        }
        return volume.flushFailure().or(volume.shipping()::failure).isPresent()
                ? VolumeStatus.State.STORE_UNREACHABLE
                : VolumeStatus.State.SERVING;
    }

    @Override
    public StoreMetrics storeMetrics() {
        return meter.metrics();
    }

    @Override
    public byte[] handleKey() {
        return volume.bucket().handleKey();
    }

    @Override
    public VolumeStatistics statistics() {
        return VolumeStatistics.of(
                volume.statistics(),
                volume.packStatistics(),
                VolumeStatus.Cache.of(volume.caches()),
                volume.dirtyBytes());
    }

    @Override
    public void flush(Progress progress) throws CairnException {
        try {
            volume.flush(remaining(progress));
        } catch (VolumeException e) {
            throw EngineFailures.of(e);
        }
    }

    @Override
    public GarbageReport collectGarbage(boolean dropRestorePoints, boolean dryRun, Progress progress)
            throws CairnException {
        try {
            if (dryRun) {
                return GarbageReport.of(volume.forecastGarbage(dropRestorePoints), true);
            }
            return GarbageReport.of(
                    volume.collectGarbage(
                            dropRestorePoints ? GcRequest.DROP_ALL : GcRequest.WHOLE,
                            (phase, done, total) -> progress.report(phase, done, total, Progress.Unit.OBJECTS)),
                    false);
        } catch (VolumeException e) {
            throw EngineFailures.of(e);
        }
    }

    @Override
    public boolean stop(Duration uploadTimeout, Progress progress) throws CairnException {
        stopping = true;
        try {
            return volume.stop(uploadTimeout, remaining(progress));
        } catch (VolumeException e) {
            throw EngineFailures.of(e);
        }
    }

    @Override
    public void abandon() {
        stopping = true;
        volume.abandon();
    }

    @Override
    public CairnException awaitFailure() throws InterruptedException {
        try {
            return EngineFailures.of(volume.failure().get());
        } catch (ExecutionException e) {
            throw new IllegalStateException("the failure of a volume is a value, not an exception", e);
        }
    }

    /** Turns what is left into what was done of what there was at first. */
    private static LongConsumer remaining(Progress progress) {
        long[] total = {-1};
        return left -> {
            total[0] = Math.max(total[0], left);
            if (total[0] > 0) { // else there is nothing to wait for
                progress.report("uploading", total[0] - left, total[0], Progress.Unit.BYTES);
            }
        };
    }
}
