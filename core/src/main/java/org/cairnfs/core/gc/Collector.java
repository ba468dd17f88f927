package org.cairnfs.core.gc;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.crypto.KeyRing;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.row.CheckpointRow;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what nobody needs any more, in the order of {@code docs/garbage-collection.md}: leftovers, rewriting, a barrier, retiring,
 * restore points, a barrier, deleting, strays. Each step can be broken off anywhere; the next run goes on.
 *
 * <p>Thread-safe: one run at a time ({@code running}, which no other part of the file system takes); {@code stateLock} is a leaf and guards
 * {@code closed}.
 */
public final class Collector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

    /** A counter that is raised where a barrier is needed though nothing changed. */
    private static final String RUNS = "gc-runs";

    private final GcParts parts;
    private final GcPolicy policy;
    private final RestorePoints points;
    private final BarrierTimes times;
    private final Deletions deletions;
    private final LogRetention retention;
    private final Strays strays;
    private final ReentrantLock running = new ReentrantLock();
    private final ReentrantLock stateLock = new ReentrantLock();
    private final Condition closing = stateLock.newCondition();
    private boolean closed;
    private volatile Optional<GcReport> last = Optional.empty();
    private volatile Instant lastAt = Instant.EPOCH;

    public Collector(GcParts parts, GcPolicy policy) {
        this.parts = parts;
        this.policy = policy;
        this.points = new RestorePoints(parts);
        this.times = new BarrierTimes(policy.grace());
        this.deletions = new Deletions(parts.bucket().store(), parts.hold());
        this.retention = new LogRetention(parts, points, new RootHeads(parts.bucket()), deletions);
        this.strays = new Strays(parts, retention, policy.grace());
    }

    /** Is asked between steps whether the run is to end. */
    @FunctionalInterface
    interface Stop {
        void check() throws FsException;
    }

    /** What the last run did; empty before the first. */
    public Optional<GcReport> last() {
        return last;
    }

    /** When that ended. */
    public Instant lastAt() {
        return lastAt;
    }

    /** The restore points that there are, the oldest first. */
    public List<CheckpointRow> restorePoints() {
        return points.all();
    }

    /** From which record of the journal on each barrier can be restored; 0: from the beginning. */
    public long floor() {
        return points.floor();
    }

    /** Packs of checkpoints that are needed, which have no row, and of one that is being taken. */
    public Set<PackName> checkpointPacks() throws IOException {
        running.lock();
        try {
            Set<PackName> packs = new HashSet<>(parts.checkpoints().packsUnderWay());
            packs.addAll(retention.kept().packs());
            parts.checkpoints()
                    .newest()
                    .ifPresent(root -> root.chunks()
                            .forEach(chunk -> packs.add(chunk.pack().name())));
            return packs;
        } finally {
            running.unlock();
        }
    }

    /** Enters a new checkpoint as a restore point, when it is time, and remembers how far the bucket is; to be called every few seconds. */
    public void tick() throws IOException, FsException {
        times.note(parts.shipping().shipped(), parts.clock().instant());
        points.note();
    }

    /**
     * Does a run.
     *
     * @throws BucketException of kind HELD if another server has the bucket: nothing more may be written or deleted
     */
    public GcReport run(GcRequest request, GcListener listener)
            throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException {
        running.lock();
        try {
            Tally tally = new Tally();
            collect(request, listener, tally);
            GcReport report = tally.report();
            last = Optional.of(report);
            lastAt = parts.clock().instant();
            if (report.isDeleted() || report.rewrittenPacks() > 0 || report.retiredPacks() > 0) {
                LOG.info("garbage collection: {}", report);
            }
            return report;
        } finally {
            running.unlock();
        }
    }

    /** Says what a run that waits would do now; changes nothing, neither here nor in the bucket. */
    public GcReport forecast(boolean dropRestorePoints) throws IOException {
        running.lock();
        try {
            return new Forecast(parts, policy, retention, strays)
                    .run(look(Long.MAX_VALUE), points.all(), points.floor(), dropRestorePoints);
        } finally {
            running.unlock();
        }
    }

    private void collect(GcRequest request, GcListener listener, Tally tally)
            throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException {
        tick();
        listener.phase("looking at packs", 0, -1);
        PackSurvey survey = survey(tally);
        Retirement retirement = new Retirement(parts);
        for (PackRow pack : survey.leftovers()) {
            tally.retiredPacks += retirement.leftover(pack) ? 1 : 0;
        }
        new Rewriting(parts, policy, tally, listener).run(survey, this::checkOpen);
        tally.oldKeyPacks = look().oldKey().size();
        ship();
        if (points.isOwed()) {
            raiseRuns();
            ship();
        }
        if (request.waits() && !look(Long.MAX_VALUE).dead().isEmpty()) {
            listener.phase("waiting for the grace time", 0, -1);
            awaitGrace();
        }
        retire(retirement, tally, listener);
        chooseRestorePoints(request.dropRestorePoints(), listener);
        ship();
        delete(tally, listener, request.strays());
        tally.restorePoints = points.all().size();
    }

    private PackSurvey survey(Tally tally) {
        PackSurvey survey = look();
        tally.packs = survey.packs();
        tally.packBytes = survey.bytes();
        tally.liveBytes = survey.liveBytes();
        tally.more = survey.more();
        return survey;
    }

    private PackSurvey look() {
        return look(times.beforeGrace(parts.clock().instant()));
    }

    private PackSurvey look(long deadBefore) {
        Targets targets = new Targets(points.floor(), parts.shipping().shipped(), points.all());
        int generation = parts.bucket().keys().map(KeyRing::currentGeneration).orElse(0);
        return PackSurvey.of(parts.metadata().view(), policy, targets, generation, deadBefore);
    }

    private void ship()
            throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException {
        checkOpen();
        parts.shipping().ship();
        tick();
    }

    private void retire(Retirement retirement, Tally tally, GcListener listener) throws FsException {
        List<PackRow> left = new ArrayList<>(look().dead());
        long total = left.size();
        while (!left.isEmpty()) {
            Set<Long> done = new HashSet<>();
            for (PackChunks pack : PackChunks.of(parts.metadata().view(), left, PackChunks.MOST)) {
                checkOpen();
                if (pack.live().isEmpty() && retirement.retire(pack.pack(), pack.dead())) {
                    tally.retiredPacks++;
                }
                done.add(pack.pack().pack());
                listener.phase("retiring packs", total - left.size() + done.size(), total);
            }
            left.removeIf(pack -> done.contains(pack.pack()));
        }
    }

    private void chooseRestorePoints(boolean drop, GcListener listener)
            throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException {
        if (drop) {
            listener.phase("taking a checkpoint", 0, -1);
            parts.shipping().checkpoint();
            raiseRuns();
            ship();
            CheckpointRow only = points.note()
                    .orElseThrow(() -> new FsException(
                            Errno.EAGAIN,
                            "the new checkpoint did not come to be a restore point; nothing was dropped"));
            points.keep(List.of(only), Optional.of(only));
            return;
        }
        List<CheckpointRow> whole = new ArrayList<>(points.all());
        for (CheckpointRow broken : retention.kept().broken()) {
            LOG.warn("restore point {} is not whole in the bucket any more; it is dropped", broken.objectKey());
            whole.remove(broken);
        }
        Thinning.Choice choice =
                Thinning.choose(whole, policy.retention(), parts.clock().instant());
        points.keep(choice.kept(), choice.base());
    }

    /** Gives the journal something to ship, so that a barrier comes to be behind a checkpoint. */
    private void raiseRuns() throws FsException {
        Steps.mutate(parts.metadata(), transaction -> {
            long runs = transaction.scan(CounterRow.class, Optional.empty(), Integer.MAX_VALUE).stream()
                    .filter(counter -> counter.name().equals(RUNS))
                    .mapToLong(CounterRow::value)
                    .findFirst()
                    .orElse(0);
            transaction.put(new CounterRow(RUNS, runs + 1));
            return null;
        });
    }

    /** The restore points and rows that this relies on are in the bucket. */
    private void delete(Tally tally, GcListener listener, boolean withStrays)
            throws IOException, BucketException, FsException {
        checkOpen();
        listener.phase("deleting log and checkpoints", 0, -1);
        retention.run(policy.deletions(), tally);
        checkOpen();
        PackSurvey survey = look();
        tally.waitingPacks = survey.waiting();
        tally.waitingBytes = survey.waitingBytes();
        List<PackRow> go = survey.free();
        tally.more |= go.size() > policy.deletions();
        List<PackRow> first = go.subList(0, Math.min(policy.deletions(), go.size()));
        deletions.delete(first, PackRow::objectKey, gone -> {
            checkOpen();
            Steps.mutate(parts.metadata(), transaction -> {
                gone.forEach(pack -> transaction.delete(pack.key()));
                return null;
            });
            tally.deletedPacks += gone.size();
            tally.deletedBytes += gone.stream().mapToLong(PackRow::size).sum();
            listener.phase("deleting packs", tally.deletedPacks, first.size());
        });
        if (withStrays) {
            listener.phase("looking for strays", 0, -1);
            long altered = strays.altered();
            List<PackName> found = strays.find(tally.packs, policy.deletions());
            tally.damagedPacks += strays.altered() - altered;
            deletions.delete(found, PackName::objectKey, gone -> tally.strays += gone.size());
        }
    }

    private void checkOpen() throws FsException {
        stateLock.lock();
        try {
            if (closed) {
                throw new FsException(Errno.EAGAIN, "the server is stopping");
            }
        } finally {
            stateLock.unlock();
        }
    }

    private void awaitGrace() throws FsException {
        stateLock.lock();
        try {
            long left = policy.grace().toNanos();
            while (left > 0 && !closed) {
                left = closing.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FsException(Errno.EAGAIN, "interrupted while waiting for the grace time", e);
        } finally {
            stateLock.unlock();
        }
    }

    /** Ends the run that is under way after its present step; there are no more. Waits for it. */
    @Override
    public void close() {
        stateLock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            stateLock.unlock();
        }
        running.lock();
        try {
            LOG.debug("garbage collection has ended");
        } finally {
            running.unlock();
        }
    }
}
