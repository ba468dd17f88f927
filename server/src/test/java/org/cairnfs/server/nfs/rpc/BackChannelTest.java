package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.server.nfs.rpc.EchoProgram.PROGRAM;
import static org.cairnfs.server.nfs.rpc.EchoProgram.VERSION;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections as programs see them: what is attached to them, their end, and calls in the other direction. */
class BackChannelTest {
    private final ServedEcho served = new ServedEcho();
    private final CountingMetrics metrics = served.metrics;
    private final EchoProgram program = served.program;
    private final RpcServer server = served.server;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        client = served.start();
    }

    @AfterEach
    void stop() throws Exception {
        served.stop();
    }

    @Test
    void keepsWhatIsAttachedToAConnectionAndTellsItsEnd() throws Exception {
        RpcConnection connection = heldConnection();
        connection.attach(String.class, "session");
        assertThat(connection.attachment(String.class)).contains("session");
        assertThat(connection.attachment(Integer.class)).isEmpty();
        connection.attach(String.class, null);
        assertThat(connection.attachment(String.class)).isEmpty();
        assertThat(connection.remoteAddress().getAddress().isLoopbackAddress()).isTrue();
        assertThat(connection.localAddress()).isEqualTo(server.address());

        CountDownLatch closed = new CountDownLatch(2);
        connection.onClose(() -> {
            closed.countDown();
            throw new IllegalStateException("as the test wants it");
        });
        connection.onClose(closed::countDown);
        client.close();
        assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(connection.isOpen()).isFalse();

        CountDownLatch atOnce = new CountDownLatch(1);
        connection.onClose(atOnce::countDown);
        assertThat(atOnce.getCount()).isZero();
    }

    @Test
    void callsBackOverTheSameConnection() throws Exception {
        RpcConnection connection = heldConnection();
        RpcCredential credential = new RpcCredential.AuthSys("server", Credentials.of(0, 1, 2));
        CompletableFuture<XdrReader> answer =
                connection.call(0x4000_0000, 1, 2, credential, new XdrWriter(8).writeInt(42), ServedEcho.LONG);

        XdrReader call = client.receive();
        int xid = call.readInt();
        assertThat(new int[] {
                    call.readInt(), call.readInt(), call.readInt(), call.readInt(), call.readInt(), call.readInt()
                })
                .containsExactly(0, 2, 0x4000_0000, 1, 2, 1);
        XdrReader sys = new XdrReader(call.readOpaqueSlice(400));
        assertThat(sys.readInt()).isZero();
        assertThat(sys.readUtf8(255)).isEqualTo("server");
        assertThat(sys.readHyper()).isEqualTo(1);
        assertThat(sys.readInts(16)).containsExactly(2);
        assertThat(call.readHyper()).isZero();
        assertThat(call.readInt()).isEqualTo(42);
        client.sendRecord(new XdrWriter(100)
                .writeInt(xid)
                .writeInt(1)
                .writeHyper(0)
                .writeHyper(0)
                .writeInt(43)
                .toByteArray());

        assertThat(answer.get(60, TimeUnit.SECONDS).readInt()).isEqualTo(43);
        served.assertServes();
    }

    @Test
    void failsACallBackThatIsRefusedMalformedUnansweredOrCutOff() throws Exception {
        RpcConnection connection = heldConnection();
        CompletableFuture<XdrReader> refused = callBack(connection, ServedEcho.LONG);
        client.sendRecord(reply(client.receive().readInt(), 0, 0, 0, 3));
        assertFailed(refused, RpcCallException.Kind.REFUSED);

        CompletableFuture<XdrReader> denied = callBack(connection, ServedEcho.LONG);
        client.sendRecord(reply(client.receive().readInt(), 1, 1, 1));
        assertFailed(denied, RpcCallException.Kind.REFUSED);

        CompletableFuture<XdrReader> malformed = callBack(connection, ServedEcho.LONG);
        client.sendRecord(reply(client.receive().readInt(), 0, 0, 401));
        assertFailed(malformed, RpcCallException.Kind.MALFORMED);

        CompletableFuture<XdrReader> unanswered = callBack(connection, Duration.ofMillis(1));
        assertFailed(unanswered, RpcCallException.Kind.TIMED_OUT);
        client.sendRecord(reply(client.receive().readInt(), 0, 0, 0, 0));
        metrics.awaitRefusals(Refusal.UNEXPECTED_REPLY, 1);

        CompletableFuture<XdrReader> cutOff = callBack(connection, ServedEcho.LONG);
        client.close();
        assertFailed(cutOff, RpcCallException.Kind.CLOSED);
        assertFailed(callBack(connection, ServedEcho.LONG), RpcCallException.Kind.CLOSED);
    }

    @Test
    void doesNotLetCallBacksPileUp() throws Exception {
        RpcConnection connection = heldConnection();
        for (int i = 0; i < RpcLimits.OUTGOING_CALLS_PER_CONNECTION; i++) {
            assertThat(callBack(connection, ServedEcho.LONG)).isNotCompletedExceptionally();
        }
        assertFailed(callBack(connection, ServedEcho.LONG), RpcCallException.Kind.BUSY);
    }

    @Test
    void callsAnotherServerOverAConnectionOfItsOwn() throws Exception {
        RpcServer other =
                RpcServer.builder().program(PROGRAM, VERSION, new EchoProgram()).build();
        other.start();
        try {
            RpcConnection connection =
                    server.connect(other.address(), ServedEcho.LONG).get(60, TimeUnit.SECONDS);
            XdrWriter arguments = new XdrWriter(100).writeUtf8("hello");
            XdrReader results = connection
                    .call(PROGRAM, VERSION, EchoProgram.ECHO, RpcCredential.NONE, arguments, ServedEcho.LONG)
                    .get(60, TimeUnit.SECONDS);
            assertThat(results.readUtf8(100)).isEqualTo("hello");
            connection.close("the test is done");
        } finally {
            other.stop(ServedEcho.LONG);
        }
        assertThatThrownBy(
                        () -> server.connect(other.address(), ServedEcho.LONG).get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    private RpcConnection heldConnection() throws Exception {
        client.call(1, PROGRAM, VERSION, EchoProgram.HOLD_CONNECTION, new byte[0]);
        return program.held.take().connection();
    }

    private static CompletableFuture<XdrReader> callBack(RpcConnection connection, Duration timeout) {
        return connection.call(0x4000_0000, 1, 0, RpcCredential.NONE, new XdrWriter(0), timeout);
    }

    private static void assertFailed(CompletableFuture<XdrReader> call, RpcCallException.Kind kind) {
        assertThatThrownBy(() -> call.get(60, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        RpcCallException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static byte[] reply(int xid, int... rest) throws XdrException {
        XdrWriter out = new XdrWriter(100).writeInt(xid).writeInt(1);
        for (int word : rest) {
            out.writeInt(word);
        }
        return out.toByteArray();
    }
}
