package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.server.nfs.rpc.EchoProgram.PROGRAM;
import static org.cairnfs.server.nfs.rpc.EchoProgram.VERSION;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What RFC 5531 asks of a server, over real sockets. */
class RpcServerTest {
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
    void answersTheNullProcedureItself() throws Exception {
        assertThat(client.call(7, PROGRAM, VERSION, 0, new byte[0]).remaining()).isZero();
    }

    @Test
    void echoesArgumentsOfAnyLength() throws Exception {
        for (int length : new int[] {0, 1, 3, 4, 1000, 8 << 10, 100_000, EchoProgram.BULK}) {
            byte[] data = new byte[length];
            java.util.Arrays.fill(data, (byte) length);
            assertThat(served.echo(length, data)).as("%d bytes", length).isEqualTo(data);
        }
        metrics.await("memory given back", () -> server.requestBytesHeld() == 0 && server.replyBytesQueued() == 0);
    }

    @Test
    void putsARecordOfSeveralFragmentsTogether() throws Exception {
        byte[] message = ServedEcho.echoMessage(5, new byte[50_000]);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        int from = 0;
        for (int length : new int[] {1, 0, 3, 40, 20_000}) {
            stream.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
            stream.write(message, from, length);
            from += length;
        }
        stream.writeBytes(ByteBuffer.allocate(4)
                .putInt(RawClient.LAST_FRAGMENT | message.length - from)
                .array());
        stream.write(message, from, message.length - from);

        client.send(stream.toByteArray());

        assertThat(RawClient.results(5, client.receive()).readOpaque(50_000)).hasSize(50_000);
    }

    @Test
    void takesARecordByteByByte() throws Exception {
        for (byte b : RawClient.record(ServedEcho.echoMessage(5, new byte[] {1, 2, 3}))) {
            client.send(new byte[] {b});
        }
        assertThat(RawClient.results(5, client.receive()).readOpaque(3)).containsExactly(1, 2, 3);
    }

    @Test
    void runsPipelinedCallsAndAnswersEachOnce() throws Exception {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        Set<Integer> expected = new HashSet<>();
        for (int xid = 0; xid < 1000; xid++) {
            stream.writeBytes(RawClient.record(ServedEcho.echoMessage(xid, new byte[xid])));
            expected.add(xid);
        }
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            try {
                client.send(stream.toByteArray());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });

