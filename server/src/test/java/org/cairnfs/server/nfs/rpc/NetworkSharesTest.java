package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.rpc.EchoProgram.PROGRAM;
import static org.cairnfs.server.nfs.rpc.EchoProgram.VERSION;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An address that uses its part of the memory up keeps the others from nothing, and goes on when it has made room. Nobody is closed for
 * being slow here, so what is shown does not come from that.
 */
class NetworkSharesTest {
    private static final int MIB = 1 << 20;
    private static final int SHARE = 4 * MIB;
    private static final String GREEDY = "127.0.0.2";
    private static final String MODEST = "127.0.0.3";
    private static final Duration LONG = Duration.ofMinutes(10);

    private final CountingMetrics metrics = new CountingMetrics();
    private final List<RawClient> clients = new ArrayList<>();
    private RpcServer server;

    private void start(int workers) throws Exception {
        start(workers, LONG);
    }

    private void start(int workers, Duration underPressure) throws Exception {
        server = RpcServer.builder()
                .program(PROGRAM, VERSION, new EchoProgram())
                .workers(workers)
                .metrics(metrics)
                .limits(RpcLimits.builder()
                        .requestBytes(6 * MIB)
                        .requestBytesPerAddress(SHARE)
                        .replyBytes(12 * MIB)
                        .replyBytesPerAddress(SHARE)
                        .replyBytesPerConnection(100 * MIB)
                        .patience(LONG)
                        .patienceUnderPressure(underPressure)
                        .build())
                .build();
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        server.stop(Duration.ofSeconds(10));
    }

    private RawClient connect(String from, int receiveBuffer) throws Exception {
        RawClient client =
                new RawClient(server.address(), receiveBuffer, new InetSocketAddress(InetAddresses.forString(from), 0));
        clients.add(client);
        return client;
    }

    private void assertServes(String from) throws Exception {
        RawClient client = connect(from, 0);
        client.sendRecord(ServedEcho.echoMessage(1, new byte[MIB]));
        assertThat(RawClient.results(1, client.receive()).readOpaque(MIB)).hasSize(MIB);
    }

    @Test
    void beginningsOfRecordsHoldTheShareOfTheirAddressOnly() throws Exception {
        start(4);
        byte[] whole = RawClient.record(ServedEcho.echoMessage(7, new byte[MIB - 1000]));
        int part = 12 << 10;
        List<RawClient> greedy = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RawClient client = connect(GREEDY, 0);
            client.send(Arrays.copyOf(whole, part));
            greedy.add(client);
        }
        metrics.await("more than the share is wanted", () -> metrics.pauses() >= 4);
        assertThat(server.requestBytesHeld()).isBetween(3L * MIB, (long) SHARE);
        assertServes(MODEST);

        for (RawClient client : greedy) {
            client.send(Arrays.copyOfRange(whole, part, whole.length));
        }
        for (RawClient client : greedy) {
            RawClient.results(7, client.receive());
        }
        metrics.await("all is given back", () -> server.requestBytesHeld() == 0);
    }

    @Test
    void repliesThatAreNotReadHoldBackTheCallsOfTheirAddressOnly() throws Exception {
        int workers = 2;
        start(workers);
        int calls = 24;
        List<RawClient> greedy = List.of(connect(GREEDY, 4096), connect(GREEDY, 4096));
        for (RawClient client : greedy) {
            ask(client, calls);
        }
        metrics.await("both connections wait", () -> metrics.heldBack() >= greedy.size());
        assertThat(server.replyBytesQueued()).isLessThan(SHARE + (workers + 1L) * (MIB + 100));
        assertServes(MODEST);
        assertThat(metrics.callsEnded()).isLessThan(greedy.size() * calls);

        // Each by itself: who waits for one of them may wait for room that replies to the other take.
        ExecutorService threads = Executors.newFixedThreadPool(greedy.size());
        try {
            List<CompletableFuture<Void>> readers = greedy.stream()
                    .map(client -> CompletableFuture.runAsync(() -> receive(client, calls), threads))
                    .toList();
            for (CompletableFuture<Void> reader : readers) {
                reader.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        metrics.await("all is given back", () -> server.replyBytesQueued() == 0);
        assertThat(metrics.closed()).isZero();
    }

    /** Else one that was suspended would keep its neighbours behind the same router waiting for a minute. */
    @Test
    @Timeout(60)
    void whoKeepsItsNeighboursWaitingHasLessTime() throws Exception {
        start(2, Duration.ofMillis(100));
        RawClient dead = connect(GREEDY, 4096);
        ask(dead, 24);
        metrics.await("it is held back", () -> metrics.heldBack() > 0);
        assertThat(metrics.refusals(Refusal.REPLIES_NOT_READ)).as("alone").isZero();
        // For a while the kernel may take more of its replies, which is enough room.
        while (metrics.refusals(Refusal.REPLIES_NOT_READ) == 0) {
            assertServes(GREEDY);
        }
        assertThat(metrics.refusals(Refusal.REPLIES_NOT_READ)).isEqualTo(1);
    }

    private static void receive(RawClient client, int replies) {
        try {
            for (int i = 0; i < replies; i++) {
                assertThat(client.receiveRecord()).hasSizeGreaterThan(MIB);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void ask(RawClient client, int times) throws Exception {
        byte[] arguments = ByteBuffer.allocate(4).putInt(MIB).array();
        for (int i = 0; i < times; i++) {
            client.sendRecord(RawClient.message(i, PROGRAM, VERSION, EchoProgram.READ_FRESH, arguments));
        }
    }
}
