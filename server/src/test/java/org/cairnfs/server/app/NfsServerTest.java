package org.cairnfs.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.RpcMetrics;
import org.cairnfs.server.nfs.rpc.RpcServer;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.compound.NfsProgram;
import org.cairnfs.server.nfs.v4.testing.Nfs4TestClient;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Verbs;
import org.cairnfs.server.nfs.watch.OperationWatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NFS as the program starts it. */
class NfsServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final RpcCredential ROOT = new RpcCredential.AuthSys("test", Credentials.ROOT);

    @TempDir
    private Path home;

    /** A file system whose memory runs out when it is asked for attributes. */
    private static FileSystem exhausted() {
        return Verbs.intercepted(new ModelFileSystem(), (verb, arguments, usual) -> {
            if (verb.equals("getattr")) {
                throw new OutOfMemoryError("as the test wants it");
            }
            return usual.call();
        });
    }

    @Test
    void tellsThatMemoryRanOutWhileItServed() throws Exception {
        LinkedBlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();
        Path exports = Files.writeString(home.resolve("exports"), "/ 127.0.0.1(rw,insecure,no_root_squash)\n");
        NfsService nfs = NfsServer.start(new NfsService.Options(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Exports.of(Optional.of(exports)),
                exhausted(),
                new byte[32],
                home,
                ServerConfig.defaults().nfs(),
                Optional.empty(),
                RpcMetrics.NONE,
                OperationWatch.NONE,
                fatal::add));
        RpcServer client = RpcServer.builder().build();
        client.start();
        try {
            client.connect(nfs.address(), PATIENCE)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .call(
                            NfsProgram.PROGRAM,
                            NfsProgram.VERSION,
                            1,
                            ROOT,
                            Nfs4TestClient.encode("", 0, 2, List.of(Ops.putRootFh(), Ops.getAttr(Attr.TYPE))),
                            PATIENCE)
                    .handle((reply, failure) -> failure)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(fatal.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(OutOfMemoryError.class);
        } finally {
            client.stop(Duration.ZERO);
            nfs.stop(Duration.ZERO);
        }
    }
}
