package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.bucket.RootObject;
import org.cairnfs.core.checkpoint.RootCounters;
import org.cairnfs.core.data.flush.FlushSettings;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.gc.GcListener;
import org.cairnfs.core.gc.GcPolicy;
import org.cairnfs.core.gc.GcReport;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.gc.Retention;
import org.cairnfs.core.metadata.MetadataFailedException;
import org.cairnfs.core.metadata.row.CheckpointRow;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.restore.Moment;
import org.cairnfs.core.restore.Past;
import org.cairnfs.core.shipping.Overlays;
import org.cairnfs.core.testkit.FaultyObjectStore;
import org.cairnfs.core.testkit.FaultyObjectStore.Faults;
import org.cairnfs.core.testkit.ReadOnlyObjectStore;
import org.cairnfs.core.testkit.ShiftedClock;
import org.cairnfs.core.view.BucketReader;
import org.cairnfs.core.view.BucketView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files are written, removed, and written again with the same bytes; barriers and checkpoints are made, hours pass, garbage is collected, servers
 * die and are rebuilt, some that lost the bucket go on and collect garbage too, and the store fails. At any time, each byte of the
 * present, of each barrier of the window and of each restore point is there; and at the end, when all files are removed, so is everything in the
 * bucket.
 */
class GarbageModelTest {
    private static final int FILES = 12;
    private static final int MAX_SIZE = 120_000;

    /** Files are made of few different blocks, so that much is de-duplicated, and comes to life again. */
    private static final int BLOCKS = 12;

    private static final int BLOCK = 20_000;
    private static final FlushSettings SMALL_PACKS =
            new FlushSettings(Duration.ofHours(1), Duration.ofHours(1), 1L << 30, 48L << 20, 2, 1 << 20, 1 << 17, 2);
    private static final Retention RETENTION = new Retention(Duration.ofHours(3), 2, 1, 0, 0);
    private static final VolumeOptions OPTIONS = VolumeOptions.defaults()
            .withBarriers(VolumeFixture.NO_BARRIERS)
            .withJournal(new VolumeOptions.JournalSize(32 << 20, 64 << 10))
            .withFlush(SMALL_PACKS)
            .withGarbage(new VolumeOptions.Garbage(
                    new GcPolicy(70, 40_000, 4, Long.MAX_VALUE, 20_000, Duration.ZERO, RETENTION), Duration.ZERO))
            .withTakeOver();
    private static final int ROUNDS = Boolean.getBoolean("cairn.long") ? 300 : 24;

    @TempDir
    Path folder;

    private final ShiftedClock clock = new ShiftedClock();
    private Random random;
    private byte[][] blocks;
    private Map<String, byte[]> present = new TreeMap<>();

    /** By the sequence of the journal's record. */
    private NavigableMap<Long, Map<String, byte[]>> states = new TreeMap<>();

    private final List<Made> barriers = new ArrayList<>();
    private CairnVolume volume;
    private CairnVolume fenced;
    private VolumeFixture fixture;
    private FaultyObjectStore faulty;
    private double chanceOfFaults;
    private int failedSteps;
    private Bucket readBucket;
    private BucketReader reader;
    private Random whenToRead;
    private int views;
    private int restored;
    private int copies;
    private int wentBack;
    private long rewritten;
    private long deleted;
    private long deletedLogs;

    /** A barrier, and the roots that were in the bucket then. */
    private record Made(PastStates.Moment moment, Set<Long> roots) {}

