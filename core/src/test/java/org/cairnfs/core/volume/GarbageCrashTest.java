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
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server dies at each step of a garbage collection: at each put and each deletion, before or after it took effect. With its state
 * directory, or rebuilt from the bucket alone, every byte is there, and the next run leaves nothing behind.
 */
class GarbageCrashTest {
    private static final FlushSettings SMALL_PACKS =
            new FlushSettings(Duration.ofHours(1), Duration.ofHours(1), 1L << 30, 48L << 20, 2, 1 << 20, 1 << 18, 2);
    private static final VolumeOptions OPTIONS = VolumeOptions.defaults()
            .withBarriers(VolumeFixture.NO_BARRIERS)
            .withJournal(new VolumeOptions.JournalSize(4 << 20, 64 << 10))
            .withFlush(SMALL_PACKS)
            .withGarbage(new VolumeOptions.Garbage(
                    new GcPolicy(70, 64 << 10, 8, Long.MAX_VALUE, 20_000, Duration.ZERO, GcPolicy.DEFAULT.retention()),
                    Duration.ZERO))
            .withTakeOver();

    @TempDir
    Path folder;

    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private VolumeFixture fixture;

    /** Packs of which little is left, one that is dead, leftovers of a checkpoint, and a restore point. */
    @BeforeEach
    void fill() throws Exception {
        Random random = new Random(1);
        fixture = new VolumeFixture(folder, true);
        CairnVolume volume = fixture.open(OPTIONS);
        volume.fileSystem().endGrace();
        for (int i = 0; i < 40; i++) {
            byte[] bytes = new byte[40_000];
            random.nextBytes(bytes);
            write(volume.fileSystem(), createFile(volume.fileSystem(), "file" + i), 0, bytes);
            files.put("file" + i, bytes);
        }
        volume.flush(left -> {});
        volume.checkpoint();
        createFile(volume.fileSystem(), "empty");
        volume.barrier();
        volume.collector().tick();
        for (int i = 0; i < 40; i++) {
            if (i % 10 != 0 || i == 0) {
                volume.fileSystem().remove(op(), volume.fileSystem().root(), Name.of("file" + i), RemoveKind.ANY);
                files.remove("file" + i);
            }
        }
        volume.flush(left -> {});
        stop(volume);
    }

    @Test
    void nothingIsLostWhereverItDies() throws Exception {
        Path state = fixture.state();
        int step = 1;
        boolean died = true;
        while (died) {
            Path bucket = folder.resolve("bucket-" + step);
            VolumeFixture.copyTree(fixture.bucketPath(), bucket);
            Path copy = folder.resolve("state-" + step);
            VolumeFixture.copyTree(state, copy);
            fixture.useState(copy);
            died = dies(bucket, step);
            if (died) {
                goesOn(bucket, step);
            }
            step++;
        }
        assertThat(step).as("steps").isGreaterThan(15);
    }

    private boolean dies(Path bucket, int step) throws Exception {
        DyingStore store = new DyingStore(LocalObjectStore.open(bucket));
        CairnVolume volume = fixture.openOn(store, OPTIONS);
        volume.fileSystem().endGrace();
        store.dieAt(step);
        try {
            GcReport report = volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
            assertThat(report.deletedPacks()).isPositive();
            assertThat(store.isDead()).isFalse();
        } catch (VolumeException e) {
            assertThat(store.isDead()).as("%s", e).isTrue();
        } finally {
            volume.abandon();
        }
        return store.isDead();
    }

    private void goesOn(Path bucket, int step) throws Exception {
        if (step % 2 == 0) {
            fixture.useState(Files.createDirectories(folder.resolve("fresh-" + step)));
        }
        CairnVolume volume = fixture.openOn(LocalObjectStore.open(bucket), OPTIONS);
        volume.fileSystem().endGrace();
        assertAllIsThere(volume, "death at step " + step);
        volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        assertAllIsThere(volume, "the run after death at step " + step);
        GcReport left = volume.forecastGarbage(false);
        assertThat(left.strays() + left.waitingPacks() + left.deletedPacks() + left.retiredPacks())
                .as("what is left after death at step %d: %s", step, left)
                .isZero();
        assertThat(left.packBytes()).isLessThan(200_000);
        volume.abandon();
    }

    private void assertAllIsThere(CairnVolume volume, String when) throws FsException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertThat(read(volume.fileSystem(), lookup(volume.fileSystem(), file.getKey())))
                    .as("%s after %s", file.getKey(), when)
                    .isEqualTo(file.getValue());
        }
        assertThatThrownBy(() -> lookup(volume.fileSystem(), "file1")).isInstanceOf(FsException.class);
    }
}
