package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.shipping.Overlays;
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
        check("format-1/volume-encrypted", GoldenVolumes.secret());
    }

    @Test
    void theOneWhoseLogEndsInBytesIsWhatItWas() throws Exception {
        String name = "format-1/volume-log-inline";
        assertThat(endOfLog(name, Optional.empty())).containsExactlyInAnyOrder("Inline", "InlineHole");
        check(name, Optional.empty(), GoldenLogs.inlineContents());
    }

    @Test
    void theOneWhoseLogEndsInChunksIsWhatItWas() throws Exception {
        String name = "format-1/volume-log-chunks";
        assertThat(endOfLog(name, GoldenVolumes.secret()))
                .containsExactlyInAnyOrder("OverlayPack", "OverlayChunk", "Replaced", "OverlayExtent");
        check(name, GoldenVolumes.secret(), GoldenLogs.chunkContents());
    }

    /** What the last barrier says beside the records. */
    private Set<String> endOfLog(String name, Optional<Secret> secret) throws Exception {
        Path copy = folder.resolve("looked-at");
        VolumeFixture.copyTree(golden(name).resolve("bucket"), copy);
        try (Bucket bucket = Buckets.open(LocalObjectStore.open(copy), secret)) {
            return Overlays.kinds(bucket);
        }
    }

    private Path golden(String name) throws Exception {
        return Path.of(Objects.requireNonNull(getClass().getResource("/golden/" + name))
                .toURI());
    }

    private void check(String name, Optional<Secret> secret) throws Exception {
        check(name, secret, GoldenVolumes.contents());
    }

    /** @param contents of some files, so that not only hashes are compared */
    private void check(String name, Optional<Secret> secret, Map<String, byte[]> contents) throws Exception {
        Path golden = golden(name);
        Path bucket = folder.resolve("bucket");
        VolumeFixture.copyTree(golden.resolve("bucket"), bucket);
        CairnVolume volume = GoldenVolumes.open(bucket, secret, Files.createDirectory(folder.resolve("state")));
        try {
            assertThat(MutationSequence.imageOf(Subject.of(volume.fileSystem())))
                    .hasSizeGreaterThan(60)
                    .isEqualTo(GoldenVolumes.expected(golden));
            for (Map.Entry<String, byte[]> file : contents.entrySet()) {
                assertThat(read(volume, file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
            }
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
