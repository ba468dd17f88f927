package org.cairnfs.server.nfs.v3.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.cairnfs.server.nfs.v3.portmap.RpcbindClient.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told to a rpcbind, here to one that is played. */
class RpcbindRegistrationTest {
    private static final int NFS = 100003;
    private static final int NLM = 100021;
    private static final int NSM = 100024;
    private static final List<Mapping> SERVED = List.of(
            new Mapping(NFS, 3, Mapping.TCP, 2049),
            new Mapping(NLM, 4, Mapping.TCP, 2049),
            new Mapping(NSM, 1, Mapping.UDP, 2049),
            new Mapping(Portmap.PROGRAM, 2, Mapping.TCP, 2049));
    private static final InetAddress ANY = InetAddresses.forString("0.0.0.0");
    private static final Service SOMEBODY = new Service(100005, 1, "udp", "0.0.0.0.3.9");

    @TempDir
    private Path home;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private SocketAddress place;
    private PlayedRpcbind rpcbind;

    @BeforeEach
    void start() throws Exception {
        place = UnixDomainSocketAddress.of(home.resolve("rpcbind.sock"));
        rpcbind = new PlayedRpcbind(place);
        rpcbind.services().add(SOMEBODY);
    }

    @AfterEach
    void stop() throws Exception {
        rpcbind.close();
        timer.shutdownNow();
    }

    private RpcbindRegistration register(InetAddress listening) {
        SocketAddress nobody = UnixDomainSocketAddress.of(home.resolve("nobody.sock"));
        return RpcbindRegistration.register(SERVED, listening, List.of(nobody, place), timer);
    }

    @Test
    void whatIsServedEverywhereIsOfBothVersionsOfIpUntilItEnds() {
        try (RpcbindRegistration registration = register(ANY)) {
            assertThat(rpcbind.services())
                    .containsExactlyInAnyOrder(
                            SOMEBODY,
                            new Service(NFS, 3, "tcp", "0.0.0.0.8.1"),
                            new Service(NFS, 3, "tcp6", "::.8.1"),
                            new Service(NLM, 4, "tcp", "0.0.0.0.8.1"),
                            new Service(NLM, 4, "tcp6", "::.8.1"),
                            new Service(NSM, 1, "udp", "0.0.0.0.8.1"),
                            new Service(NSM, 1, "udp6", "::.8.1"));
            assertThat(registration.has(NLM)).isTrue();
            assertThat(registration.has(Portmap.PROGRAM)).isFalse();
        }
        assertThat(rpcbind.services()).containsExactly(SOMEBODY);
    }

    @Test
    void oneAddressIsOfOneVersionOfIp() {
        register(InetAddresses.forString("192.0.2.1"));
        assertThat(rpcbind.services())
                .contains(new Service(NFS, 3, "tcp", "192.0.2.1.8.1"))
                .noneMatch(service -> service.netId().endsWith("6"));
        rpcbind.services().clear();
        register(InetAddresses.forString("2001:db8::1"));
        assertThat(rpcbind.services())
                .contains(new Service(NFS, 3, "tcp6", "2001:db8::1.8.1"))
                .allMatch(service -> service.netId().endsWith("6"));
    }

    @Test
    void whatAKilledServerHasLeftIsReplaced() throws Exception {
        int port;
        try (ServerSocket ended = new ServerSocket(0)) {
            port = ended.getLocalPort();
        }
        rpcbind.services().add(new Service(NFS, 3, "tcp", UniversalAddress.of(ANY, port)));
        rpcbind.services().add(new Service(NLM, 4, "tcp", "0.0.0.0.8.1"));
        register(ANY);
        assertThat(rpcbind.services())
                .filteredOn(service -> service.netId().equals("tcp"))
                .containsExactlyInAnyOrder(
                        new Service(NFS, 3, "tcp", "0.0.0.0.8.1"), new Service(NLM, 4, "tcp", "0.0.0.0.8.1"));
    }

    @Test
    void aServerThatRunsKeepsItsPlace() throws Exception {
        try (ServerSocket running = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Service other = new Service(NLM, 4, "tcp", UniversalAddress.of(ANY, running.getLocalPort()));
            rpcbind.services().add(other);
            try (RpcbindRegistration registration = register(InetAddress.getLoopbackAddress())) {
                assertThat(rpcbind.services()).contains(other, new Service(NFS, 3, "tcp", "127.0.0.1.8.1"));
                assertThat(registration.has(NLM)).isFalse();
                assertThat(registration.has(NFS)).isTrue();
            }
            assertThat(rpcbind.services()).containsExactlyInAnyOrder(SOMEBODY, other);
        }
    }

    @Test
    void whatIsRefusedIsNotThere() {
        rpcbind.refuse();
        try (RpcbindRegistration registration = register(ANY)) {
            assertThat(registration.has(NFS)).isFalse();
        }
        assertThat(rpcbind.services()).containsExactly(SOMEBODY);
    }

    @Test
    void withoutARpcbindTheServerGoesOn() throws IOException {
        rpcbind.close();
        try (RpcbindRegistration registration = register(ANY)) {
            assertThat(registration.has(NFS)).isFalse();
        }
    }

    @Test
    void oneThatSpeaksNonsenseOrHangsUpIsNone() {
        rpcbind.speakNonsense();
        try (RpcbindRegistration registration = register(ANY)) {
            assertThat(registration.has(NFS)).isFalse();
        }
    }

    @Test
    void anAnswerOverTcpCounts() throws Exception {
        try (PlayedRpcbind overTcp = new PlayedRpcbind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            try (RpcbindRegistration registration =
                    RpcbindRegistration.register(SERVED, ANY, List.of(overTcp.address()), timer)) {
                assertThat(registration.has(NLM)).isTrue();
                assertThat(overTcp.services()).hasSize(6);
            }
            assertThat(overTcp.services()).isEmpty();
        }
    }
}
