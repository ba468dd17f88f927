package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.cli.CommandLineTest.assertFails;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.bucket.Lease;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.VolumeOptions;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cairn restore-metadata} and {@code cairn destroy}, on a bucket in a folder. */
class PastCommandsTest {
    private static final OpContext ROOT = new OpContext(Credentials.ROOT);

    @TempDir
    private Path home;

    private CommandRig cairn;
    private String url;
    private Path state;

    @BeforeEach
    void make() throws Exception {
        cairn = new CommandRig(home);
        url = "local://" + home.resolve("store");
        state = Files.createDirectory(
                home.resolve("first"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        BucketOptions options = new BucketOptions(
                "my files", ChunkSizes.ofAverage(1 << 16), Compression.parse("none"), new Argon2Cost(64, 1, 1));
        Buckets.create(LocalObjectStore.create(home.resolve("store")), options, List.of(), Clock.systemUTC())
                .close();
    }

    private Bucket bucket() throws Exception {
        return Buckets.open(LocalObjectStore.open(home.resolve("store")), Optional.empty());
    }

    private CairnVolume open() throws Exception {
        return CairnVolume.open(bucket(), state, VolumeOptions.defaults(), bytes -> {});
    }

    /** Makes a file in one barrier, and removes it in the next. */
    private void makeAndRemove() throws Exception {
        CairnVolume volume = open();
        FileSystem fs = volume.fileSystem();
        fs.create(ROOT, fs.root(), Name.of("file"), CreateRequest.file(0644));
        volume.barrier();
        Instant made = Instant.now();
        while (Instant.now().toEpochMilli() <= made.toEpochMilli()) {
            Thread.onSpinWait();
        }
        fs.remove(ROOT, fs.root(), Name.of("file"), RemoveKind.ANY);
        volume.barrier();
        assertThat(volume.stop(Duration.ofSeconds(20), left -> {})).isTrue();
    }

    @Test
    void whatWasRemovedIsRestored() throws Exception {
        makeAndRemove();
        JsonNode list = cairn.run("restore-metadata", "--list", "--json", url).json();
        assertThat(list.path("from").path("at").asLong())
                .isLessThanOrEqualTo(list.path("through").path("at").asLong());
        assertThat(cairn.run("restore-metadata", "--list", url).out()).contains("Any moment from", "o restore points");

        String when =
                Instant.ofEpochMilli(list.path("from").path("at").asLong()).toString();
        assertFails(cairn.run("restore-metadata", "--at", when, url), ExitCode.USAGE, "--state");
        assertFails(
                cairn.run("restore-metadata", "--at", when, "--state", "back", url),
                ExitCode.USAGE,
                "my files",
                "--yes");
        assertFails(
                cairn.run("restore-metadata", "--at", "3d", "--state", "back", "--yes", url),
                ExitCode.USAGE,
                "nothing of",
                "--list");
        assertFails(
                cairn.run("restore-metadata", "--at", when, "--state", "first", "--yes", url),
                ExitCode.STATE_UNUSABLE,
                "a new one");
        Result restored = cairn.run("restore-metadata", "--at", when, "--state", "back", "--yes", url);
        assertThat(restored.code()).as(restored.err()).isZero();
        assertThat(restored.out())
                .contains("Restored, as of", "cairn serve " + url + " --state " + home.resolve("back"));

        state = home.resolve("back");
        CairnVolume volume = open();
        FileSystem fs = volume.fileSystem();
        assertThat(fs.lookup(ROOT, fs.root(), Name.of("file")).attributes().size())
                .isZero();
        volume.abandon();
    }

    @Test
    void nothingIsInANewOne() {
        assertFails(cairn.run("restore-metadata", "--list", url), ExitCode.NO_FILE_SYSTEM, "nothing is in");
        assertFails(cairn.run("restore-metadata", url), ExitCode.USAGE, "--list");
    }

    @Test
    void destroyingAsksForTheLabel() throws Exception {
        makeAndRemove();
        Path other = Files.writeString(home.resolve("store/other"), "not Cairn's");
        assertFails(cairn.run("destroy", url), ExitCode.USAGE, "my files", "--label");
        assertFails(cairn.run("destroy", "--label", "others", url), ExitCode.USAGE, "'others' is not");
        cairn.type("");
        assertFails(cairn.run("destroy", url), ExitCode.USAGE, "nothing was deleted");
        try (Bucket bucket = bucket()) {
            cairn.type(bucket.format().fileSystem().toString());
        }
        Result destroyed = cairn.run("destroy", url);
        assertThat(destroyed.code()).as(destroyed.err()).isZero();
        assertThat(destroyed.out()).startsWith("Destroyed: ");
        assertThat(other).exists();
        try (var files = Files.walk(home.resolve("store"))) {
            assertThat(files.filter(Files::isRegularFile)).containsExactly(other);
        }
        assertFails(cairn.run("destroy", "--label", "my files", url), ExitCode.NO_FILE_SYSTEM, "no Cairn file system");
    }

    @Test
    void whatIsServedIsNotDestroyed() throws Exception {
        try (Bucket bucket = bucket()) {
            Lease.take(bucket, new Lease.Holder(UUID.randomUUID(), "elsewhere", 7), false, Clock.systemUTC());
        }
        assertFails(cairn.run("destroy", "--label", "my files", url), ExitCode.BUCKET_IN_USE, "elsewhere");
        assertThat(cairn.run("destroy", "--label", "my files", "--take-over", "--json", url)
                        .json()
                        .path("objects")
                        .asLong())
                .isPositive();
    }
}
