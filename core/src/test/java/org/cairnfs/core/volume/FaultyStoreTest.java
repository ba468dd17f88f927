package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.checkpoint.RootCounters;
import org.cairnfs.core.data.flush.FlushSettings;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.gc.GcListener;
import org.cairnfs.core.gc.GcPolicy;
import org.cairnfs.core.gc.GcReport;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.gc.Retention;
import org.cairnfs.core.metadata.MetadataFailedException;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.RetryPolicy;
import org.cairnfs.core.objectstore.RetryingObjectStore;
import org.cairnfs.core.shipping.Overlays;
import org.cairnfs.core.testkit.FaultyObjectStore;
import org.cairnfs.core.testkit.FaultyObjectStore.Faults;
import org.cairnfs.core.testkit.LateObjectStore;
import org.cairnfs.core.testkit.ShiftedClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Several threads change files while the store fails, before and after calls took effect, is slow, answers in another order, is away and
 * full by turns, and while barriers, checkpoints and collections go on as they do in a server; servers die, start again, are rebuilt
 * elsewhere, and come back when they were believed to be dead. No update is lost, no byte is wrong, and at the end each object in the bucket
 * is accounted for.
 *
 * <p>A few seconds for each seed; with {@code -Dcairn.minutes=N}, so long. {@code -Dcairn.seed} gives faults and steps; what the threads do
 * when is no part of it.
 */
