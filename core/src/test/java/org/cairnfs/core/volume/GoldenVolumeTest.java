package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.testkit.MutationSequence;
import org.cairnfs.core.testkit.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Buckets with a whole file system, of every format that there ever was, still open with nothing but their secret. */
class GoldenVolumeTest {
    @TempDir
    Path folder;

    @Test
    void thePlainOneOfFormat1IsWhatItWas() throws Exception {
        check("format-1/volume-plain", Optional.empty());
    }

    @Test
    void theEncryptedOneOfFormat1IsWhatItWas() throws Exception {
        check("format-1/volume-encrypted", Optional.of(Passphrase.of(GoldenVolumes.PASSPHRASE.toCharArray())));
    }

    private void check(String name, Optional<Secret> secret) throws Exception {
        URI golden = Objects.requireNonNull(getClass().getResource("/golden/" + name))
                .toURI();
        Path bucket = folder.resolve("bucket");
        VolumeFixture.copyTree(Path.of(golden).resolve("bucket"), bucket);
        CairnVolume volume = GoldenVolumes.open(bucket, secret, Files.createDirectory(folder.resolve("state")));
        try {
            assertThat(MutationSequence.imageOf(Subject.of(volume.fileSystem())))
                    .hasSizeGreaterThan(60)
                    .isEqualTo(GoldenVolumes.expected(Path.of(golden)));
            assertThat(read(volume, "text")).isEqualTo(GoldenVolumes.text("text"));
            assertThat(read(volume, "noise")).isEqualTo(GoldenVolumes.noise(1, 60_000));
            VolumeFixture.write(
                    volume.fileSystem(), VolumeFixture.createFile(volume.fileSystem(), "new"), 0, new byte[] {1});
            VolumeFixture.stop(volume);
        } finally {
            volume.abandon();
        }
    }

    private static byte[] read(CairnVolume volume, String name) throws Exception {
        return VolumeFixture.read(volume.fileSystem(), VolumeFixture.lookup(volume.fileSystem(), name));
    }
}
