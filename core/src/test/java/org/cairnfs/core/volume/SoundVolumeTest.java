package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.check.CheckListener;
import org.cairnfs.core.check.Finding;
import org.cairnfs.core.check.FsckReport;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.data.flush.FlushSettings;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.gc.GcListener;
import org.cairnfs.core.gc.GcPolicy;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.snapshot.Snapshot;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.cairnfs.core.testkit.MutationSequence;
import org.cairnfs.core.testkit.Subject;
import org.cairnfs.core.treelock.UnlockPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A check never finds anything in a file system that nobody damaged: at any moment of random operations with snapshots, locks, quotas, files
 * that are open and removed, removals of trees that are under way, flushes, garbage collection, restarts and rebuilds.
 */
class SoundVolumeTest {
    private static final int OPERATIONS = Boolean.getBoolean("cairn.long") ? 4_000 : 250;

    @TempDir
    Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final FakeClock clock = new FakeClock();
    private final List<Integer> events = new ArrayList<>();
    private final List<FileHandle> pinned = new ArrayList<>();
    private Random random;
    private CairnVolume volume;
    private int states;
    private int checks;
    private int withHistory;

    static LongStream seeds() {
        long first = Long.getLong("cairn.seed", 1);
        return LongStream.range(first, first + (Boolean.getBoolean("cairn.long") ? 20 : 2));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsFound(long seed) throws Exception {
        random = new Random(seed);
        BucketOptions options = new BucketOptions(
                "sound", ChunkSizes.ofAverage(1 << 10), Compression.DEFAULT, new Argon2Cost(64, 1, 1));
        Buckets.create(store, options, List.of(), clock.asClock()).close();
        open();
        MutationSequence operations = MutationSequence.random(seed, OPERATIONS);
        MutationSequence.Player player = operations.on(new Restarted(), clock);
        for (int i = 0; i < operations.length(); i++) {
            player.next();
            if (random.nextInt(6) == 0) {
                event(i);
                check("step " + i);
            }
        }
        check("the end");
        assertThat(checks).isGreaterThan(20);
        assertThat(withHistory).as("checks while there were snapshots").isGreaterThan(5);
    }

    private void check(String when) throws Exception {
        FsckReport report = volume.check(false, CheckListener.NONE);
        assertThat(report.examples()).as(when).extracting(Finding::toString).isEmpty();
        assertThat(report.isClean()).isTrue();
        assertThat(report.damagedChunks()).isZero();
        checks++;
        withHistory += volume.snapshots().all().isEmpty() ? 0 : 1;
    }

    private void event(int step) throws Exception {
        if (events.isEmpty()) {
            IntStream.range(0, 19).forEach(events::add);
            Collections.shuffle(events, random);
        }
        try {
            event(events.remove(0), step);
        } catch (FsException e) {
            assertThat(e.errno())
                    .isIn(Errno.EAGAIN, Errno.ENOENT, Errno.EPERM, Errno.EINVAL, Errno.EBUSY, Errno.ENAMETOOLONG);
        }
    }

    private void event(int kind, int step) throws Exception {
        switch (kind) {
            case 0, 1 -> volume.snapshots().create(Name.of("s" + step), false);
            case 2 -> deleteSnapshot();
            case 3, 4 -> volume.flush(left -> {});
            case 5 -> volume.barrier();
            case 6 -> volume.checkpoint();
            case 7 -> restart(false);
            case 8 -> restart(true);
            case 9 -> rebuild();
            case 10 -> {
                volume.barrier();
                volume.collectGarbage(GcRequest.QUIET, GcListener.NONE);
            }
            case 11 -> volume.trees().lock(List.of(directory()), 0);
            case 12 -> unlockAll();
            case 13 -> volume.treeQuotas().set(directory(), new TreeQuotas.Limits(0, 1 << 30, 0, 1_000, 60));
            case 14 -> volume.trees().remove(List.of(directory()), random.nextBoolean());
            case 15 -> removeOpenFile();
            case 16 -> volume.trees().restore("/", Optional.empty());
            case 17 -> volume.trees().emptyTrash("/", Long.MAX_VALUE);
            default -> assertThat(volume.finishBackgroundWork()).isIn(true, false);
        }
    }

    private void deleteSnapshot() throws FsException {
        List<Snapshot> all = new ArrayList<>(volume.snapshots().all());
        if (!all.isEmpty()) {
            volume.snapshots().delete(all.get(random.nextInt(all.size())).name());
        }
    }

    private void unlockAll() throws FsException {
        for (Trees.Lock lock : volume.trees().locks()) {
            if (!lock.path().isEmpty()) {
                volume.trees().unlock(List.of(lock.path()), UnlockPolicy.ALLOWED);
            }
        }
    }

    /** The path of some directory in the root. */
    private String directory() throws FsException {
        return "/" + some(FileType.DIRECTORY).name();
    }

    private DirectoryPage.DirectoryEntry some(FileType type) throws FsException {
        FileSystem fs = volume.fileSystem();
        List<DirectoryPage.DirectoryEntry> found = new ArrayList<>(
                fs.readdir(VolumeFixture.op(), fs.root(), 0, 1_000, true).entries());
        found.removeIf(entry -> entry.node().attributes().type() != type);
        if (found.isEmpty()) {
            throw new FsException(Errno.ENOENT, "there is none in the root");
        }
        return found.get(random.nextInt(found.size()));
    }

    private void removeOpenFile() throws FsException {
        FileSystem fs = volume.fileSystem();
        DirectoryPage.DirectoryEntry file = some(FileType.REGULAR);
        fs.pin(file.node().handle());
        pinned.add(file.node().handle());
        fs.remove(VolumeFixture.op(), fs.root(), file.name(), RemoveKind.ANY);
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
                        random.nextInt(3) == 0 ? Duration.ZERO : Duration.ofHours(1),
                        clock.asClock())
                .withTakeOver();
        volume = CairnVolume.open(Buckets.open(store, Optional.empty()), state(), options, bytes -> {});
        pinned.clear();
        if (random.nextBoolean()) {
            volume.fileSystem().endGrace();
        }
    }

    @AfterEach
    void giveBack() {
        volume.abandon();
    }
}
