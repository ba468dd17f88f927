package org.cairnfs.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreMetrics;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.app.VolumeFactory.MkfsOptions;
import org.cairnfs.server.app.VolumeFactory.OpenOptions;
import org.cairnfs.server.config.ConfigFile;
import org.cairnfs.server.config.ServerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine as the program opens it. */
class EngineVolumesTest {
    @TempDir
    private Path home;

    private final AtomicInteger warmUps = new AtomicInteger();
    private final EngineVolumes volumes = new EngineVolumes(warmUps::incrementAndGet);

    private void makeAndOpen(Optional<Passphrase> passphrase) throws Exception {
        StorageUrl storage = StorageUrl.local(home.resolve("store"));
        volumes.mkfs(
                new MkfsOptions(storage, CredentialsSource.NONE, passphrase, Compression.DEFAULT, 1 << 18, ""),
                Progress.NONE);
        Path state = Files.createDirectory(home.resolve("state"));
        volumes.open(
                        new OpenOptions(storage, passphrase, state, ServerConfig.defaults(), StorageClaim.USUAL),
                        Progress.NONE)
                .stop(Duration.ofSeconds(10), Progress.NONE);
    }

    @Test
    void theCipherIsWarmedUpForAnEncryptedFileSystem() throws Exception {
        makeAndOpen(Optional.of(Passphrase.of("correct horse".getBytes(StandardCharsets.UTF_8))));
        assertThat(warmUps).hasValue(1);
    }

    @Test
    void anOpenOneCanBeTuned() throws Exception {
        StorageUrl storage = StorageUrl.local(home.resolve("store"));
        volumes.mkfs(
                new MkfsOptions(storage, CredentialsSource.NONE, Optional.empty(), Compression.DEFAULT, 1 << 18, ""),
                Progress.NONE);
        Path conf = Files.writeString(home.resolve("conf"), "upload-limit = 10M\ncompression = lz4\n");
        ServerConfig config = ServerConfig.of(ConfigFile.read(conf));
        Path state = Files.createDirectory(home.resolve("state"));
        Volume volume = volumes.open(
                new OpenOptions(storage, Optional.empty(), state, config, StorageClaim.USUAL), Progress.NONE);
        Tuning tuning = volume.tuning();
        assertThat(tuning.bandwidths()).isEqualTo(new Tuning.Bandwidths(10 << 20, 0));
        assertThat(volume.status().compression()).isEqualTo("lz4");
        tuning.compress(Compression.NONE);
        assertThat(volume.status().compression()).isEqualTo("none");
        tuning.limit(OptionalLong.empty(), OptionalLong.of(5));
        assertThat(tuning.bandwidths()).isEqualTo(new Tuning.Bandwidths(10 << 20, 5));
        tuning.limit(OptionalLong.of(0), OptionalLong.of(0));
        tuning.resize(OptionalLong.of(7 << 20), OptionalLong.empty());
        assertThat(tuning.caches().heapBound()).isEqualTo(7 << 20);
        assertThatThrownBy(() -> tuning.resize(OptionalLong.empty(), OptionalLong.of(1 << 30)))
                .hasMessageContaining("no disk cache");
        tuning.drop(true, true);
        assertThat(tuning.warm("/", Progress.NONE)).isEqualTo(new Tuning.Warmed(0, 0));
        assertThatThrownBy(() -> tuning.warm("/nowhere", Progress.NONE))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
        volume.flush(Progress.NONE);
        assertThat(volume.storeMetrics().of(StoreMetrics.Verb.PUT).requests()).isPositive();
        volume.stop(Duration.ofSeconds(10), Progress.NONE);
    }

    @Test
    void aReaderShowsWhatIsInTheStorageAndLeavesItAsItIs() throws Exception {
        StorageUrl storage = StorageUrl.local(home.resolve("store"));
        volumes.mkfs(
                new MkfsOptions(
                        storage, CredentialsSource.NONE, Optional.empty(), Compression.DEFAULT, 1 << 18, "shelf"),
                Progress.NONE);
        Volume writer = volumes.open(open(storage, "state", StorageClaim.USUAL), Progress.NONE);
        OpContext op = new OpContext(Credentials.ROOT);
        FileSystem written = writer.fileSystem();
        written.create(op, written.root(), Name.of("file"), CreateRequest.file(0644));
        writer.flush(Progress.NONE);
        Map<Path, FileTime> before = objects();

        StorageClaim shared = StorageClaim.of(
                StorageClaim.Hold.SHARED, Optional.of(writer.status().link()));
        assertThat(volumes.probe(storage, CredentialsSource.NONE)).isEqualTo(VolumeFactory.Presence.PLAIN);
        Volume reader = volumes.open(open(storage, "reader", shared), Progress.NONE);
        FileSystem read = reader.fileSystem();
        assertThat(read.lookup(op, read.root(), Name.of("file"))).isNotNull();
        assertThat(read.statfs(op, read.root())).isEqualTo(written.statfs(op, written.root()));
        VolumeStatus status = reader.status();
        assertThat(status.label()).isEqualTo("shelf");
        assertThat(status.state()).isEqualTo(VolumeStatus.State.SERVING);
        assertThat(status.following().readOnly()).isTrue();
        assertThat(status.barrier().sequence())
                .isEqualTo(writer.status().barrier().sequence());
        assertThat(status.link()).isEqualTo(writer.status().link());
        assertThat(reader.statistics().entries()).isEqualTo(1);
        for (ThrowingCallable writing : List.<ThrowingCallable>of(
                () -> reader.flush(Progress.NONE),
                () -> reader.collectGarbage(false, true, Progress.NONE),
                () -> reader.tuning().compress(Compression.NONE))) {
            assertThatThrownBy(writing)
                    .isInstanceOfSatisfying(
                            CairnException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                    .hasMessageContaining("only reads");
        }
        reader.tuning().resize(OptionalLong.of(7 << 20), OptionalLong.empty());
        assertThat(reader.tuning().caches().heapBound()).isEqualTo(7 << 20);
        assertThat(reader.tuning().warm("/", Progress.NONE)).isEqualTo(new Tuning.Warmed(1, 0));
        assertThat(reader.stop(Duration.ZERO, Progress.NONE)).isTrue();

        assertThat(objects()).isEqualTo(before);
        writer.stop(Duration.ofSeconds(10), Progress.NONE);
    }

    private OpenOptions open(StorageUrl storage, String state, StorageClaim claim) throws IOException {
        return new OpenOptions(
                storage, Optional.empty(), Files.createDirectory(home.resolve(state)), ServerConfig.defaults(), claim);
    }

    /** All files and folders of the storage, with the times of their last change. */
    private Map<Path, FileTime> objects() throws IOException {
        Map<Path, FileTime> objects = new HashMap<>();
        try (Stream<Path> files = Files.walk(home.resolve("store"))) {
            for (Path file : files.toList()) {
                objects.put(file, Files.getLastModifiedTime(file));
            }
        }
        return objects;
    }

    @Test
    void aPlainFileSystemNeedsNoCipher() throws Exception {
        makeAndOpen(Optional.empty());
        assertThat(warmUps).hasValue(0);
    }
}
