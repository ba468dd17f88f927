package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.base.Splitter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.data.flush.FlushSettings;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.gc.GcListener;
import org.cairnfs.core.gc.GcPolicy;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.metadata.RowSink;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.namespace.Trash;
import org.cairnfs.core.namespace.TreeCopy;
import org.cairnfs.core.snapshot.Snapshot;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.core.testkit.MutationSequence;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.StillImage;
import org.cairnfs.core.testkit.Subject;
import org.cairnfs.core.testkit.TreeByHand;
import org.cairnfs.core.treelock.UnlockPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations mixed with snapshots, their deletion, copies, rollbacks, tree locks, flushes, barriers, restarts, rebuilds and garbage collection: every snapshot stays
 * what the model was when it was taken, and the present is what the model is; and when all is deleted, nothing is left.
 */
class SnapshotModelTest {
    private static final int OPERATIONS = Boolean.getBoolean("cairn.long") ? 4_000 : 200;
    private static final OpContext ROOT = new OpContext(Credentials.ROOT);

    private static final TreeCopies.Listener SILENT = new TreeCopies.Listener() {
        @Override
        public void isUploading(long bytes) {}

        @Override
        public void isCopying(TreeCopy.Progress progress) {}
    };

    @TempDir
    Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final Map<Long, List<String>> images = new HashMap<>();
    private final FakeClock clock = new FakeClock();
    private final FakeClock modelClock = new FakeClock();
    private final List<Integer> events = new ArrayList<>();
    private Random random;
    private CairnVolume volume;
    private final Map<Long, ModelFileSystem> pasts = new HashMap<>();
    private int states;
    private int copies;
    private int rollbacks;
    private int locks;
    private int snapshots;
    private int deleted;
    private int rebuilds;
    private int dirtyAtSnapshot;

