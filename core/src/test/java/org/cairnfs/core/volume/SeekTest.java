package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Path;
import java.util.Random;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data and holes are found where they are, however many extents there are before. */
class SeekTest {
    /** More chunks of 16 KiB than are looked at in one go. */
    private static final int LENGTH = 24 << 20;

    @TempDir
    Path folder;

    @Test
    void whatIsDirtyFarBehindMakesNoHoleOfWhatIsStoredBeforeIt() throws Exception {
        VolumeFixture fixture = new VolumeFixture(folder, false);
        CairnVolume volume = fixture.open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        FileSystem fs = volume.fileSystem();
        FileHandle file = createFile(fs, "file");
        byte[] bytes = new byte[LENGTH];
        new Random(1).nextBytes(bytes);
        write(fs, file, 0, bytes);
        volume.flush(left -> {});
        write(fs, file, LENGTH + 1_000, new byte[] {1});

        assertThat(fs.seek(op(), file, 0, false)).hasValue(LENGTH);
        assertThat(fs.seek(op(), file, LENGTH, true)).hasValue(LENGTH + 1_000);
        volume.abandon();
    }
}
