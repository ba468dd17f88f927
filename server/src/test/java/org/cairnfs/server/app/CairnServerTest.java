package org.cairnfs.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.admin.Messages;
import org.cairnfs.server.app.VolumeFactory.MkfsOptions;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.config.StateDirectory;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.testing.FakeComponents;
import org.cairnfs.server.testing.FakeVolumes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a server ends. */
@Timeout(60)
class CairnServerTest {
    @TempDir
    private Path home;

    private final AtomicReference<Consumer<Throwable>> onFatalError = new AtomicReference<>();
    private Path state;
    private CairnServer server;

    @BeforeEach
    void start() throws Exception {
        state = home.resolve("state");
        StorageUrl storage = StorageUrl.local(home.resolve("store"));
        Components fakes = FakeComponents.create();
        fakes.volumes()
                .mkfs(
                        new MkfsOptions(
                                storage, CredentialsSource.NONE, Optional.empty(), Compression.DEFAULT, 1 << 18, ""),
                        Progress.NONE);
        Components components = new Components(fakes.volumes(), options -> {
            onFatalError.set(options.onFatalError());
            return fakes.nfs().start(options);
        });
        server = CairnServer.start(
                new CairnServer.Options(
                        storage,
                        Optional.empty(),
                        StateDirectory.take(state),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Exports.of(Optional.empty()),
                        ServerConfig.defaults().withMetricsPort(0),
                        StorageClaim.USUAL,
                        home.resolve("runs")),
                components,
                Progress.NONE);
    }

    private String volumeEnd() throws Exception {
        return Files.readString(state.resolve(FakeVolumes.END));
    }

    @Test
    void stopEndsItCleanly() throws Exception {
        assertThat(server.stop(Duration.ZERO, Progress.NONE)).isTrue();
        assertThat(server.awaitEnd()).isEqualTo(ExitCode.OK);
        assertThat(volumeEnd()).isEqualTo("stopped");
    }

    /** Everybody on this machine may look. */
    @Test
    void theDashboardTellsFiguresAndNoNames() throws Exception {
        server.volume().snapshots().create("of-a-secret-project");
        server.volume().trees().setQuota("/secret/tree", new Trees.Limits(0, 4_096, 0, 0, 0));
        JsonNode data;
        URI page = URI.create("http://127.0.0.1:" + server.status().metricsPort() + "/data.json");
        try (InputStream in = page.toURL().openStream()) {
            data = Messages.json().readTree(in);
        }
        assertThat(data.toString()).doesNotContain("secret", home.toString(), "store\"");
        assertThat(data.path("volume").path("storage").asText()).isEqualTo("local");
        assertThat(data.path("volume").path("behindMillis").asLong()).isEqualTo(1_500);
        assertThat(data.path("volume").path("cache").path("heapHits").asLong()).isEqualTo(90);
        assertThat(data.path("kept").path("snapshots").asLong()).isEqualTo(2);
        assertThat(data.path("kept").path("tightQuotas").asLong()).isEqualTo(1);
        assertThat(data.path("kept").path("restorePoints").asLong()).isEqualTo(3);
        assertThat(data.path("clients")).hasSize(1);
        stopEndsItCleanly();
    }

    @Test
    void anEndOfMemoryEndsItAsACrashWould() throws Exception {
        onFatalError.get().accept(new OutOfMemoryError("as the test wants it"));
        assertThat(server.awaitEnd()).isEqualTo(ExitCode.OUT_OF_MEMORY);
        assertThat(volumeEnd()).isEqualTo("abandoned");
        StateDirectory.take(state).close();
    }

    @Test
    void afterAFailureOfTheJvmEvenASignalUploadsNothing() throws Exception {
        onFatalError.get().accept(new InternalError("as the test wants it"));
        assertThat(server.stop(Duration.ofMinutes(1), Progress.NONE)).isFalse();
        assertThat(server.awaitEnd()).isEqualTo(ExitCode.INTERNAL);
        assertThat(volumeEnd()).isEqualTo("abandoned");
    }
}
