package org.cairnfs.server.nfs.v4.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.RpcServer;
import org.cairnfs.server.nfs.state.Callback40;
import org.cairnfs.server.nfs.state.Callbacks;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v3.portmap.UniversalAddress;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls to the callback service of a 4.0 client, over loopback. Those in a session are pynfs' and the kernel client's to test. */
class CallbackCallsTest {
    private static final int PROGRAM = 0x4000_0000;
    private static final Callbacks.Recall RECALL =
            new Callbacks.Recall(new Stateid(1, 2, 3, 4), Bytes.copyOf(new byte[] {5, 6}));

    /** A CB_COMPOUND as the client heard it; CB_NULL is answered before that. */
    private record Heard(RpcCredential credential, RpcConnection connection) {}

    private final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final RpcServer client = server();
    private final RpcServer server = server();
    private final CallbackCalls calls = new CallbackCalls(server);

    private RpcServer server() {
        return RpcServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .program(PROGRAM, 1, this::hear)
                .build();
    }

    private void hear(RpcCall call) throws XdrException {
        heard.add(new Heard(call.credential(), call.connection()));
        XdrWriter results = call.newResults();
        results.writeInt(NfsStatus.BADHANDLE.code()).writeUtf8("tag").writeInt(1);
        results.writeInt(4).writeInt(NfsStatus.BADHANDLE.code());
        call.reply(results);
    }

    @BeforeEach
    void start() throws Exception {
        client.start();
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        client.stop(Duration.ZERO);
        server.stop(Duration.ZERO);
    }

    private Callback40 service(boolean isCallers) {
        InetSocketAddress at = client.address();
        return new Callback40(PROGRAM, "tcp", UniversalAddress.of(at.getAddress(), at.getPort()), 9, isCallers);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    private Heard heard() throws InterruptedException {
        Heard next = heard.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("what the client heard within a minute").isNotNull();
        return next;
    }

    @Test
    void aClientIsProbedAndRecalledFromOverOneConnection() throws Exception {
        get(calls.probe(service(true)));
        for (int i = 0; i < 2; i++) {
            assertThat(get(calls.recall(service(true), RECALL))).isEqualTo(NfsStatus.BADHANDLE);
        }
        Heard first = heard();
        Heard second = heard();
        assertThat(first.credential()).isInstanceOf(RpcCredential.AuthSys.class);
        assertThat(second.connection()).isSameAs(first.connection());
        assertThat(client.acceptedConnections()).as("with that of the probe").isEqualTo(1);
    }

    @Test
    void anotherConnectionIsMadeWhenTheClientClosedIt() throws Exception {
        get(calls.recall(service(true), RECALL));
        CompletableFuture<Void> closed = new CompletableFuture<>();
        RpcConnection first = heard().connection();
        first.onClose(() -> closed.complete(null));
        first.close("the test wants it");
        get(closed);
        // The server may learn of it a moment later, by a call that fails.
        NfsStatus status = null;
        while (status == null) {
            status = calls.recall(service(true), RECALL)
                    .exceptionally(lost -> null)
                    .get(60, TimeUnit.SECONDS);
        }
        assertThat(status).isEqualTo(NfsStatus.BADHANDLE);
        assertThat(heard().connection()).isNotSameAs(first);
    }

    @Test
    void nobodyIsCalledWhoIsNotTheCaller() {
        assertThatThrownBy(() -> get(calls.probe(service(false)))).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> get(calls.recall(new Callback40(PROGRAM, "tcp", "nowhere", 9, true), RECALL)))
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(heard).isEmpty();
    }

    /** A refusal is known at once, while the connection is still being noted. */
    @Test
    void whoCannotBeReachedFailsTheCallEachTime() throws Exception {
        Callback40 gone = service(true);
        client.stop(Duration.ZERO);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> get(calls.probe(gone))).isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void aConnectorThatFailsAtOnceIsAskedAgain() throws Exception {
        CallbackCalls failing =
                new CallbackCalls((to, patience) -> CompletableFuture.failedFuture(new IOException("refused")));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> get(failing.probe(service(true)))).hasCauseInstanceOf(IOException.class);
        }
    }
}
