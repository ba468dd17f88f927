package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.cairnfs.server.nfs.fuzz.Errors;
import org.cairnfs.server.nfs.fuzz.Mutator;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.cairnfs.server.nfs.rpc.tls.TlsIdentity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hostile TLS: sessions with damage in every part, and handshakes that are begun and left. Others are served meanwhile. */
class TlsFuzzTest {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFuzzTest.class);
    private static final int SESSIONS =
            Boolean.getBoolean("cairn.long") ? Integer.getInteger("cairn.fuzz.rounds", 500) * 2 : 15;

    private static final int MOST_OF_AN_ADDRESS = 8;
    private static final int SILENCE_MILLIS = 200;

    @TempDir
    private static Path folder;

    private static TestCertificates certificates;
    private final CountingMetrics metrics = new CountingMetrics();
    private RpcServer server;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates =
                new TestCertificates(folder).root("ca").signed("server", "ca").signed("client", "ca");
    }

    private void start(RpcLimits limits) throws Exception {
        server = RpcServer.builder()
                .limits(limits)
                .metrics(metrics)
                .tls(new TlsIdentity(
                        certificates.certificate("server"),
                        certificates.key("server"),
                        Optional.of(certificates.certificate("ca"))))
                .program(EchoProgram.PROGRAM, EchoProgram.VERSION, new EchoProgram())
                .build();
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop(Duration.ofSeconds(60));
    }

    /** Whoever damages what is on its way gets nothing through: an echo is right, or does not come. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void damagedSessionsEndAndOthersGoOn(long seed) throws Exception {
        start(RpcLimits.defaults());
        Random random = new Random(seed + Long.getLong("cairn.fuzz.seed", 0));
        Mutator mutator = new Mutator(random);
        int whole = 0;
        try (Errors errors = new Errors();
                MeddlingProxy proxy = new MeddlingProxy(
                        server.address(),
                        SILENCE_MILLIS,
                        piece -> random.nextInt(3) > 0 ? piece : mutator.damaged(piece));
                TlsClient other = new TlsClient(server.address(), certificates, "ca", Optional.of("client"))) {
            assertThat(other.ask()).isTrue();
            other.handshake("sunrpc");
            for (int i = 0; i < SESSIONS; i++) {
                Optional<String> own = i % 2 == 0 ? Optional.of("client") : Optional.empty();
                Thread forwarding = proxy.serveNext();
                try (TlsClient client = new TlsClient(proxy.address(), certificates, "ca", own)) {
                    assertThat(client.ask()).isTrue();
                    client.handshake("sunrpc");
                    for (int call = 0; call < 4; call++) {
                        byte[] data = new byte[random.nextInt(40_000)];
                        random.nextBytes(data);
                        assertThat(client.echo(call, data)).isEqualTo(data);
                    }
                    whole++;
                } catch (IOException ended) {
                    assertThat(server.acceptedConnections()).isPositive();
                }
                forwarding.join();
                if (i % 10 == 0) {
                    assertThat(other.echo(i, new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
                    assertThat(errors.all()).as("session %d", i).isEmpty();
                }
            }
            LOG.info("seed {}: {} of {} sessions were whole", seed, whole, SESSIONS);
            assertThat(whole).isLessThan(SESSIONS);
            assertThat(metrics.refusals(Refusal.TLS)).isPositive();
            assertThat(metrics.refusals(Refusal.SYSTEM_ERR)).isZero();
            metrics.await("only the other one is left", () -> server.connectionCount() == 1);
            assertThat(server.requestBytesHeld()).isZero();
            assertThat(server.replyBytesQueued()).isZero();
        }
    }

    /** The beginning of a handshake, of which the half is sent. */
    private static byte[] halfOfAClientHello() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setApplicationProtocols(new String[] {"sunrpc"});
        engine.setSSLParameters(parameters);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position() / 2);
    }

    private List<TlsClient> begun(int count) throws Exception {
        List<TlsClient> begun = new ArrayList<>();
        byte[] half = halfOfAClientHello();
        for (int i = 0; i < count; i++) {
            TlsClient client = new TlsClient(server.address(), certificates, "ca", Optional.empty());
            assertThat(client.ask()).isTrue();
            client.sendInClear(half);
            begun.add(client);
        }
        return begun;
    }

    @Test
    void handshakesThatAreLeftCountAsConnections() throws Exception {
        start(RpcLimits.builder().connectionsPerAddress(MOST_OF_AN_ADDRESS).build());
        List<TlsClient> begun = begun(MOST_OF_AN_ADDRESS);
        try (RawClient oneMore = new RawClient(server.address());
                RawClient elsewhere = new RawClient(
                        server.address(), 0, new InetSocketAddress(InetAddresses.forString("127.0.0.2"), 0))) {
            assertThat(oneMore.isClosedByServer()).isTrue();
            assertThat(metrics.refusals(Refusal.CONNECTIONS_OF_ADDRESS)).isEqualTo(1);
            elsewhere.call(1, EchoProgram.PROGRAM, EchoProgram.VERSION, 0, new byte[0]);
        }
        for (TlsClient client : begun) {
            client.close();
        }
        metrics.await("they are gone", () -> server.acceptedConnections() == 0);
    }

    @Test
    void handshakesThatAreLeftRunOutOfTime() throws Exception {
        start(RpcLimits.builder().patience(Duration.ofMillis(100)).build());
        List<TlsClient> begun = begun(MOST_OF_AN_ADDRESS);
        for (TlsClient client : begun) {
            assertThat(client.isClosedByServer()).isTrue();
            client.close();
        }
        metrics.awaitRefusals(Refusal.TLS, MOST_OF_AN_ADDRESS);
        metrics.await("they are gone", () -> server.acceptedConnections() == 0);
    }
}
