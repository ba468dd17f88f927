package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cairnfs.core.data.flush.FlushSettings;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.gc.GcListener;
import org.cairnfs.core.gc.GcPolicy;
import org.cairnfs.core.gc.GcReport;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.testkit.ShiftedClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is removed is given back, when nobody can want it any more, and not before. */
class GarbageCollectionTest {
    private static final FlushSettings SMALL_PACKS =
            new FlushSettings(Duration.ofHours(1), Duration.ofHours(1), 1L << 30, 48L << 20, 2, 1 << 20, 1 << 18, 2);
    private static final GcPolicy POLICY =
            new GcPolicy(70, 64 << 10, 8, Long.MAX_VALUE, 20_000, Duration.ZERO, GcPolicy.DEFAULT.retention());

    @TempDir
    Path folder;

    private final ShiftedClock clock = new ShiftedClock();
    private final Random random = new Random(1);
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private VolumeFixture fixture;

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
    }

    private VolumeOptions options() {
        return VolumeOptions.defaults()
                .withBarriers(VolumeFixture.NO_BARRIERS)
                .withFlush(SMALL_PACKS)
                .withClock(clock)
                .withGarbage(new VolumeOptions.Garbage(POLICY, Duration.ZERO));
    }

    private CairnVolume open() throws Exception {
        CairnVolume volume = fixture.open(options());
        volume.fileSystem().endGrace();
        return volume;
    }

    @Test
    void ninetyPercentRemovedGivesBackEightyFiveInOneRun() throws Exception {
        CairnVolume volume = open();
        addFiles(volume, "file", 400, 40_000);
        volume.flush(left -> {});
        long before = fixture.bucketBytes();
        removeAllBut(volume, 10);
        GcReport report = volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        assertThat(fixture.bucketBytes())
                .as("bytes left of %d, %s", before, report)
                .isLessThan(before * 15 / 100);
        assertAllIsThere(volume);
        stop(volume);
        fixture.loseState("fresh");
        CairnVolume rebuilt = open();
        assertAllIsThere(rebuilt);
        stop(rebuilt);
    }

    /** Half of each pack goes with the sources; the clones, of every second one, keep the other half. */
    @Test
    void whatOnlyClonesReferToIsKept() throws Exception {
        CairnVolume volume = open();
        addFiles(volume, "source", 100, 40_000);
        volume.flush(left -> {});
        FileSystem fs = volume.fileSystem();
        for (int i = 0; i < 100; i += 2) {
            FileHandle clone = createFile(fs, "clone" + i);
            fs.cloneRange(op(), CloneRequest.of(lookup(fs, "source-" + i), 0, clone, 0, 0));
            files.put("clone" + i, files.get("source-" + i));
        }
        for (int i = 0; i < 100; i++) {
            fs.remove(op(), fs.root(), Name.of("source-" + i), RemoveKind.ANY);
            files.remove("source-" + i);
        }
        GcReport report = volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        assertThat(report.rewrittenPacks()).as("%s", report).isPositive();
        assertAllIsThere(volume);
        stop(volume);
        fixture.loseState("fresh");
        CairnVolume rebuilt = open();
        assertAllIsThere(rebuilt);
        stop(rebuilt);
    }

    @Test
    void nothingGoesWithinTheWindow() throws Exception {
        CairnVolume volume = open();
        addFiles(volume, "file", 100, 40_000);
        checkpointed(volume);
        long before = fixture.bucketBytes();
        removeAllBut(volume, 10);
        for (int hour = 0; hour < 20; hour++) {
            clock.advance(Duration.ofHours(1));
            checkpointed(volume);
            GcReport report = volume.collectGarbage(GcRequest.WHOLE, GcListener.NONE);
            assertThat(report.deletedPacks()).as("%s", report).isZero();
        }
        assertThat(fixture.bucketBytes()).isGreaterThan(before);
        GcReport report = volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        assertThat(fixture.bucketBytes()).as("%s", report).isLessThan(before / 4);
        assertAllIsThere(volume);
        stop(volume);
    }

    /** A chunk that cannot be read is not carried along: its pack stays as it is, and whoever reads it is told, as before. */
    @Test
    void damageStaysWhereItIsAndStaysDamage() throws Exception {
        CairnVolume volume = fixture.open(options().withCaches(new VolumeOptions.Caches(0, 0)));
        volume.fileSystem().endGrace();
        addFiles(volume, "file", 12, 3_000); // a chunk each
        volume.flush(left -> {});
        removeAllBut(volume, 6);
        for (Path pack : fixture.objects("pack")) {
            byte[] bytes = Files.readAllBytes(pack);
            for (int i = 100; i < bytes.length; i += 1_000) {
                bytes[i] ^= 1;
            }
            Files.write(pack, bytes);
        }
        for (int round = 0; round < 2; round++) {
            GcReport report = volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
            assertThat(report.damagedPacks()).as("%s", report).isPositive();
            for (String name : files.keySet()) {
                FileHandle damaged = lookup(volume.fileSystem(), name);
                assertThatThrownBy(() -> read(volume.fileSystem(), damaged))
                        .isInstanceOfSatisfying(
                                FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
            }
        }
        // What is stored again is whole, and once nobody refers to the damaged chunks, their pack goes.
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            write(volume.fileSystem(), lookup(volume.fileSystem(), file.getKey()), 0, file.getValue());
        }
        volume.flush(left -> {});
        assertAllIsThere(volume);
        GcReport report = volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        assertThat(report.damagedPacks()).as("%s", report).isZero();
        assertAllIsThere(volume);
        stop(volume);
    }

    @Test
    void filesAreReadAndWrittenMeanwhile() throws Exception {
        CairnVolume volume = fixture.open(options().withCaches(new VolumeOptions.Caches(0, 0)));
        volume.fileSystem().endGrace();
        addFiles(volume, "file", 30, 40_000);
        volume.flush(left -> {});
        Map<String, byte[]> steady = Map.copyOf(files);
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(2);
        List<Future<Integer>> reading = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            reading.add(readers.submit(() -> {
                int reads = 0;
                while (!ended.get()) {
                    for (Map.Entry<String, byte[]> file : steady.entrySet()) {
                        assertThat(read(volume.fileSystem(), lookup(volume.fileSystem(), file.getKey())))
                                .as(file.getKey())
                                .isEqualTo(file.getValue());
                        reads++;
                    }
                }
                return reads;
            }));
        }
        long rewritten = 0;
        for (int round = 0; round < 12; round++) {
            addFiles(volume, "round" + round, 10, 40_000);
            addCopy(volume, "file-" + round, "copy" + round);
            volume.flush(left -> {});
            for (int i = 1; i < 10; i++) {
                remove(volume, "round" + round + "-" + i);
            }
            rewritten +=
                    volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE).rewrittenPacks();
        }
        ended.set(true);
        for (Future<Integer> reader : reading) {
            assertThat(reader.get()).isPositive();
        }
        readers.shutdown();
        assertThat(rewritten).isPositive();
        assertAllIsThere(volume);
        stop(volume);
    }

    /** The same bytes again, which are de-duplicated. */
    private void addCopy(CairnVolume volume, String of, String name) throws FsException {
        write(volume.fileSystem(), createFile(volume.fileSystem(), name), 0, files.get(of));
        files.put(name, files.get(of));
    }

    private void remove(CairnVolume volume, String name) throws FsException {
        volume.fileSystem().remove(op(), volume.fileSystem().root(), Name.of(name), RemoveKind.ANY);
        files.remove(name);
    }

    /** What a forecast says is what the run does, and it changes nothing. */
    @Test
    void aForecastChangesNothing() throws Exception {
        CairnVolume volume = open();
        addFiles(volume, "file", 60, 40_000);
        checkpointed(volume);
        removeAllBut(volume, 10);
        volume.flush(left -> {});
        long sequence = volume.journal().lastSequence();
        List<Path> before = fixture.objects("");
        GcReport forecast = volume.forecastGarbage(true);
        assertThat(fixture.objects("")).isEqualTo(before);
        assertThat(volume.journal().lastSequence()).isEqualTo(sequence);
        GcReport report = volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        assertThat(report.rewrittenPacks()).isEqualTo(forecast.rewrittenPacks()).isPositive();
        assertThat(report.rewrittenBytes()).isEqualTo(forecast.rewrittenBytes());
        assertThat(report.deletedBytes()).isEqualTo(forecast.deletedBytes()).isPositive();
        assertThat(volume.forecastGarbage(false).isDeleted()).isFalse();
        stop(volume);
    }

    private void checkpointed(CairnVolume volume) throws Exception {
        volume.flush(left -> {});
        volume.checkpoint();
        addFiles(volume, "tick" + files.size(), 1, 10);
        volume.barrier();
        volume.collector().tick();
    }

    private void addFiles(CairnVolume volume, String name, int count, int size) throws FsException {
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            write(volume.fileSystem(), createFile(volume.fileSystem(), name + "-" + i), 0, bytes);
            files.put(name + "-" + i, bytes);
        }
    }

    /** Each n-th stays. */
    private void removeAllBut(CairnVolume volume, int nth) throws FsException {
        int i = 0;
        for (String name : files.keySet().toArray(String[]::new)) {
            if (i++ % nth != 0) {
                volume.fileSystem().remove(op(), volume.fileSystem().root(), Name.of(name), RemoveKind.ANY);
                files.remove(name);
            }
        }
    }

    private void assertAllIsThere(CairnVolume volume) throws FsException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertThat(read(volume.fileSystem(), lookup(volume.fileSystem(), file.getKey())))
                    .as(file.getKey())
                    .isEqualTo(file.getValue());
        }
    }
}