class FaultyStoreTest {
    private static final int WORKERS = 3;
    private static final int STEPS = 12;
    private static final int OPERATIONS = 100;
    private static final long PATIENCE_SECONDS = 120;
    private static final Duration TIME = Duration.ofMinutes(Long.getLong("cairn.minutes", 0));
    private static final FlushSettings FLUSH = new FlushSettings(
            Duration.ofMillis(200), Duration.ofSeconds(1), 8 << 20, 48L << 20, 2, 1 << 20, 1 << 17, 3);
    private static final GcPolicy POLICY = new GcPolicy(
            70, 40_000, 4, Long.MAX_VALUE, 20_000, Duration.ZERO, new Retention(Duration.ofHours(1), 2, 1, 0, 0));
    private static final VolumeOptions OPTIONS = VolumeOptions.defaults()
            .withCaches(new VolumeOptions.Caches(1 << 20, 1 << 20))
            .withJournal(new VolumeOptions.JournalSize(64 << 20, 1 << 20))
            .withFlush(FLUSH)
            .withBarriers(new VolumeOptions.Barriers(Duration.ofMillis(200), false))
            .withGarbage(new VolumeOptions.Garbage(POLICY, Duration.ofSeconds(2)))
            .withTakeOver();
    private static final RetryPolicy RETRIES =
            new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofSeconds(1));

    @TempDir
    Path folder;

    private final ShiftedClock clock = new ShiftedClock();

    /** Held for reading by each operation of a worker; for writing where nothing may change. */
    private final ReentrantReadWriteLock world = new ReentrantReadWriteLock();

    private final Semaphore operations = new Semaphore(0);
    private final List<FileWorker> workers = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private Random random;
    private VolumeFixture fixture;
    private volatile CairnVolume volume;
    private CairnVolume fenced;
    private Line line;
    private int states;
    private int rebuilds;
    private int failedSteps;

    /** What a server talks to the bucket through. */
    private final class Line {
        final LateObjectStore late;
        final FaultyObjectStore faulty;
        final RetryingObjectStore store;

        Line() throws ObjectStoreException {
            late = new LateObjectStore(LocalObjectStore.open(fixture.bucketPath()), random.nextLong());
            faulty = new FaultyObjectStore(late, random.nextLong(), Faults.NONE);
            Random jitter = new Random(random.nextLong()); // thread-safe
            store = new RetryingObjectStore(faulty, RETRIES, RetryingObjectStore.Sleeper.SYSTEM, jitter);
            lines.add(this);
        }

        void trouble() {
            double errors = random.nextInt(3) == 0 ? 0.2 : 0.05;
            faulty.faults(new Faults(errors / 2, errors / 2, 0, 0.3, Duration.ofMillis(random.nextInt(20))));
            late.chance(0.05);
        }

        void calm() {
            faulty.faults(Faults.NONE);
            late.chance(0);
            late.settle();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostNothingLeaksAndNoByteIsWrong(long seed) throws Exception {
        random = new Random(seed);
        fixture = new VolumeFixture(folder, seed % 2 == 0);
        open("state");
        for (int i = 0; i < WORKERS; i++) {
            FileWorker worker =
                    new FileWorker(i, random.nextLong(), world.readLock(), () -> volume.fileSystem(), operations);
            workers.add(worker);
            worker.start();
        }
        Instant end = Instant.now().plus(TIME);
        for (int step = 0; step < STEPS || Instant.now().isBefore(end); step++) {
            line.trouble();
            work();
            if (step == STEPS / 2) {
                inStillWorld(() -> loseAndRebuild(true));
            } else {
                step();
            }
        }
        assertThat(lines.stream().mapToLong(each -> each.faulty.injected()).sum())
                .as("faults")
                .isPositive();
        assertThat(lines.stream().mapToLong(each -> each.late.late()).sum())
                .as("late writes")
                .isPositive();
        stopWorkers();
        nothingLeaks();
        System.out.printf(
                "seed %d: %d operations, %d faults, %d late writes, %d rebuilds, %d steps that failed%n",
                seed,
                workers.stream().mapToLong(FileWorker::operations).sum(),
                lines.stream().mapToLong(each -> each.faulty.injected()).sum(),
                lines.stream().mapToLong(each -> each.late.late()).sum(),
                rebuilds,
                failedSteps);
    }

    static LongStream seeds() {
        long first = Long.getLong("cairn.seed", 1);
        return LongStream.range(first, first + Long.getLong("cairn.seeds", 1));
    }

    /** Lets the workers go on for a while, and what is shipped is not asked for again. */
    private void work() throws Exception {
        assertThat(operations.tryAcquire(OPERATIONS, PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as(() -> "the workers go on; flush: " + volume.flushFailure() + ", shipping: " + volume.shipping())
                .isTrue();
        long shipped = volume.shipping().sequence();
        for (FileWorker worker : workers) {
            worker.failure();
            worker.forgetBefore(shipped);
        }
    }

    private void step() throws Exception {
        switch (random.nextInt(14)) {
            case 0 -> tried(() -> volume.flush(left -> {}));
            case 1 -> tried(volume::barrier);
            case 2, 3 -> tried(volume::checkpoint);
            case 4, 5 -> collect(GcRequest.WHOLE);
            case 6 -> collect(GcRequest.DROP_ALL);
            case 7 -> clock.advance(Duration.ofMinutes(random.nextInt(60)));
            case 8 -> outage(line.faulty::away);
            case 9 -> outage(line.faulty::full);
            case 10 -> inStillWorld(() -> restart(random.nextBoolean()));
            case 11 -> inStillWorld(this::stopAndServeElsewhere);
            default -> inStillWorld(() -> loseAndRebuild(random.nextBoolean()));
        }
    }

    private interface Switch {
        void set(boolean on);
    }

    private void outage(Switch trouble) throws Exception {
        trouble.set(true);
        // Until they wait at the bound, or for a moment.
        boolean unused = operations.tryAcquire(4 * OPERATIONS, 300 + random.nextInt(700), TimeUnit.MILLISECONDS);
        trouble.set(false);
    }

    private void collect(GcRequest request) throws Exception {
        tried(() -> volume.collectGarbage(request, GcListener.NONE));
        workOfTheFenced();
    }

    /** A step that may fail with the store, and with nothing else. */
    private interface Step {
        void run() throws Exception;
    }

    private boolean tried(Step step) throws Exception {
        try {
            step.run();
            return true;
        } catch (VolumeException e) {
            assertThat(e.kind()).as("%s", e).isEqualTo(VolumeException.Kind.STORE);
        } catch (ObjectStoreException e) {
            assertThat(e.kind()).as("%s", e).isEqualTo(ObjectStoreException.Kind.TRANSIENT);
        }
        failedSteps++;
        return false;
    }

    private void inStillWorld(Step step) throws Exception {
        world.writeLock().lock();
        try {
            step.run();
            for (FileWorker worker : workers) {
                worker.check(volume.fileSystem());
            }
        } finally {
            world.writeLock().unlock();
        }
    }

    private void open(String state) throws Exception {
        fixture.loseState(state);
        reopen();
    }

    private void reopen() throws Exception {
        line = new Line();
        line.trouble();
        for (int attempt = 0; !tried(() -> volume = fixture.openOn(line.store, OPTIONS.withClock(clock))); attempt++) {
            if (attempt == 20) {
                line.calm();
            }
        }
        volume.fileSystem().endGrace();
    }

    private void restart(boolean withoutDatabase) throws Exception {
        volume.abandon();
        line.late.settle();
        if (withoutDatabase) {
            try (var files = Files.list(fixture.state().resolve("metadata"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        reopen();
    }

    private void stopAndServeElsewhere() throws Exception {
        line.calm();
        VolumeFixture.stop(volume);
        open("stopped-" + ++states);
    }

    /** The server is lost with its disk, or only cut off for a while, and comes back when another has taken its place. */
    private void loseAndRebuild(boolean onlyCutOff) throws Exception {
        Line before = line;
        CairnVolume lost = volume;
        before.faulty.away(true);
        boolean comesBack = onlyCutOff && fenced == null;
        if (!comesBack) {
            lost.abandon();
        }
        before.late.settle();
        long shipped;
        try (Bucket bucket = fixture.bucket()) {
            shipped = Overlays.sequence(bucket);
        }
        for (FileWorker worker : workers) {
            worker.goBackTo(shipped);
        }
        open("lost-" + ++states);
        rebuilds++;
        if (comesBack) {
            fenced = lost;
            before.faulty.away(false);
        }
    }

    /** It has lost the bucket and does not know. What it deletes must be nobody's. */
    private void workOfTheFenced() {
        if (fenced == null) {
            return;
        }
        try {
            fenced.checkpoint();
            fenced.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        } catch (VolumeException | MetadataFailedException e) {
            fenced.abandon();
            fenced = null;
        }
    }

    private void stopWorkers() throws Exception {
        for (FileWorker worker : workers) {
            worker.end();
        }
        for (FileWorker worker : workers) {
            worker.join();
            worker.failure();
        }
    }

    /** Each object is one that somebody needs, and all of them together are the file system. */
    private void nothingLeaks() throws Exception {
        if (fenced != null) {
            fenced.abandon();
            fenced = null;
        }
        for (Line each : lines) {
            each.calm();
        }
        volume.flush(left -> {});
        volume.finishBackgroundWork();
        GcReport report = volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        accountForObjects(report);
        VolumeFixture.stop(volume);
        open("at-the-end");
        line.calm();
        FileSystem found = volume.fileSystem();
        for (FileWorker worker : workers) {
            worker.check(found);
        }
    }

    private void accountForObjects(GcReport report) throws Exception {
        try (Bucket bucket = fixture.bucket()) {
            Set<String> packs = new TreeSet<>(volume.referredPacks());
            packs.addAll(bucket.roots().newest().orElseThrow().chunks().stream()
                    .map(chunk -> chunk.pack().objectKey())
                    .collect(Collectors.toSet()));
            assertThat(keys(bucket, BucketLayout.PACKS))
                    .as("packs after %s", report)
                    .isEqualTo(packs);
            assertThat(bucket.roots().sequences()).as("the present").hasSize(1);
            Logs.Position base = RootCounters.position(bucket.roots().newest().orElseThrow());
            assertThat(bucket.logs().positions()).allMatch(position -> position.compareTo(base) > 0);
            Set<String> others = keys(bucket, "");
            others.removeIf(key -> key.startsWith(BucketLayout.PACKS)
                    || key.startsWith(BucketLayout.ROOTS)
                    || key.startsWith(BucketLayout.LOGS));
            others.remove(BucketLayout.KEYS);
            assertThat(others).containsExactly(BucketLayout.FORMAT, BucketLayout.LEASE);
        }
    }

    private static Set<String> keys(Bucket bucket, String prefix) throws ObjectStoreException {
        Set<String> keys = new TreeSet<>();
        bucket.store().forEach(prefix, object -> keys.add(object.key()));
        return keys;
    }

    @AfterEach
    void giveBack() throws Exception {
        world.writeLock().lock();
        try {
            for (FileWorker worker : workers) {
                worker.end();
            }
        } finally {
            world.writeLock().unlock();
        }
        for (FileWorker worker : workers) {
            worker.join();
        }
        if (fenced != null) {
            fenced.abandon();
        }
        volume.abandon();
        for (Line each : lines) {
            each.late.close();
        }
    }
}
