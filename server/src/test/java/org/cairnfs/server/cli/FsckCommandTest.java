package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.VolumeOptions;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.Wiring;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cairn fsck} of a file system that nobody serves. */
class FsckCommandTest {
    private static final OpContext ROOT = new OpContext(Credentials.ROOT);

    @TempDir
    private Path home;

    private CommandRig cairn;
    private String url;
    private Path state;

    @BeforeEach
    void plant() throws Exception {
        cairn = new CommandRig(home, Wiring.components());
        url = "local://" + home.resolve("store");
        state = Files.createDirectory(
                home.resolve("state"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        BucketOptions options = new BucketOptions(
                "files", ChunkSizes.ofAverage(1 << 16), Compression.parse("none"), new Argon2Cost(64, 1, 1));
        LocalObjectStore store = LocalObjectStore.create(home.resolve("store"));
        Buckets.create(store, options, List.of(), Clock.systemUTC()).close();
        CairnVolume volume = CairnVolume.open(
                Buckets.open(LocalObjectStore.open(home.resolve("store")), Optional.empty()),
                state,
                VolumeOptions.defaults(),
                bytes -> {});
        FileSystem fs = volume.fileSystem();
        FileHandle file = fs.create(ROOT, fs.root(), Name.of("file"), CreateRequest.file(0644))
                .node()
                .handle();
        fs.write(ROOT, file, 0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(volume.stop(Duration.ofSeconds(20), left -> {})).isTrue();
    }

    private Result fsck(String... options) {
        String[] arguments = new String[options.length + 4];
        System.arraycopy(new String[] {"fsck", "--state", state.toString(), url}, 0, arguments, 0, 4);
        System.arraycopy(options, 0, arguments, 4, options.length);
        return cairn.run(arguments);
    }

    @Test
    void aSoundOneIsClean() {
        Result result = fsck();
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("Checked 2 inodes, 1 name, 1 chunk.").endsWith("Clean.\n");
    }

    @Test
    void whatIsMissingIsFoundAndThenKnown() throws Exception {
        try (var packs = Files.walk(home.resolve("store").resolve("pack"))) {
            for (Path pack : packs.filter(Files::isRegularFile).toList()) {
                Files.delete(pack);
            }
        }
        Result found = fsck();
        assertThat(found.code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(found.out()).contains("object", "is missing in the bucket").endsWith("Damaged; see --repair.\n");
        Result forecast = fsck("--repair", "--dry-run");
        assertThat(forecast.code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(forecast.out()).contains("repair: nothing new refers to its chunks");

        JsonNode repaired = fsck("--repair", "--json").json();
        assertThat(repaired.path("clean").asBoolean()).isTrue();
        assertThat(repaired.path("kinds").get(0).path("kind").asText()).isEqualTo("object");
        assertThat(repaired.path("kinds").get(0).path("repaired").asLong()).isEqualTo(1);
        Result after = fsck();
        assertThat(after.code()).isZero();
        assertThat(after.out()).contains("Known to be unreadable: 1 chunk");
    }
}
