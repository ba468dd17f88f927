package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.cairnfs.core.data.flush.FlushSettings;
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
