package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.ShippingTest.random;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Path;
import java.util.Arrays;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.MeteringObjectStore;
import org.cairnfs.core.objectstore.StoreMetrics.Verb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many small files are few requests to the store. */
class FewUploadsTest {
    private static final int FILES = 10_000;
    private static final int SIZE = 2_048;

    @TempDir
    Path folder;

    @Test
    void tenThousandFilesOfTwoKibAreTenPutsAtMost() throws Exception {
        VolumeFixture fixture = new VolumeFixture(folder, true);
        MeteringObjectStore store = new MeteringObjectStore(LocalObjectStore.open(fixture.bucketPath()));
        CairnVolume volume = fixture.openOn(store, VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        long before = store.metrics().of(Verb.PUT).requests();
        byte[] bytes = random(1, FILES * SIZE); // nothing is equal
        for (int i = 0; i < FILES; i++) {
            byte[] content = Arrays.copyOfRange(bytes, i * SIZE, (i + 1) * SIZE);
            write(volume.fileSystem(), createFile(volume.fileSystem(), "file-" + i), 0, content);
        }
        volume.flush(left -> {});
        assertThat(volume.dirtyBytes()).isZero();
        assertThat(store.metrics().of(Verb.PUT).bytes()).isGreaterThan(bytes.length);
        assertThat(store.metrics().of(Verb.PUT).requests() - before).isLessThanOrEqualTo(10);
        stop(volume);
        assertThat(store.metrics().of(Verb.PUT).requests() - before)
                .as("with all that a stop puts")
                .isLessThanOrEqualTo(20);
    }
}
