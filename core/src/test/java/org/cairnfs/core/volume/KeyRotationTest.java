package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.ShippingTest.random;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.cairnfs.core.bucket.KeySlots;
import org.cairnfs.core.crypto.Argon2Cost;
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
}
