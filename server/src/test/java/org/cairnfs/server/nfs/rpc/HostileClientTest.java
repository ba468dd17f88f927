package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.rpc.EchoProgram.PROGRAM;
import static org.cairnfs.server.nfs.rpc.EchoProgram.VERSION;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that want to take the server down. Each test shows that another client is served meanwhile and that what the attacker
 * holds stays within the limits. The heap of the tests is 512 MiB: what these clients ask for does not fit into it.
 */
class HostileClientTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final int MIB = 1 << 20;

    private final CountingMetrics metrics = new CountingMetrics();
    private final EchoProgram program = new EchoProgram();
    private final List<RawClient> attackers = new ArrayList<>();
    private RpcServer server;

    @AfterEach
    void stop() throws Exception {
        for (RawClient attacker : attackers) {
            attacker.close();
        }
        program.release.countDown();
        server.stop(Duration.ofSeconds(10));
    }

    @Test
    void aRecordOfTwoGibibytesIsRefusedAtItsHeader() throws Exception {
        start(limits());
        for (int mark : new int[] {-1, 0x7FFF_FFFF, RawClient.LAST_FRAGMENT | 2 * MIB}) {
            RawClient attacker = attack();
            attacker.send(word(mark));
            assertThat(attacker.isClosedByServer()).isTrue();
        }
        assertThat(metrics.refusals(Refusal.RECORD_TOO_LARGE)).isEqualTo(3);
        assertServesOthers();
    }

    @Test
    void aFloodOfEmptyFragmentsCostsTheConnection() throws Exception {
        start(limits());
        RawClient attacker = attack();
        attacker.send(new byte[4 * (RpcLimits.FRAGMENTS_PER_RECORD + 1)]);

        assertThat(attacker.isClosedByServer()).isTrue();
        assertThat(metrics.refusals(Refusal.TOO_MANY_FRAGMENTS)).isEqualTo(1);
        assertServesOthers();
    }

    @Test
    void whatIsNoRpcMessageCostsTheConnection() throws Exception {
        start(limits());
        byte[][] messages = {{}, {1, 2, 3}, new byte[7], word(9, 2), word(9, 0), word(9, 0, 2, PROGRAM, VERSION)};
        for (byte[] message : messages) {
            RawClient attacker = attack();
            attacker.sendRecord(message);
            assertThat(attacker.isClosedByServer()).isTrue();
        }
        assertThat(metrics.refusals(Refusal.MALFORMED)).isEqualTo(messages.length);
        assertServesOthers();
    }

    @Test
    void credentialsThatLieAboutTheirLengthsAreRejected() throws Exception {
        start(limits());
        // Groups: 2^32-1 of them, more than there are bytes for, and one more than allowed; then the machine's name.
        assertAuthError(sys(word(-1)), AuthStat.AUTH_BADCRED);
        assertAuthError(sys(word(0x4000_0000)), AuthStat.AUTH_BADCRED);
        assertAuthError(sys(word(2, 1)), AuthStat.AUTH_BADCRED);
        assertAuthError(sys(new XdrWriter(100).writeInts(new int[17]).toByteArray()), AuthStat.AUTH_BADCRED);
        assertAuthError(sys(word(0, 0)), AuthStat.AUTH_BADCRED);
        assertAuthError(word(0, -1, 0, 0), AuthStat.AUTH_BADCRED);
        assertAuthError(
                new XdrWriter(400)
                        .writeInt(0)
                        .writeOpaque(new byte[256])
                        .writeHyper(0)
                        .writeInt(0)
                        .toByteArray(),
                AuthStat.AUTH_BADCRED);
        assertAuthError(new byte[404], AuthStat.AUTH_BADCRED);
        assertRejected(word(7, 0, 2, PROGRAM, VERSION, 0, 1, -1), AuthStat.AUTH_BADCRED);
        assertRejected(word(7, 0, 2, PROGRAM, VERSION, 0, 1, 400), AuthStat.AUTH_BADCRED);
        assertRejected(word(7, 0, 2, PROGRAM, VERSION, 0, 0, 0, 0, 0x7FFF_FFFF), AuthStat.AUTH_BADVERF);

        assertThat(metrics.refusals(Refusal.AUTH_ERROR)).isEqualTo(11);
        assertServesOthers();
    }

    @Test
    void aThousandAnnouncedMebibytesCostNothingUntilTheyArrive() throws Exception {
        start(limits());
        int count = 1000;
        byte[] start =
                ByteBuffer.allocate(5).putInt(RawClient.LAST_FRAGMENT | MIB).array();
        for (int i = 0; i < count; i++) {
            attack().send(start);
        }
        metrics.await("all has arrived", () -> metrics.received() == count * 5L);

        assertThat(server.connectionCount()).isEqualTo(count);
        assertThat(server.requestBytesHeld()).isZero();
        assertServesOthers();
    }

    @Test
    void halfOpenRecordsHoldNoMoreThanTheirBudgetAndGiveWay() throws Exception {
        start(limits().requestBytes(8 * MIB).requestBytesPerAddress(8 * MIB).patienceUnderPressure(SHORT));
        byte[] half = ByteBuffer.allocate(4 + MIB / 2)
                .putInt(RawClient.LAST_FRAGMENT | MIB)
                .array();
        for (int i = 0; i < 24; i++) {
            RawClient attacker = attack();
            runAside(() -> attacker.send(half));
        }
        metrics.await("the budget is used up", () -> server.requestBytesHeld() >= 7 * MIB);
        assertThat(server.requestBytesHeld()).isLessThanOrEqualTo(8 * MIB);
        // Small calls need no reservation, a large one waits until the attackers have had their chance.
        assertServesOthers();
        assertThat(othersEcho(new byte[MIB])).hasSize(MIB);
        metrics.awaitRefusals(Refusal.RECORD_TOO_SLOW, 1);
        assertThat(server.requestBytesHeld()).isLessThanOrEqualTo(8 * MIB + 10 * RpcLimits.CALL_OVERHEAD_BYTES);
    }

    @Test
    void aRecordThatComesDropByDropRunsOutOfTime() throws Exception {
        start(limits().patience(SHORT));
        RawClient attacker = attack();
        attacker.send(new byte[] {(byte) 0x80, 0, 0});
        metrics.awaitRefusals(Refusal.RECORD_TOO_SLOW, 1);

        assertThat(attacker.isClosedByServer()).isTrue();
        assertServesOthers();
    }

    @Test
    void oneWhoDoesNotReadItsRepliesIsReadFromNoMoreAndThenClosed() throws Exception {
        start(limits().replyBytesPerConnection(2 * MIB).patience(Duration.ofSeconds(2)));
        RawClient attacker = attackWithSmallBuffer();
        int calls = 2000;
        runAside(() -> {
            for (int i = 0; i < calls; i++) {
                attacker.sendRecord(read(MIB));
            }
        });
        metrics.await("reading is paused", () -> metrics.pauses() > 0);
        assertServesOthers();
        assertThat(server.replyBytesQueued()).isLessThan(2 * MIB + 70L * MIB);

        metrics.awaitRefusals(Refusal.REPLIES_NOT_READ, 1);
        metrics.await("what it held is given back", () -> server.replyBytesQueued() == 0);
        assertThat(metrics.callsStarted()).isLessThan(200);
        assertServesOthers();
    }

    @Test
    void manyWhoDoNotReadTheirRepliesDoNotFillTheHeap() throws Exception {
        int replyBudget = 32 * MIB;
        int workers = 8;
        start(limits().replyBytes(replyBudget).replyBytesPerAddress(replyBudget).patienceUnderPressure(SHORT), workers);
        for (int i = 0; i < 40; i++) {
            RawClient attacker = attackWithSmallBuffer();
            runAside(() -> {
                for (int call = 0; call < 60; call++) {
                    attacker.sendRecord(read(MIB));
                }
            });
        }
        metrics.awaitRefusals(Refusal.REPLIES_NOT_READ, 1);
        assertThat(server.replyBytesQueued()).isLessThanOrEqualTo(replyBudget + (workers + 1L) * (MIB + 100));
        assertServesOthers();
        metrics.awaitRefusals(Refusal.REPLIES_NOT_READ, 40);
        metrics.await("what they held is given back", () -> server.replyBytesQueued() == 0);
        assertServesOthers();
    }

    @Test
    void callsInFlightOfOneConnectionAreLimited() throws Exception {
        start(limits().callsPerConnection(4));
        RawClient attacker = attack();
        for (int i = 0; i < 100; i++) {
            attacker.sendRecord(RawClient.message(i, PROGRAM, VERSION, EchoProgram.HOLD, new byte[0]));
        }
        metrics.await("reading is paused", () -> metrics.pauses() == 1);
        metrics.await("four are held", () -> program.held.size() == 4);
        assertThat(server.callsInFlight()).isEqualTo(4);
        assertServesOthers();

        for (int i = 0; i < 100; i++) {
            RpcCall call = program.held.take();
            assertThat(((TcpConnection) call.connection()).callsInFlight()).isBetween(1, 4);
            call.drop();
        }
        metrics.await("all have ended", () -> server.callsInFlight() == 0);
    }

    @Test
    void oneWhoSendsAllItCanDoesNotStarveOthers() throws Exception {
        start(limits().callsPerConnection(64), 2);
        RawClient attacker = attack();
        runAside(() -> {
            for (int i = 0; i < 20_000; i++) {
                attacker.sendRecord(RawClient.message(i, PROGRAM, VERSION, EchoProgram.ECHO, word(0)));
            }
        });
        metrics.await("the attack runs", () -> metrics.callsEnded() > 100);
        for (int i = 0; i < 10; i++) {
            assertServesOthers();
        }
    }

    @Test
    void connectionsAreLimitedByAddressAndInAll() throws Exception {
        start(limits().connections(10).connectionsPerAddress(3));
        for (int i = 0; i < 3; i++) {
            attack();
        }
        metrics.await("three are open", () -> metrics.opened() == 3);
        assertThat(attack().isClosedByServer()).isTrue();
        assertThat(metrics.refusals(Refusal.CONNECTIONS_OF_ADDRESS)).isEqualTo(1);

        attackers.get(0).close();
        metrics.await("one has gone", () -> metrics.closed() == 1);
        assertServesOthers();
    }

    @Test
    void connectionsAreLimitedInAll() throws Exception {
        start(limits().connections(2));
        attack();
        attack();
        metrics.await("two are open", () -> metrics.opened() == 2);
        assertThat(attack().isClosedByServer()).isTrue();
        assertThat(metrics.refusals(Refusal.CONNECTIONS)).isEqualTo(1);
    }

    @Test
    void idleConnectionsAreClosedButNotThoseWithACallInFlight() throws Exception {
        start(limits().patienceUnderPressure(SHORT).idle(SHORT));
        RawClient busy = attack();
        busy.sendRecord(RawClient.message(1, PROGRAM, VERSION, EchoProgram.HOLD, new byte[0]));
        RpcCall call = program.held.take();
        assertThat(attack().isClosedByServer()).isTrue();
        assertThat(metrics.refusals(Refusal.IDLE)).isEqualTo(1);

        call.reply(call.newResults());
        RawClient.results(1, busy.receive());
    }

    private static RpcLimits.Builder limits() {
        return RpcLimits.builder()
                .connections(5000)
                .connectionsPerAddress(5000)
                .patience(LONG)
                .patienceUnderPressure(LONG)
                .idle(LONG);
    }

    private void start(RpcLimits.Builder limits) throws IOException {
        start(limits, 16);
    }

    private void start(RpcLimits.Builder limits, int workers) throws IOException {
        server = RpcServer.builder()
                .program(PROGRAM, VERSION, program)
                .limits(limits.build())
                .workers(workers)
                .metrics(metrics)
                .build();
        server.start();
    }

    private RawClient attack() throws IOException {
        return attack(0);
    }

    private RawClient attackWithSmallBuffer() throws IOException {
        return attack(4096);
    }

    private RawClient attack(int receiveBuffer) throws IOException {
        RawClient attacker = new RawClient(server.address(), receiveBuffer);
        attackers.add(attacker);
        return attacker;
    }

    private interface Attack {
        void run() throws IOException;
    }

    /** Runs what blocks when the server does not read; it ends when its connection does. */
    private static void runAside(Attack attack) {
        Thread thread = new Thread(() -> {
            try {
                attack.run();
            } catch (IOException e) {
                // Closed by the server or by the end of the test: either is how an attack ends.
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void assertServesOthers() throws IOException, XdrException {
        assertThat(othersEcho(new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
    }

    private byte[] othersEcho(byte[] data) throws IOException, XdrException {
        InetSocketAddress elsewhere = new InetSocketAddress(InetAddresses.forString("127.0.0.3"), 0);
        try (RawClient other = new RawClient(server.address(), 0, elsewhere)) {
            byte[] arguments = new XdrWriter(data.length + 8).writeOpaque(data).toByteArray();
            return other.call(1, PROGRAM, VERSION, EchoProgram.ECHO, arguments).readOpaque(MIB);
        }
    }

    private void assertAuthError(byte[] credential, AuthStat expected) throws IOException, XdrException {
        assertRejected(RawClient.message(7, PROGRAM, VERSION, 0, OpaqueAuth.AUTH_SYS, credential), expected);
    }

    private void assertRejected(byte[] message, AuthStat expected) throws IOException, XdrException {
        RawClient attacker = attack();
        attacker.sendRecord(message);
        XdrReader reply = attacker.receive();
        assertThat(new int[] {reply.readInt(), reply.readInt(), reply.readInt(), reply.readInt(), reply.readInt()})
                .containsExactly(7, 1, 1, 1, expected.code());
    }

    /** An AUTH_SYS body up to its gid, then {@code groups}. */
    private static byte[] sys(byte[] groups) throws XdrException {
        XdrWriter out = new XdrWriter(1000).writeInt(0).writeUtf8("host").writeHyper(0);
        return out.writeFixedOpaque(groups).toByteArray();
    }

    private static byte[] read(int length) {
        return RawClient.message(1, PROGRAM, VERSION, EchoProgram.READ_FRESH, word(length));
    }

    private static byte[] word(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }
}
