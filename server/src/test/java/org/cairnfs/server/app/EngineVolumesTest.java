package org.cairnfs.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.server.Progress;
import org.cairnfs.server.app.VolumeFactory.MkfsOptions;
import org.cairnfs.server.app.VolumeFactory.OpenOptions;
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
        volumes.open(new OpenOptions(storage, passphrase, state, ServerConfig.defaults(), false), Progress.NONE)
                .stop(Duration.ofSeconds(10), Progress.NONE);
    }

    @Test
    void theCipherIsWarmedUpForAnEncryptedFileSystem() throws Exception {
        makeAndOpen(Optional.of(Passphrase.of("correct horse".getBytes(StandardCharsets.UTF_8))));
        assertThat(warmUps).hasValue(1);
    }

    @Test
    void aPlainFileSystemNeedsNoCipher() throws Exception {
        makeAndOpen(Optional.empty());
        assertThat(warmUps).hasValue(0);
    }
}
