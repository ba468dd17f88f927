package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.ShippingTest.random;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.cairnfs.core.bucket.KeySlots;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.gc.GcListener;
import org.cairnfs.core.gc.GcPolicy;
import org.cairnfs.core.gc.GcReport;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system goes on over a rotation of its keys, with whatever was not uploaded before. */
class KeyRotationTest {
    @TempDir
    Path folder;

    private VolumeFixture fixture;

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
    }

    private void rotate() throws Exception {
        try (KeySlots slots = KeySlots.open(
                LocalObjectStore.open(fixture.bucketPath()), fixture.secret().orElseThrow())) {
            slots.rotate(
                    List.of(new KeySlots.Named(fixture.secret().orElseThrow(), "")),
                    new Argon2Cost(64, 1, 1),
                    Instant.EPOCH);
        }
    }

    @Test
    void whatWasNotUploadedIsThereAfterwards() throws Exception {
        CairnVolume volume = fixture.open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        write(volume.fileSystem(), createFile(volume.fileSystem(), "stored"), 0, random(1, 300_000));
        volume.flush(left -> {});
        write(volume.fileSystem(), createFile(volume.fileSystem(), "journaled"), 0, random(2, 300_000));
        volume.abandon();
        rotate();
        rotate();

        CairnVolume again = fixture.open();
        assertThat(again.bucket().keys().orElseThrow().currentGeneration()).isEqualTo(3);
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "stored")))
                .isEqualTo(random(1, 300_000));
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "journaled")))
                .isEqualTo(random(2, 300_000));
        write(again.fileSystem(), createFile(again.fileSystem(), "later"), 0, random(3, 300_000));
        stop(again);

        fixture.loseState("elsewhere");
        CairnVolume rebuilt = fixture.open();
        int seed = 0;
        for (String name : List.of("stored", "journaled", "later")) {
            assertThat(read(rebuilt.fileSystem(), lookup(rebuilt.fileSystem(), name)))
                    .isEqualTo(random(++seed, 300_000));
        }
        stop(rebuilt);
    }

    /** What is stored is sealed anew by the garbage collector, checkpoints too: nothing is left that an old key opens. */
    @Test
    void garbageCollectionSealsAnewWhatIsStored() throws Exception {
        VolumeOptions options = VolumeOptions.defaults()
                .withBarriers(VolumeFixture.NO_BARRIERS)
                .withGarbage(new VolumeOptions.Garbage(GcPolicy.DEFAULT.withGrace(Duration.ZERO), Duration.ZERO));
        CairnVolume volume = fixture.open(options);
        write(volume.fileSystem(), createFile(volume.fileSystem(), "stored"), 0, random(1, 300_000));
        volume.flush(left -> {});
        volume.checkpoint();
        stop(volume);
        rotate();

        CairnVolume again = fixture.open(options);
        assertThat(again.forecastGarbage(false).oldKeyPacks()).isEqualTo(1);
        GcReport report = again.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        assertThat(report.oldKeyPacks()).as("%s", report).isZero();
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "stored")))
                .isEqualTo(random(1, 300_000));
        assertThat(fixture.objects("pack"))
                .isNotEmpty()
                .allSatisfy(pack -> assertThat(generation(pack)).isEqualTo(2));
        assertThat(fixture.objects("root"))
                .isNotEmpty()
                .allSatisfy(root -> assertThat(generation(root)).isEqualTo(2));
        stop(again);
    }

    /** As the header says, {@code docs/format.md}. */
    private static int generation(Path object) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(object)).getInt(12);
    }
}