        Set<Integer> answered = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            XdrReader reply = client.receive();
            int xid = new XdrReader(reply.slice(0, 4)).readInt();
            assertThat(RawClient.results(xid, reply).readOpaque(1000)).hasSize(xid);
            assertThat(answered.add(xid)).isTrue();
        }
        sent.get();
        assertThat(answered).isEqualTo(expected);
        assertThat(metrics.pauses())
                .as("1000 calls are more than may be in flight")
                .isPositive();
    }

    @Test
    void answersLaterCallsBeforeOneThatWaits() throws Exception {
        client.sendRecord(RawClient.message(1, PROGRAM, VERSION, EchoProgram.WAIT, new byte[0]));
        program.waitingCalls.await();
        assertThat(served.echo(2, new byte[] {9})).containsExactly(9);

        program.release.countDown();
        assertThat(RawClient.results(1, client.receive()).remaining()).isZero();
    }

    @Test
    void letsACallBeEndedLaterByAnotherThread() throws Exception {
        client.sendRecord(RawClient.message(1, PROGRAM, VERSION, EchoProgram.HOLD, new byte[0]));
        RpcCall call = program.held.take();
        assertThat(server.callsInFlight()).isEqualTo(1);

        call.reply(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));

        assertThat(RawClient.results(1, client.receive()).readInt()).isEqualTo(0x01020304);
        assertThatThrownBy(() -> call.reject(AcceptStat.SYSTEM_ERR)).isInstanceOf(IllegalStateException.class);
        assertThat(metrics.callsEnded()).isEqualTo(1);
    }

    @Test
    void tellsWhoCallsByAuthSys() throws Exception {
        XdrWriter credential = new XdrWriter(400);
        credential.writeInt(99).writeUtf8("host").writeInt(1000).writeInt(-2).writeInts(4, 5, 6);
        client.sendRecord(RawClient.message(3, PROGRAM, VERSION, EchoProgram.WHO, 1, credential.toByteArray()));

        XdrReader who = RawClient.results(3, client.receive());
        assertThat(who.readInt()).isEqualTo(1000);
        assertThat(who.readInt()).isEqualTo(-2);
        assertThat(who.readInts(16)).containsExactly(4, 5, 6);
        assertThat(who.readUtf8(255)).isEqualTo("host");
    }

    @Test
    void rejectsAnotherRpcVersion() throws Exception {
        byte[] message = ServedEcho.echoMessage(4, new byte[0]);
        message[11] = 3;
        client.sendRecord(message);

        served.assertReply(4, 1, 0, 2, 2);
        assertThat(metrics.refusals(Refusal.RPC_MISMATCH)).isEqualTo(1);
        served.assertServes();
    }

    @Test
    void rejectsAnUnknownProgram() throws Exception {
        client.sendRecord(RawClient.message(4, PROGRAM + 1, VERSION, 1, new byte[0]));

        served.assertReply(4, 0, 0, 0, 1);
        assertThat(metrics.refusals(Refusal.PROG_UNAVAIL)).isEqualTo(1);
        served.assertServes();
    }

    @Test
    void rejectsAnUnknownVersionWithThoseThatItHas() throws Exception {
        client.sendRecord(RawClient.message(4, PROGRAM, VERSION + 1, 1, new byte[0]));

        served.assertReply(4, 0, 0, 0, 2, VERSION, VERSION + 2);
        assertThat(metrics.refusals(Refusal.PROG_MISMATCH)).isEqualTo(1);
        served.assertServes();
    }

    @Test
    void rejectsAnUnknownProcedure() throws Exception {
        client.sendRecord(RawClient.message(4, PROGRAM, VERSION, 4711, new byte[0]));

        served.assertReply(4, 0, 0, 0, 3);
        assertThat(metrics.refusals(Refusal.PROC_UNAVAIL)).isEqualTo(1);
    }

    @Test
    void answersGarbageArguments() throws Exception {
        client.sendRecord(RawClient.message(4, PROGRAM, VERSION, EchoProgram.ECHO, new byte[] {0x7F, 0, 0, 0}));

        served.assertReply(4, 0, 0, 0, 4);
        assertThat(metrics.refusals(Refusal.GARBAGE_ARGS)).isEqualTo(1);
        served.assertServes();
    }

    @Test
    void answersSystemErrorWhenAHandlerFails() throws Exception {
        client.sendRecord(RawClient.message(4, PROGRAM, VERSION, EchoProgram.FAIL, new byte[0]));
        served.assertReply(4, 0, 0, 0, 5);
        client.sendRecord(RawClient.message(5, PROGRAM, VERSION, EchoProgram.OVERFLOW, new byte[0]));
        served.assertReply(5, 0, 0, 0, 5);

        assertThat(metrics.refusals(Refusal.SYSTEM_ERR)).isEqualTo(2);
        assertThat(served.fatal).isEmpty();
        served.assertServes();
    }

    @Test
    void reportsWhatMayMakeTheProcessUnsoundAndGoesOn() throws Exception {
        client.sendRecord(RawClient.message(4, PROGRAM, VERSION, EchoProgram.OUT_OF_MEMORY, new byte[0]));

        served.assertReply(4, 0, 0, 0, 5);
        assertThat(served.fatal.poll(60, TimeUnit.SECONDS)).isInstanceOf(OutOfMemoryError.class);
        served.assertServes();
    }

    @Test
    void rejectsFlavoursThatItDoesNotKnow() throws Exception {
        for (int flavor : new int[] {2, 6, 7, -1}) {
            client.sendRecord(RawClient.message(flavor, PROGRAM, VERSION, 0, flavor, new byte[8]));
            served.assertReply(flavor, 1, 1, AuthStat.AUTH_REJECTEDCRED.code());
        }
        assertThat(metrics.refusals(Refusal.AUTH_ERROR)).isEqualTo(4);
        served.assertServes();
    }

    @Test
    void rejectsAVerifierThatAuthNoneDoesNotHave() throws Exception {
        byte[] message = ServedEcho.echoMessage(4, new byte[0]);
        message[35] = 1;
        client.sendRecord(message);
        served.assertReply(4, 1, 1, AuthStat.AUTH_BADVERF.code());
    }

    @Test
    void saysHowFarItIs() throws Exception {
        served.assertServes();
        assertThat(server.connectionCount()).isEqualTo(1);
        assertThat(metrics.opened()).isEqualTo(1);
        assertThat(metrics.callsStarted()).isEqualTo(1);
        assertThat(metrics.received()).isEqualTo(4 + 40 + 8);

        client.close();
        metrics.await("closed", () -> metrics.closed() == 1);
        assertThat(server.connectionCount()).isZero();
        assertThat(metrics.sent()).isEqualTo(4 + 24 + 8);
    }

    @Test
    void stopsGracefully() throws Exception {
        client.sendRecord(RawClient.message(1, PROGRAM, VERSION, EchoProgram.WAIT, new byte[0]));
        program.waitingCalls.await();
        CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> {
            try {
                return server.stop(ServedEcho.LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        metrics.await("refuses connections", this::isConnectionRefused);
        assertThat(stopped).isNotDone();

        program.release.countDown();

        assertThat(RawClient.results(1, client.receive()).remaining()).isZero();
        assertThat(stopped.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void doesNotWaitForeverWhenItStops() throws Exception {
        client.sendRecord(RawClient.message(1, PROGRAM, VERSION, EchoProgram.WAIT, new byte[0]));
        program.waitingCalls.await();

        assertThat(server.stop(Duration.ofMillis(1))).isFalse();
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void refusesTheSameProgramTwice() {
        RpcServerBuilder builder = RpcServer.builder().program(1, 1, program);
        assertThatThrownBy(() -> builder.program(1, 1, program)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhenItsPortIsTaken() {
        RpcServer second = RpcServer.builder().listen(server.address()).build();
        assertThatThrownBy(second::start).isInstanceOf(IOException.class);
    }

    private boolean isConnectionRefused() {
        try (RawClient another = new RawClient(server.address())) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