    @ParameterizedTest
    @MethodSource("seeds")
    void whatCanBeRestoredStaysWhole(long seed) throws Exception {
        run(seed, 0);
        assertThat(faulty.injected()).isZero();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void soItIsWhereTheStoreFails(long seed) throws Exception {
        run(seed, 0.02);
        assertThat(faulty.injected()).as("faults").isPositive();
        assertThat(failedSteps).as("steps that failed").isPositive();
    }

    static LongStream seeds() {
        long first = Long.getLong("cairn.seed", 1);
        return LongStream.range(first, first + Long.getLong("cairn.seeds", 2));
    }

    private void run(long seed, double faults) throws Exception {
        random = new Random(seed);
        blocks = new byte[BLOCKS][BLOCK];
        for (byte[] block : blocks) {
            random.nextBytes(block);
        }
        fixture = new VolumeFixture(folder, seed % 2 == 0);
        faulty = new FaultyObjectStore(LocalObjectStore.open(fixture.bucketPath()), seed, Faults.NONE);
        chanceOfFaults = faults;
        states.put(0L, Map.of());
        readBucket = fixture.bucketOn(new ReadOnlyObjectStore(faulty));
        reader = BucketReader.open(readBucket, folder.resolve("reader"), new VolumeOptions.Caches(8 << 20, 0));
        whenToRead = new Random(seed);
        open();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = random.nextInt(10); i >= 0; i--) {
                change();
            }
            step(round);
            workOfTheFenced();
            if (whenToRead.nextInt(4) == 0) {
                readFromBeside();
            }
            if (round % 8 == 7) {
                age();
            }
        }
        goBack(ROUNDS);
        check("the last round");
        checkTargets(4);
        chanceOfFaults = 0;
        readFromBeside();
        chanceOfFaults = faults;
        assertThat(views).as("views of barriers").isPositive();
        assertThat(restored).as("targets that were restored").isPositive();
        assertThat(wentBack).as("times that it went back").isPositive();
        assertThat(rewritten).as("packs that were rewritten").isPositive();
        assertThat(deleted).as("packs that were deleted").isPositive();
        assertThat(deletedLogs).as("log objects that were deleted").isPositive();
        nothingLeaks();
    }

    /** One reader all the time, which finds more or less of its barrier collected. */
    private void readFromBeside() throws Exception {
        if (volume.shipping().sequence() == 0) {
            return;
        }
        BucketView[] view = new BucketView[1];
        if (tried(() -> view[0] = reader.newest(bytes -> {}))) {
            views++;
            try (BucketView seen = view[0]) {
                long sequence = seen.barrier().standing().sequence();
                check(seen.fileSystem(), states.floorEntry(sequence).getValue(), "barrier " + seen.barrier());
            }
        }
    }

    private void step(int round) throws Exception {
        switch (random.nextInt(18)) {
            case 0, 1, 2, 3 -> barrier();
            case 4, 5 -> checkpoint();
            case 6 -> tried(() -> volume.flush(left -> {}));
            case 7, 8 -> clock.advance(Duration.ofMinutes(random.nextInt(200)));
            case 9, 10, 11, 12 -> {
                collect(random.nextInt(8) == 0 ? GcRequest.DROP_ALL : GcRequest.WHOLE);
                checkTargets(1);
            }
            case 13 -> restart(round, random.nextBoolean());
            case 14 -> loseAndRebuild(round);
            case 15, 16 -> goBack(round);
            default -> checkTargets(2);
        }
    }

    /** What is there now is restored within the window, and then it is not. */
    private void age() throws Exception {
        for (int i = 0; i < 3; i++) {
            checkpoint();
            change();
            clock.advance(Duration.ofHours(2));
        }
        while (!collect(GcRequest.WHOLE)) {
            change();
        }
        checkTargets(2);
    }

    private void barrier() throws Exception {
        if (tried(volume::barrier)) {
            noteBarrier();
        }
    }

    /** Those that the collector makes are not noted: they have no state of their own. */
    private void noteBarrier() throws Exception {
        try (Bucket bucket = fixture.bucket()) {
            long sequence = volume.shipping().sequence();
            for (Logs.Position position : bucket.logs().positions()) {
                var log = bucket.logs().read(position);
                if (log.incarnation() == volume.incarnation() && log.barrier() && log.lastSequence() == sequence) {
                    barriers.add(new Made(PastStates.Moment.of(log), rootsBelow(bucket, log.height())));
                    return;
                }
            }
        }
    }

    /** Checkpoints are taken in the background too: one may have come behind the barrier since. */
    private static Set<Long> rootsBelow(Bucket bucket, long height) throws IOException {
        Set<Long> roots = new TreeSet<>();
        for (long sequence : bucket.roots().sequences()) {
            if (bucket.roots().read(sequence).height() < height) {
                roots.add(sequence);
            }
        }
        return roots;
    }

    private void checkpoint() throws Exception {
        if (tried(volume::checkpoint)) {
            change();
            barrier();
            tried(() -> volume.collector().tick());
        }
    }

    private boolean collect(GcRequest request) throws Exception {
        boolean whole = tried(() -> {
            GcReport report = volume.collectGarbage(request, GcListener.NONE);
            rewritten += report.rewrittenPacks();
            deleted += report.deletedPacks();
            deletedLogs += report.deletedLogs();
        });
        check("a collection");
        return whole;
    }

    /** A step that may fail with the store, and with nothing else. */
    private interface Step {
        void run() throws Exception;
    }

    private boolean tried(Step step) throws Exception {
        faulty.faults(Faults.errors(chanceOfFaults));
        try {
            step.run();
            return true;
        } catch (VolumeException e) {
            assertThat(e.kind()).as("%s", e).isEqualTo(VolumeException.Kind.STORE);
            assertThat(chanceOfFaults).as("%s", e).isGreaterThan(1e-6);
            failedSteps++;
            return false;
        } catch (ObjectStoreException e) {
            failedSteps++;
            return false;
        } finally {
            faulty.faults(Faults.NONE);
        }
    }

    private void open() throws Exception {
        double chance = chanceOfFaults;
        while (!tried(() -> volume = fixture.openOn(faulty, OPTIONS.withClock(clock)))) {
            chanceOfFaults *= 0.9;
        }
        chanceOfFaults = chance;
        volume.fileSystem().endGrace();
    }

    private void restart(int round, boolean databaseToo) throws Exception {
        volume.abandon();
        if (databaseToo) {
            try (var files = Files.list(fixture.state().resolve("metadata"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        open();
        check("restart in round " + round);
    }

    private void loseAndRebuild(int round) throws Exception {
        if (random.nextBoolean() && fenced == null) {
            fenced = volume;
        } else {
            volume.abandon();
        }
        long shipped;
        try (Bucket bucket = fixture.bucket()) {
            shipped = Overlays.sequence(bucket);
        }
        fixture.loseState("state-" + round);
        present = new TreeMap<>(states.floorEntry(shipped).getValue());
        states = new TreeMap<>(states.headMap(shipped, true));
        open();
        check("rebuild in round " + round);
    }

    /** The file system is put back to a moment of the past; what came since stays as it was, in the past. */
    private void goBack(int round) throws Exception {
        if (barriers.isEmpty()) {
            return;
        }
        volume.abandon();
        long since;
        try (Bucket bucket = fixture.bucket()) {
            since = Overlays.sequence(bucket);
        }
        fixture.loseState("past-" + round);
        Moment[] chosen = new Moment[1];
        double chance = chanceOfFaults;
        while (!tried(() -> MomentRestore.run(
                Buckets.open(faulty, fixture.secret()),
                fixture.state(),
                past -> chosen[0] = chosen[0] == null ? someMoment(past) : chosen[0],
                OPTIONS.withClock(clock),
                bytes -> {}))) {
            chanceOfFaults *= 0.9;
        }
        chanceOfFaults = chance;
        present = new TreeMap<>(states.floorEntry(chosen[0].sequence()).getValue());
        states = new TreeMap<>(states.headMap(since, true));
        states.put(since + 1, new TreeMap<>(present));
        open();
        check("going back to " + chosen[0] + " in round " + round);
        wentBack++;
    }

    private Moment someMoment(Past past) throws IOException {
        Instant begin = past.points().isEmpty()
                ? past.windowBegins().at()
                : past.points().get(0).at();
        long millis = Duration.between(begin, clock.instant()).toMillis();
        return past.at(begin.plusMillis(random.nextLong(millis + 1)), looked -> {})
                .orElseThrow();
    }

    /** It has lost the bucket and does not know; what it deletes must be nobody's. */
    private void workOfTheFenced() {
        if (fenced == null) {
            return;
        }
        try {
            OpContext op = new OpContext(Credentials.ROOT);
            FileSystem fs = fenced.fileSystem();
            for (int i = 0; i < 6; i++) {
                if (exists(fs, "f" + i)) {
                    fs.remove(op, fs.root(), Name.of("f" + i), RemoveKind.ANY);
                }
            }
            switch (random.nextInt(4)) {
                case 0 -> fenced.checkpoint();
                case 1 -> fenced.barrier();
                default -> fenced.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
            }
        } catch (FsException | VolumeException | MetadataFailedException e) {
            fenced.abandon();
            fenced = null;
        }
    }

    private void check(String when) throws FsException {
        check(volume.fileSystem(), present, when);
    }

    private static void check(FileSystem found, Map<String, byte[]> expected, String when) throws FsException {
        for (int i = 0; i < FILES; i++) {
            String name = "f" + i;
            assertThat(exists(found, name)).as("%s after %s", name, when).isEqualTo(expected.containsKey(name));
            if (expected.containsKey(name)) {
                byte[] actual = read(found, lookup(found, name));
                assertThat(Arrays.mismatch(actual, expected.get(name)))
                        .as("first difference in %s, of %d bytes, %s", name, actual.length, when)
                        .isEqualTo(-1);
            }
        }
    }

    /** Restores some of what can be restored. */
    private void checkTargets(int most) throws Exception {
        List<Made> targets = new ArrayList<>(targets());
        Collections.shuffle(targets, random);
        for (Made target : targets.subList(0, Math.min(most, targets.size()))) {
            restore(target);
        }
    }

    /** Barriers behind the root of the floor, and of each restore point below it the first one behind it. */
    private List<Made> targets() throws Exception {
        List<Made> targets = new ArrayList<>();
        long floor = volume.collector().floor();
        long height = 0;
        try (Bucket bucket = fixture.bucket()) {
            for (CheckpointRow point : volume.collector().restorePoints()) {
                RootObject root = bucket.roots()
                        .read(BucketLayout.rootSequence(point.objectKey()).getAsLong());
                assertThat(RootCounters.range(root).consistent()).isEqualTo(point.sequence());
                height = point.sequence() == floor ? root.height() : height;
                barriers.stream()
                        .filter(made -> made.moment().height() > root.height()
                                && made.moment().sequence() >= point.sequence())
                        .findFirst()
                        .filter(made -> made.moment().height() == root.height() + 1)
                        .ifPresent(targets::add);
            }
        }
        for (Made made : barriers) {
            if (made.moment().sequence() >= floor && made.moment().height() > height) {
                targets.add(made);
            }
        }
        return targets;
    }

    private void restore(Made made) throws Exception {
        Path copy = folder.resolve("copy-" + ++copies);
        PastStates.copy(
                fixture.bucketPath(),
                copy,
                made.moment(),
                made.roots().stream().map(BucketLayout::root).collect(Collectors.toSet()));
        CairnVolume then = fixture.openAt(
                copy, Files.createDirectories(folder.resolve("copied-" + copies)), OPTIONS.withClock(clock));
        check(
                then.fileSystem(),
                states.floorEntry(made.moment().sequence()).getValue(),
                "a restore to record " + made.moment() + ", floor "
                        + volume.collector().floor());
        then.abandon();
        restored++;
    }

    /** Nothing of the data is left when there is none any more. */
    private void nothingLeaks() throws Exception {
        if (fenced != null) {
            fenced.abandon();
            fenced = null;
        }
        for (String name : new TreeSet<>(present.keySet())) {
            volume.fileSystem()
                    .remove(new OpContext(Credentials.ROOT), volume.fileSystem().root(), Name.of(name), RemoveKind.ANY);
        }
        volume.finishBackgroundWork();
        volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        try (Bucket bucket = fixture.bucket()) {
            RootObject root = bucket.roots().newest().orElseThrow();
            Set<String> needed = root.chunks().stream()
                    .map(chunk -> chunk.pack().objectKey())
                    .collect(Collectors.toSet());
            Set<String> there = new TreeSet<>();
            bucket.store().forEach(BucketLayout.PACKS, object -> there.add(object.key()));
            assertThat(there).isEqualTo(new TreeSet<>(needed));
            assertThat(bucket.roots().sequences()).hasSize(1);
            assertThat(bucket.logs().positions()).hasSizeLessThan(10);
        }
    }

    private static boolean exists(FileSystem fs, String name) {
        try {
            lookup(fs, name);
            return true;
        } catch (FsException e) {
            return false;
        }
    }

    @AfterEach
    void giveBack() {
        if (fenced != null) {
            fenced.abandon();
        }
        volume.abandon();
        reader.close();
        readBucket.close();
    }

    /** One random change of the file system and of the model, which never changes an array in place. */
    private void change() throws FsException {
        String name = "f" + random.nextInt(FILES);
        OpContext op = new OpContext(Credentials.ROOT);
        FileSystem fs = volume.fileSystem();
        byte[] old = present.get(name);
        if (old == null) {
            fs.create(op, fs.root(), Name.of(name), CreateRequest.file(0644));
            old = new byte[0];
            present.put(name, old);
            states.put(op.journaled(), new TreeMap<>(present));
        }
        change(op, name, lookup(fs, name), old);
        if (op.journaled() > 0) {
            states.put(op.journaled(), new TreeMap<>(present));
        }
    }

    private void change(OpContext op, String name, FileHandle file, byte[] old) throws FsException {
        FileSystem fs = volume.fileSystem();
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                fs.remove(op, fs.root(), Name.of(name), RemoveKind.ANY);
                present.remove(name);
            }
            case 2 -> {
                int size = random.nextInt(MAX_SIZE);
                fs.setattr(op, file, SetAttributes.ofSize(size));
                present.put(name, Arrays.copyOf(old, size));
            }
            case 3 -> {
                String other = "f" + random.nextInt(FILES);
                fs.rename(op, fs.root(), Name.of(name), fs.root(), Name.of(other), RenameFlag.REPLACE);
                present.remove(name);
                present.put(other, old);
            }
            default -> {
                int offset = random.nextInt(3) * BLOCK;
                byte[] bytes = blocks[random.nextInt(BLOCKS)];
                fs.write(op, file, offset, ByteBuffer.wrap(bytes));
                byte[] changed = Arrays.copyOf(old, Math.max(old.length, offset + bytes.length));
                System.arraycopy(bytes, 0, changed, offset, bytes.length);
                present.put(name, changed);
            }
        }
    }
}
