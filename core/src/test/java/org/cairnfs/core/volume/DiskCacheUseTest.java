package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reads leave on the server's disk. */
class DiskCacheUseTest {
    private static final VolumeOptions OPTIONS =
            VolumeOptions.defaults().withCaches(new VolumeOptions.Caches(96 << 20, 16 << 20));

    @TempDir
    private Path folder;

    /** A file of which each line is random, so that no compression hides it, with words to look for. */
    private static byte[] text() {
        Random random = new Random(5);
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < 4_000; line++) {
            text.append("a secret sentence ").append(random.nextLong()).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static List<Path> cached(VolumeFixture fixture) throws Exception {
        try (var files = Files.list(fixture.state().resolve("cache"))) {
            return files.toList();
        }
    }

    @Test
    void itHoldsSealedBytesOnlyAndDamageInItIsFetchedAnew() throws Exception {
        VolumeFixture fixture = new VolumeFixture(folder, true);
        CairnVolume first = fixture.open(OPTIONS);
        write(first.fileSystem(), createFile(first.fileSystem(), "file"), 0, text());
        stop(first);

        CairnVolume volume = fixture.open(OPTIONS);
        assertThat(read(volume.fileSystem(), lookup(volume.fileSystem(), "file")))
                .isEqualTo(text());
        assertThat(cached(fixture)).isNotEmpty();
        for (Path file : cached(fixture)) {
            byte[] sealed = Files.readAllBytes(file);
            assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
            sealed[sealed.length / 2] ^= 1;
            Files.write(file, sealed);
        }
        volume.caches().dropMemory();
        assertThat(read(volume.fileSystem(), lookup(volume.fileSystem(), "file")))
                .isEqualTo(text());
        stop(volume);
    }

    @Test
    void whatIsInItNeedsNoStore() throws Exception {
        VolumeFixture fixture = new VolumeFixture(folder, true);
        CairnVolume volume = fixture.open(OPTIONS);
        write(volume.fileSystem(), createFile(volume.fileSystem(), "file"), 0, text());
        volume.flush(left -> {});
        volume.caches().dropMemory();
        assertThat(read(volume.fileSystem(), lookup(volume.fileSystem(), "file")))
                .isEqualTo(text());

        Path packs = fixture.bucketPath().resolve("pack");
        Path away = Files.move(packs, folder.resolve("away"));
        volume.caches().dropMemory();
        assertThat(read(volume.fileSystem(), lookup(volume.fileSystem(), "file")))
                .isEqualTo(text());
        Files.move(away, packs);
        stop(volume);
    }
}
