package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.cairnfs.server.nfs.rpc.tls.TlsIdentity;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RPC-with-TLS (RFC 9289) with a client of the JDK, and with those who do it wrong. */
class TlsTest {
    private static final String RPC = "sunrpc";

    @TempDir
    private static Path folder;

    private static TestCertificates certificates;
    private final CountDownLatch refused = new CountDownLatch(1);
    private final CountingMetrics metrics = new CountingMetrics() {
        @Override
        public synchronized void refused(Refusal reason) {
            super.refused(reason);
            if (reason == Refusal.TLS) {
                refused.countDown();
            }
        }
    };
    private RpcServer server;
    private EchoProgram program;
    private TlsIdentity identity;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new TestCertificates(folder)
                .root("ca")
                .root("stranger-ca")
                .signed("server", "ca")
                .signed("client", "ca")
                .signed("stranger", "stranger-ca");
    }

    @BeforeEach
    void start() throws Exception {
        start(RpcLimits.defaults());
    }

    private void start(RpcLimits limits) throws Exception {
        identity = new TlsIdentity(
                certificates.certificate("server"),
                certificates.key("server"),
                Optional.of(certificates.certificate("ca")));
        program = new EchoProgram();
        server = RpcServer.builder()
                .limits(limits)
                .metrics(metrics)
                .tls(identity)
                .program(EchoProgram.PROGRAM, EchoProgram.VERSION, program)
                .build();
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop(Duration.ofSeconds(60));
    }

    private TlsClient connect(Optional<String> own) throws Exception {
        return new TlsClient(server.address(), certificates, "ca", own);
    }

    private TlsClient established(Optional<String> own) throws Exception {
        TlsClient client = connect(own);
        assertThat(client.ask()).isTrue();
        client.handshake(RPC);
        return client;
    }

    private TransportSecurity securityOf(TlsClient client, int xid) throws Exception {
        client.send(RawClient.record(RawClient.message(
                xid, EchoProgram.PROGRAM, EchoProgram.VERSION, EchoProgram.HOLD_CONNECTION, new byte[0])));
        RawClient.results(xid, client.receive());
        return program.held.take().connection().transportSecurity();
    }

    @Test
    void callsLargeAndSmallGoThroughTls() throws Exception {
        try (TlsClient client = established(Optional.empty())) {
            assertThat(client.tls().getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(client.tls().getApplicationProtocol()).isEqualTo(RPC);
            byte[] large = new byte[EchoProgram.BULK];
            new Random(1).nextBytes(large);
            for (int i = 1; i <= 5; i++) {
                assertThat(client.echo(i, large)).isEqualTo(large);
                assertThat(client.echo(100 + i, new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
            }
            assertThat(securityOf(client, 7)).isEqualTo(TransportSecurity.TLS);
        }
    }

    @Test
    void manyCallsAtOnceAreAllAnswered() throws Exception {
        try (TlsClient client = established(Optional.empty())) {
            int calls = 200;
            byte[] data = new byte[20_000];
            for (int i = 0; i < calls; i++) {
                client.send(RawClient.record(ServedEcho.echoMessage(i, data)));
            }
            for (int i = 0; i < calls; i++) {
                XdrReader reply = client.receive();
                RawClient.results(reply.slice(0, 4).getInt(), reply);
                assertThat(reply.readOpaque(EchoProgram.BULK)).isEqualTo(data);
            }
        }
    }

    @Test
    void aClientWithACertificateIsKnown() throws Exception {
        try (TlsClient client = established(Optional.of("client"))) {
            assertThat(securityOf(client, 7)).isEqualTo(TransportSecurity.MUTUAL_TLS);
        }
    }

    @Test
    void aClientWithACertificateOfAStrangerIsRefused() throws Exception {
        try (TlsClient client = connect(Optional.of("stranger"))) {
            assertThat(client.ask()).isTrue();
            // In TLS 1.3 the client is done before the server has seen its certificate. It does not send what is not
            // asked for,
            // so this one is either refused or not known.
            boolean known;
            try {
                client.handshake(RPC);
                known = securityOf(client, 7) == TransportSecurity.MUTUAL_TLS;
            } catch (IOException e) {
                known = false;
            }
            assertThat(known).isFalse();
        }
    }

    @Test
    void theServerProvesWhoItIs() throws Exception {
        try (TlsClient client = new TlsClient(server.address(), certificates, "stranger-ca", Optional.empty())) {
            assertThat(client.ask()).isTrue();
            assertThatThrownBy(() -> client.handshake(RPC)).isInstanceOf(SSLException.class);
            assertThat(refused.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void olderVersionsAndOtherProtocolsAreRefused() throws Exception {
        try (TlsClient client = connect(Optional.empty())) {
            assertThat(client.ask()).isTrue();
            assertThatThrownBy(() -> client.handshake(new String[] {"TLSv1.2"}, RPC))
                    .isInstanceOf(SSLException.class);
        }
        try (TlsClient client = connect(Optional.empty())) {
            assertThat(client.ask()).isTrue();
            assertThatThrownBy(() -> client.handshake("h2")).isInstanceOf(SSLException.class);
        }
        try (TlsClient client = connect(Optional.empty())) {
            assertThat(client.ask()).isTrue();
            client.handshake();
            assertThat(client.isClosedByServer()).as("no protocol named").isTrue();
        }
    }

    @Test
    void whatIsNoTlsAfterTheProbeCostsTheConnection() throws Exception {
        try (TlsClient client = connect(Optional.empty())) {
            assertThat(client.ask()).isTrue();
            client.sendInClear(RawClient.record(ServedEcho.echoMessage(1, new byte[100])));
            assertThat(refused.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertServes();
    }

    @Test
    void whatWasPutBehindTheProbeIsNotTaken() throws Exception {
        try (TlsClient client = connect(Optional.empty())) {
            byte[] probe = RawClient.record(TlsClient.probe());
            byte[] injected = RawClient.record(ServedEcho.echoMessage(1, new byte[100]));
            client.sendInClear(ByteBuffer.allocate(probe.length + injected.length)
                    .put(probe)
                    .put(injected)
                    .array());
            assertThat(refused.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertServes();
    }

    @Test
    void aHandshakeThatTakesTooLongCostsTheConnection() throws Exception {
        server.stop(Duration.ofSeconds(60));
        start(RpcLimits.builder().patience(Duration.ofMillis(50)).build());
        try (TlsClient client = connect(Optional.empty())) {
            assertThat(client.ask()).isTrue();
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(refused.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void probesThatAreNotAsTheyShouldBeAreDenied() throws Exception {
        int flavor = OpaqueAuth.AUTH_TLS;
        byte[][] wrong = {
            RawClient.message(9, EchoProgram.PROGRAM, EchoProgram.VERSION, EchoProgram.ECHO, flavor, new byte[0]),
            RawClient.message(9, EchoProgram.PROGRAM, EchoProgram.VERSION, 0, flavor, new byte[4]),
            RawClient.message(9, EchoProgram.PROGRAM + 1, EchoProgram.VERSION, 0, flavor, new byte[0]),
        };
        for (byte[] message : wrong) {
            try (RawClient client = new RawClient(server.address())) {
                client.sendRecord(message);
                assertDenied(client.receive(), 9);
            }
        }
        try (RawClient client = new RawClient(server.address())) {
            client.call(1, EchoProgram.PROGRAM, EchoProgram.VERSION, 0, new byte[0]);
            client.sendRecord(TlsClient.probe());
            assertDenied(client.receive(), TlsClient.PROBE_XID);
        }
        try (TlsClient client = established(Optional.empty())) {
            client.send(RawClient.record(TlsClient.probe()));
            assertDenied(client.receive(), TlsClient.PROBE_XID);
            assertThat(client.echo(5, new byte[1])).hasSize(1);
        }
    }

    private static void assertDenied(XdrReader reply, int xid) throws Exception {
        byte[] denied = new XdrWriter(100)
                .writeInt(xid)
                .writeInt(1)
                .writeInt(1)
                .writeInt(1)
                .writeInt(AuthStat.AUTH_BADCRED.code())
                .toByteArray();
        assertThat(reply.slice(0, reply.remaining())).isEqualTo(ByteBuffer.wrap(denied));
    }

    @Test
    void garbageOfAnyLengthEndsTheConnectionOnly() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            try (TlsClient client = connect(Optional.empty())) {
                assertThat(client.ask()).isTrue();
                byte[] garbage = new byte[random.nextInt(2000) + 5];
                random.nextBytes(garbage);
                if (i % 2 == 0) {
                    // A record of a handshake, by its header.
                    ByteBuffer.wrap(garbage)
                            .put((byte) 22)
                            .putShort((short) 0x0303)
                            .putShort((short) (garbage.length - 5));
                }
                client.sendInClear(garbage);
            }
        }
        assertServes();
    }

    @Test
    void theEndOfTlsIsTheEndOfTheConnection() throws Exception {
        try (TlsClient client = established(Optional.empty())) {
            assertThat(client.echo(1, new byte[1])).hasSize(1);
            client.tls().shutdownOutput();
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    /**
     * A client goes on to send as soon as it has done its part of the handshake. While the server has not (as no worker is free to look at the
     * client's certificate), what comes is left with the client, however much it is.
     */
    @Test
    void muchThatComesBeforeTheHandshakeIsDoneWaits() throws Exception {
        server.stop(Duration.ofSeconds(60));
        program = new EchoProgram();
        server = RpcServer.builder()
                .workers(1)
                .metrics(metrics)
                .tls(identity)
                .program(EchoProgram.PROGRAM, EchoProgram.VERSION, program)
                .build();
        server.start();
        AtomicInteger pieces = new AtomicInteger();
        try (RawClient busy = new RawClient(server.address());
                MeddlingProxy proxy = new MeddlingProxy(server.address(), 0, piece -> {
                    if (pieces.incrementAndGet() == 2) {
                        occupyWorker(busy);
                    }
                    return piece;
                });
                TlsClient client = new TlsClient(proxy.address(), certificates, "ca", Optional.of("client"))) {
            Thread forwarding = proxy.serveNext();
            assertThat(client.ask()).isTrue();
            client.handshake(RPC);
            byte[] large = new byte[EchoProgram.BULK];
            CompletableFuture<byte[]> echo = CompletableFuture.supplyAsync(() -> echo(client, large));
            metrics.await("it is left or refused", () -> metrics.pauses() + metrics.refusals(Refusal.TLS) > 0);
            program.release.countDown();
            assertThat(echo.get(60, TimeUnit.SECONDS)).isEqualTo(large);
            assertThat(securityOf(client, 7)).isEqualTo(TransportSecurity.MUTUAL_TLS);
            client.close();
            forwarding.join();
        }
    }

    private void occupyWorker(RawClient busy) {
        try {
            busy.sendRecord(
                    RawClient.message(1, EchoProgram.PROGRAM, EchoProgram.VERSION, EchoProgram.WAIT, new byte[0]));
            program.waitingCalls.await();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] echo(TlsClient client, byte[] data) {
        try {
            return client.echo(5, data);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aServerWithoutTlsSaysNo() throws Exception {
        RpcServer without = RpcServer.builder()
                .program(EchoProgram.PROGRAM, EchoProgram.VERSION, new EchoProgram())
                .build();
        without.start();
        try (TlsClient client = new TlsClient(without.address(), certificates, "ca", Optional.empty())) {
            assertThat(client.ask()).isFalse();
        } finally {
            without.stop(Duration.ofSeconds(60));
        }
    }

    @Test
    void newCertificatesCountForNewConnectionsAndWrongOnesNotAtAll() throws Exception {
        Path own = Files.createTempDirectory(folder, "reload");
        Path certificate = Files.copy(certificates.certificate("server"), own.resolve("cert.pem"));
        Path key = Files.copy(certificates.key("server"), own.resolve("key.pem"));
        TlsIdentity reloaded = new TlsIdentity(certificate, key, Optional.empty());
        Files.copy(certificates.certificate("stranger"), certificate, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(reloaded::reload)
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("is not that of the certificate");
        Files.writeString(key, "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
        assertThatThrownBy(reloaded::reload).hasMessageContaining("openssl pkcs8");
        Files.writeString(key, "nothing");
        assertThatThrownBy(reloaded::reload).hasMessageContaining("no PEM private key");
        Files.writeString(certificate, "");
        assertThatThrownBy(reloaded::reload).isInstanceOf(GeneralSecurityException.class);
        Files.copy(certificates.certificate("stranger"), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(certificates.key("stranger"), key, StandardCopyOption.REPLACE_EXISTING);
        reloaded.reload();
        RpcServer other = RpcServer.builder()
                .tls(reloaded)
                .program(EchoProgram.PROGRAM, EchoProgram.VERSION, new EchoProgram())
                .build();
        other.start();
        try (TlsClient client = new TlsClient(other.address(), certificates, "stranger-ca", Optional.empty())) {
            assertThat(client.ask()).isTrue();
            client.handshake(RPC);
            assertThat(client.echo(1, new byte[1])).hasSize(1);
        } finally {
            other.stop(Duration.ofSeconds(60));
        }
    }

    private void assertServes() throws Exception {
        try (TlsClient client = established(Optional.empty())) {
            assertThat(client.echo(77, new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
        }
    }
}
