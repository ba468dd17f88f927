package org.cairnfs.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.app.VolumeFactory.MkfsOptions;
import org.cairnfs.server.config.ConfigFile;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.config.StateDirectory;
import org.cairnfs.server.exports.ExportTable;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.nfs.rpc.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running server reads again. */
class ReloadTest {
    @TempDir
    private Path home;

    private CairnServer serve(Exports exports, ServerConfig config) throws Exception {
        StorageUrl storage = StorageUrl.local(home.resolve("store"));
        Components components = Wiring.components();
        components
                .volumes()
                .mkfs(
                        new MkfsOptions(
                                storage, CredentialsSource.NONE, Optional.empty(), Compression.DEFAULT, 1 << 18, ""),
                        Progress.NONE);
        return CairnServer.start(
                new CairnServer.Options(
                        storage,
                        Optional.empty(),
                        StateDirectory.take(home.resolve("state")),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        exports,
                        config,
                        StorageClaim.USUAL,
                        home.resolve("runs")),
                components,
                Progress.NONE);
    }

    /** An administrator who sees an error must not have half of the changes in place. */
    @Test
    void exportsAndCertificatesChangeTogetherOrNotAtAll() throws Exception {
        TestCertificates made =
                new TestCertificates(home).root("ca").signed("old", "ca").signed("new", "ca");
        Path certificate = Files.copy(made.certificate("old"), home.resolve("cert.pem"));
        Path key = Files.copy(made.key("old"), home.resolve("key.pem"));
        Path file = Files.writeString(home.resolve("exports"), "/ 127.0.0.1(rw,xprtsec=tls)\n");
        Path config = Files.writeString(
                home.resolve("conf"),
                "metrics-port = 0\ntls-certificate = " + certificate + "\ntls-key = " + key + "\n");
        Exports exports = Exports.of(Optional.of(file));
        ExportTable before = exports.get();
        CairnServer server = serve(exports, ServerConfig.of(ConfigFile.read(config)));
        try {
            Files.writeString(file, "/ 127.0.0.1(ro,xprtsec=tls)\n");
            Files.copy(made.key("new"), key, StandardCopyOption.REPLACE_EXISTING);
            CairnException another = catchThrowableOfType(CairnException.class, server::reload);
            assertThat(another.exitCode()).isEqualTo(ExitCode.CONFIG);
            assertThat(another.toLine()).contains(key.toString(), certificate.toString(), "nothing was changed");
            Files.delete(key);
            assertThat(catchThrowableOfType(CairnException.class, server::reload)
                            .toLine())
                    .contains(key.toString(), "nothing was changed");
            assertThat(exports.get()).isSameAs(before);

            Files.copy(made.key("new"), key);
            Files.copy(made.certificate("new"), certificate, StandardCopyOption.REPLACE_EXISTING);
            server.reload();
            assertThat(exports.get().exports().get(0).readOnly()).isTrue();
        } finally {
            server.stop(Duration.ofSeconds(60), Progress.NONE);
            server.awaitEnd();
        }
    }
}
