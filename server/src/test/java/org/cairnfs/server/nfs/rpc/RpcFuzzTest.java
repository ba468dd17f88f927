package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.rpc.EchoProgram.PROGRAM;
import static org.cairnfs.server.nfs.rpc.EchoProgram.VERSION;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid calls with random damage: whatever comes of them, nothing goes uncaught, and the next valid call is served. */
class RpcFuzzTest {
    private static final int ROUNDS = 400;
    private static final int[] WORDS = {0, 1, -1, 4, 17, 400, 401, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0004};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 0xCA17})
    void servesOnWhateverIsSent(long seed) throws Exception {
        Random random = new Random(seed);
        Queue<Throwable> fatal = new ConcurrentLinkedQueue<>();
        CountingMetrics metrics = new CountingMetrics();
        RpcServer server = RpcServer.builder()
                .program(PROGRAM, VERSION, new EchoProgram())
                .metrics(metrics)
                .onFatalError(fatal::add)
                .build();
        server.start();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                try (RawClient attacker = new RawClient(server.address())) {
                    send(attacker, damage(stream(random), random));
                }
                if (round % 20 == 0) {
                    assertServes(server);
                }
            }
            assertServes(server);
            metrics.await("all connections have closed", () -> metrics.opened() == metrics.closed());
            metrics.await("all calls have ended", () -> metrics.callsStarted() == metrics.callsEnded());
            // Calls of closed connections may still wait for a worker.
            metrics.await("memory is given back", () -> server.requestBytesHeld() == 0);
        } finally {
            server.stop(Duration.ofSeconds(10));
        }
        assertThat(fatal).isEmpty();
        assertThat(server.replyBytesQueued()).isZero();
    }

    private static void send(RawClient attacker, byte[] stream) {
        try {
            attacker.send(stream);
            attacker.shutdownOutput();
            while (!attacker.isClosedByServer()) {
                // Reads the answers, whatever they are, to the end.
            }
        } catch (IOException closedByServer) {
            assertThat(closedByServer).isNotInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    private static void assertServes(RpcServer server) throws IOException, XdrException {
        try (RawClient client = new RawClient(server.address())) {
            byte[] arguments = new XdrWriter(100).writeUtf8("alive").toByteArray();
            assertThat(client.call(1, PROGRAM, VERSION, EchoProgram.ECHO, arguments)
                            .readUtf8(10))
                    .isEqualTo("alive");
        }
    }

    /** A few valid calls and a reply that nobody waits for. */
    private static byte[] stream(Random random) throws XdrException {
        byte[] credential = new XdrWriter(400)
                .writeInt(1)
                .writeUtf8("machine")
                .writeHyper(1)
                .writeInts(1, 2, 3)
                .toByteArray();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        byte[] echo = new XdrWriter(20_000)
                .writeOpaque(new byte[random.nextInt(10_000)])
                .toByteArray();
        for (byte[] message : List.of(
                RawClient.message(1, PROGRAM, VERSION, EchoProgram.WHO, 1, credential),
                RawClient.message(2, PROGRAM, VERSION, EchoProgram.ECHO, echo),
                RawClient.message(3, PROGRAM, VERSION, 0, new byte[0]),
                ByteBuffer.allocate(24).putInt(9).putInt(1).array())) {
            stream.writeBytes(RawClient.record(message));
        }
        return stream.toByteArray();
    }

    private static byte[] damage(byte[] stream, Random random) {
        ByteBuffer bytes = ByteBuffer.wrap(stream);
        for (int i = random.nextInt(6); i >= 0; i--) {
            // The head of the stream is where the lengths are.
            int bound = random.nextBoolean() ? 120 : stream.length;
            switch (random.nextInt(3)) {
                case 0 -> bytes.put(random.nextInt(bound), (byte) random.nextInt());
                case 1 -> bytes.putInt(random.nextInt(bound / 4) * 4, WORDS[random.nextInt(WORDS.length)]);
                default -> bytes.putInt(random.nextInt(bound / 4) * 4, random.nextInt());
            }
        }
        return random.nextInt(4) == 0 ? java.util.Arrays.copyOf(stream, random.nextInt(stream.length)) : stream;
    }
}