    static LongStream seeds() {
        long first = Long.getLong("cairn.seed", 1);
        return LongStream.range(first, first + (Boolean.getBoolean("cairn.long") ? 10 : 2));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everySnapshotStaysAsItWas(long seed) throws Exception {
        random = new Random(seed);
        BucketOptions options = new BucketOptions(
                "snapshots", ChunkSizes.ofAverage(1 << 10), Compression.DEFAULT, new Argon2Cost(64, 1, 1));
        Buckets.create(store, options, List.of(), clock.asClock()).close();
        open();
        MutationSequence operations = MutationSequence.random(seed, OPERATIONS);
        ModelFileSystem model = new ModelFileSystem(modelClock);
        model.endGrace();
        MutationSequence.Player expected = operations.on(Subject.of(model), modelClock);
        MutationSequence.Player actual = operations.on(new Restarted(), clock);
        for (int i = 0; i < operations.length(); i++) {
            expected.next();
            actual.next();
            if (random.nextInt(8) == 0) {
                event(model, i);
            }
        }
        checkAll(model, "the end");
        assertThat(snapshots).as("snapshots").isGreaterThan(3);
        assertThat(deleted).as("deleted snapshots").isPositive();
        assertThat(rebuilds).as("rebuilds").isPositive();
        assertThat(copies).as("copies").isPositive();
        assertThat(rollbacks).as("rollbacks").isPositive();
        assertThat(locks).as("locks").isPositive();
        assertThat(dirtyAtSnapshot).as("snapshots of what was not flushed").isPositive();
        nothingIsLeft();
    }

    private void event(ModelFileSystem model, int step) throws Exception {
        if (events.isEmpty()) {
            IntStream.range(0, 20).forEach(events::add);
            Collections.shuffle(events, random);
        }
        switch (events.remove(0)) {
            case 0, 1, 2, 3 -> take(model, step);
            case 4, 5 -> delete();
            case 6, 7 -> volume.flush(left -> {});
            case 8 -> volume.barrier();
            case 9 -> volume.checkpoint();
            case 10 -> restart(false);
            case 11 -> restart(true);
            case 12 -> rebuild();
            case 13 -> {
                volume.barrier();
                volume.collectGarbage(GcRequest.QUIET, GcListener.NONE);
            }
            case 14 -> renameAndHold();
            case 15, 16 -> copy(model, step);
            case 17 -> rollback(model, step);
            case 18 -> lock(model);
            default -> checkAll(model, "step " + step);
        }
    }

    private void take(ModelFileSystem model, int step) throws Exception {
        dirtyAtSnapshot += volume.dirtyBytes() > 0 ? 1 : 0;
        Snapshot made = volume.snapshots()
                .create(Name.of("s" + step), random.nextBoolean())
                .value();
        images.put(made.number(), StillImage.of(model, model.root()));
        ModelFileSystem past = new ModelFileSystem(modelClock);
        past.endGrace();
        TreeByHand.copyInto(model, model.root(), past, past.root());
        pasts.put(made.number(), past);
        snapshots++;
    }

    private void delete() throws FsException {
        List<Snapshot> all = new ArrayList<>(volume.snapshots().all());
        if (!all.isEmpty()) {
            Snapshot one = all.get(random.nextInt(all.size()));
            volume.snapshots().delete(one.name());
            images.remove(one.number());
            pasts.remove(one.number());
            deleted++;
            assertThat(volume.snapshots().find(one.number())).isEmpty();
        }
    }

    /** A directory of the model, by a path that can be said in a command. */
    private record Place(String path, FileHandle handle) {
        String child(Name name) {
            return path + "/" + name;
        }
    }

    /** As opposed to a name in other bytes than UTF-8, which a command cannot be given. */
    private static boolean isText(Name name) {
        return Arrays.equals(name.toString().getBytes(StandardCharsets.UTF_8), name.bytes());
    }

    private Place randomDirectory(FileSystem model) throws FsException {
        List<Place> all = new ArrayList<>(List.of(new Place("", model.root())));
        for (int i = 0; i < all.size(); i++) {
            Place at = all.get(i);
            for (DirectoryPage.DirectoryEntry entry : TreeByHand.entries(model, at.handle())) {
                if (entry.node().attributes().type() == FileType.DIRECTORY && isText(entry.name())) {
                    all.add(new Place(at.child(entry.name()), entry.node().handle()));
                }
            }
        }
        return all.get(random.nextInt(all.size()));
    }

    /** Of the present, or out of a snapshot. */
    private void copy(ModelFileSystem model, int step) throws Exception {
        Place target = randomDirectory(model);
        Name name = Name.of("copy" + step);
        List<Snapshot> all = new ArrayList<>(volume.snapshots().all());
        if (all.isEmpty() || random.nextBoolean()) {
            Place source = randomDirectory(model);
            assertThat(volume.treeCopies().copy(source.path() + "/", target.child(name), SILENT))
                    .isPresent();
            ModelFileSystem still = new ModelFileSystem(modelClock); // It may be copied into itself.
            still.endGrace();
            TreeByHand.copy(model, source.handle(), still, still.root(), name);
            TreeByHand.copy(still, still.lookup(ROOT, still.root(), name).handle(), model, target.handle(), name);
        } else {
            Snapshot one = all.get(random.nextInt(all.size()));
            ModelFileSystem past = pasts.get(one.number());
            Place source = randomDirectory(past);
            assertThat(volume.treeCopies()
                            .copy("/.snapshots/" + one.name() + source.path() + "/", target.child(name), SILENT))
                    .isPresent();
            TreeByHand.copy(past, source.handle(), model, target.handle(), name);
        }
        copies++;
        checkAll(model, "a copy");
    }

    private void rollback(ModelFileSystem model, int step) throws Exception {
        if (volume.snapshots().all().isEmpty()) {
            take(model, step);
        }
        List<Snapshot> all = new ArrayList<>(volume.snapshots().all());
        Snapshot one = all.get(random.nextInt(all.size()));
        List<String> before = StillImage.of(model, model.root());
        Snapshot safety = volume.treeCopies().rollback(one.name(), "/", SILENT);
        ModelFileSystem now = new ModelFileSystem(modelClock);
        now.endGrace();
        TreeByHand.copyInto(model, model.root(), now, now.root());
        images.put(safety.number(), before);
        pasts.put(safety.number(), now);
        TreeByHand.empty(model, model.root());
        ModelFileSystem past = pasts.get(one.number());
        TreeByHand.copyInto(past, past.root(), model, model.root());
        drain();
        rollbacks++;
        checkAll(model, "a rollback");
    }

    /** While a tree is locked nothing in it changes; afterwards all is as before. */
    private void lock(ModelFileSystem model) throws Exception {
        Place place = randomDirectory(model);
        volume.trees().lock(List.of(place.path() + "/"), 0);
        drain();
        FileSystem fs = volume.fileSystem();
        FileHandle directory = fs.root();
        for (String name : Splitter.on('/').omitEmptyStrings().split(place.path())) {
            directory = fs.lookup(ROOT, directory, Name.of(name)).handle();
        }
        FileHandle locked = directory;
        assertThat(Shell.errno(() -> fs.create(ROOT, locked, Name.of("new"), CreateRequest.file(0))))
                .contains(Errno.EPERM);
        for (DirectoryPage.DirectoryEntry entry : TreeByHand.entries(fs, locked)) {
            assertThat(Shell.errno(() -> fs.remove(ROOT, locked, entry.name(), RemoveKind.ANY))
                            .orElseThrow())
                    .isIn(Errno.EPERM, Errno.ENOTEMPTY);
            assertThat(Shell.errno(() -> fs.setattr(ROOT, entry.node().handle(), SetAttributes.ofMode(0))))
                    .contains(Errno.EPERM);
        }
        FsException refused = catchThrowableOfType(
                FsException.class, () -> volume.trees().remove(List.of(place.path() + "/"), false));
        assertThat(refused.errno()).isIn(Errno.EPERM, Errno.EINVAL);
        volume.trees().unlock(List.of(place.path() + "/"), UnlockPolicy.ALLOWED);
        drain();
        locks++;
        checkAll(model, "a lock");
    }

    private void drain() throws Exception {
        volume.flush(left -> {});
        while (!volume.finishBackgroundWork()) {
            volume.flush(left -> {});
        }
    }

    private void renameAndHold() throws FsException {
        List<Snapshot> all = new ArrayList<>(volume.snapshots().all());
        if (!all.isEmpty()) {
            Snapshot one = all.get(random.nextInt(all.size()));
            Name other = Name.of("r" + one.number() + "-" + random.nextInt());
            volume.snapshots().rename(one.name(), other);
            volume.snapshots().hold(other);
            FsException refused = catchThrowableOfType(
                    FsException.class, () -> volume.snapshots().delete(other));
            assertThat(refused.errno()).isEqualTo(Errno.EBUSY);
            volume.snapshots().release(other);
        }
    }

    private void checkAll(ModelFileSystem model, String when) throws FsException {
        FileSystem fs = volume.fileSystem();
        assertThat(StillImage.of(fs, fs.root()))
                .as("the present, %s", when)
                .isEqualTo(StillImage.of(model, model.root()));
        FileHandle directory = fs.lookup(ROOT, fs.root(), Name.of(".snapshots")).handle();
        List<Long> seen = new ArrayList<>();
        for (DirectoryPage.DirectoryEntry entry :
                fs.readdir(ROOT, directory, 0, 1_000, true).entries()) {
            long number = entry.node().handle().snapshot();
            seen.add(number);
            assertThat(StillImage.of(fs, entry.node().handle()))
                    .as("snapshot %s, %s", entry.name(), when)
                    .isEqualTo(images.get(number));
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(images.keySet());
    }

    /** All is deleted, over and over, until the tables are as small as at first; and so is the bucket. */
    private void nothingIsLeft() throws Exception {
        for (Snapshot snapshot : volume.snapshots().all()) {
            volume.snapshots().delete(snapshot.name());
        }
        FileSystem fs = volume.fileSystem();
        TreeByHand.empty(fs, fs.root());
        assertThat(volume.trees().emptyTrash("/", Long.MAX_VALUE)).isPositive();
        assertThat(volume.trees().trashUsage()).isEqualTo(new Trash.Usage(0, 0));
        drain();
        Left left = new Left();
        volume.metadata().dump(left);
        assertThat(left.history).as("images of before").isEmpty();
        assertThat(left.rows)
                .as("rows")
                .containsExactly(volume.metadata().view().inode(1).orElseThrow());
        assertThat(left.livingChunks).as("chunks that something refers to").isEmpty();
        volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        assertThat(volume.referredPacks()).isEmpty();
    }

    /** Rows that should not be there when all was deleted. */
    private static final class Left implements RowSink {
        private final List<Row> rows = new ArrayList<>();
        private final List<Row> history = new ArrayList<>();
        private final List<Row> livingChunks = new ArrayList<>();

        @Override
        public void row(Row row) {
            if (row instanceof ChunkRow chunk && chunk.deadSequence() == 0) {
                livingChunks.add(row);
            } else if (row instanceof InodeRow
                    || row instanceof ExtentRow
                    || row instanceof SnapshotRow
                    || row instanceof WorkRow) {
                rows.add(row);
            }
        }

        @Override
        public void history(Row row, long died) {
            history.add(row);
        }
    }

    private final class Restarted implements Subject {
        @Override
        public FileSystem fileSystem() {
            return volume.fileSystem();
        }

        @Override
        public void restart() {
            throw new UnsupportedOperationException("restarts are events of this test");
        }

        @Override
        public void recover() {
            try {
                volume.flush(left -> {});
            } catch (VolumeException e) {
                throw new AssertionError("there is no room, and none can be made", e);
            }
        }
    }

    private void restart(boolean withoutDatabase) throws Exception {
        volume.abandon();
        if (withoutDatabase) {
            try (var files = Files.list(state().resolve("metadata"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        open();
    }

    private void rebuild() throws Exception {
        volume.barrier();
        volume.abandon();
        states++;
        rebuilds++;
        open();
    }

    private Path state() throws Exception {
        return Files.createDirectories(folder.resolve("state" + states));
    }

    private void open() throws Exception {
        FlushSettings flush =
                new FlushSettings(Duration.ofHours(1), Duration.ofHours(1), 64 << 20, 8 << 20, 1, 1 << 20, 64 << 10, 2);
        VolumeOptions options = new VolumeOptions(
                        new VolumeOptions.Caches(4 << 20, 0),
                        new VolumeOptions.JournalSize(16 << 20, 64 << 10),
                        flush,
                        Duration.ofHours(1),
                        VolumeFixture.NO_BARRIERS,
                        new VolumeOptions.Garbage(GcPolicy.DEFAULT.withGrace(Duration.ZERO), Duration.ZERO),
                        VolumeOptions.Claim.USUAL,
                        Duration.ofDays(1),
                        clock.asClock())
                .withTakeOver();
        volume = CairnVolume.open(Buckets.open(store, Optional.empty()), state(), options, bytes -> {});
        // The model has no orphans of before.
        volume.fileSystem().endGrace();
    }

    @AfterEach
    void giveBack() {
        volume.abandon();
    }
}
