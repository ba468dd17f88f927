package org.cairnfs.server.app;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.MetadataStore.Committed;
import org.cairnfs.core.snapshot.Differences;
import org.cairnfs.core.snapshot.Retention;
import org.cairnfs.core.snapshot.Retention.Period;
import org.cairnfs.core.snapshot.Snapshot;
import org.cairnfs.core.snapshot.SnapshotSchedule;
import org.cairnfs.core.snapshot.Snapshots;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.VolumeException;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.config.ServerConfig;

/** The snapshots of an open {@link CairnVolume}. */
final class EngineSnapshots implements VolumeSnapshots {
    private final CairnVolume volume;
    private final Snapshots snapshots;
    private final SnapshotSchedule schedule;
    private final Clock clock;

    /** Begins to make and delete snapshots as the configuration says. */
    EngineSnapshots(CairnVolume volume, ServerConfig.SnapshotsKept kept, Clock clock) {
        this.volume = volume;
        this.snapshots = volume.snapshots();
        this.schedule = volume.keepSnapshots(retention(kept), clock);
        this.clock = clock;
    }

    private static Retention retention(ServerConfig.SnapshotsKept kept) {
        return Retention.NONE
                .with(Period.HOURLY, kept.hourly())
                .with(Period.DAILY, kept.daily())
                .with(Period.WEEKLY, kept.weekly())
                .with(Period.MONTHLY, kept.monthly())
                .with(Period.YEARLY, kept.yearly());
    }

    @Override
    public List<Info> list() {
        return infos(snapshots.all());
    }

    private static List<Info> infos(Collection<Snapshot> snapshots) {
        return snapshots.stream().map(EngineSnapshots::info).toList();
    }

    private static Info info(Snapshot snapshot) {
        return new Info(
                snapshot.name().toString(),
                snapshot.number(),
                snapshot.created().toEpochMilli(),
                snapshot.holds(),
                snapshot.automatic());
    }

    @Override
    public Info create(String name) throws CairnException {
        String given = name.isEmpty() ? SnapshotSchedule.nameAt(clock.instant()) : name;
        return changed(() -> snapshots.create(Name.of(given), false));
    }

    @Override
    public Info delete(String name) throws CairnException {
        return changed(() -> snapshots.delete(Name.of(name)));
    }

    @Override
    public Info rename(String name, String to) throws CairnException {
        return changed(() -> snapshots.rename(Name.of(name), Name.of(to)));
    }

    @Override
    public Info hold(String name) throws CairnException {
        return changed(() -> snapshots.hold(Name.of(name)));
    }

    @Override
    public Info release(String name) throws CairnException {
        return changed(() -> snapshots.release(Name.of(name)));
    }

    @Override
    public List<Info> expire(boolean dryRun) throws CairnException {
        List<Info> expired = new ArrayList<>();
        for (Snapshot snapshot : schedule.expired()) {
            expired.add(dryRun ? info(snapshot) : changed(() -> snapshots.delete(snapshot.name())));
        }
        return expired;
    }

    @Override
    public Counts diff(String from, String to, String path, Changes changes) throws CairnException {
        ToldDifferences told = new ToldDifferences(changes);
        try {
            volume.differences()
                    .between(
                            Name.of(from),
                            to.isEmpty() ? Optional.empty() : Optional.of(Name.of(to)),
                            Differences.below(path, told));
            return told.end();
        } catch (FsException e) {
            throw of(e);
        } catch (Batches.StoppedException e) {
            throw e.getCause();
        }
    }

    @Override
    public RolledBack rollback(String name, String path, Progress progress) throws CairnException {
        try {
            Snapshot before = volume.treeCopies().rollback(Name.of(name), path, new CopyProgress(progress));
            return new RolledBack(path, name, before.name().toString());
        } catch (FsException e) {
            throw of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(ExitCode.INTERRUPTED, "interrupted; nothing was rolled back", "", e);
        }
    }

    @Override
    public long nextMillis() {
        return schedule.next().map(Instant::toEpochMilli).orElse(0L);
    }

    private interface Mutation {
        Committed<Snapshot> run() throws FsException;
    }

    private Info changed(Mutation change) throws CairnException {
        try {
            Committed<Snapshot> committed = change.run();
            volume.sync(committed.sequence());
            return info(committed.value());
        } catch (FsException e) {
            throw of(e);
        } catch (VolumeException e) {
            throw EngineFailures.of(e);
        }
    }

    private static CairnException of(FsException failure) {
        return switch (failure.errno()) {
            case EEXIST, EBUSY, E2BIG -> new CairnException(ExitCode.USAGE, failure.getMessage(), "", failure);
            default -> EngineFailures.of(failure);
        };
    }
}
