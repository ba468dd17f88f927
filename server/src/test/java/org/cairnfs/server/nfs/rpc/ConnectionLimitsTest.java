package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.rpc.EchoProgram.PROGRAM;
import static org.cairnfs.server.nfs.rpc.EchoProgram.VERSION;

import com.google.common.net.InetAddresses;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is let in, and who has to go, when there are as many connections as there may be: 4 of an address, 5 in all. */
class ConnectionLimitsTest {
    private static final String GREEDY = "127.0.0.2";
    private static final String MODEST = "127.0.0.3";

    private final CountingMetrics metrics = new CountingMetrics();
    private final List<RawClient> clients = new ArrayList<>();
    private RpcServer server;

    @BeforeEach
    void start() throws Exception {
        server = RpcServer.builder()
                .program(PROGRAM, VERSION, new EchoProgram())
                .metrics(metrics)
                .limits(RpcLimits.builder()
                        .connections(5)
                        .connectionsPerAddress(4)
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

    private RawClient connect(String from) throws Exception {
        RawClient client = new RawClient(server.address(), 0, new InetSocketAddress(InetAddresses.forString(from), 0));
        clients.add(client);
        return client;
    }

    /** A connection that is served. */
    private RawClient served(String from) throws Exception {
        RawClient client = connect(from);
        call(client);
        return client;
    }

    private static void call(RawClient client) throws Exception {
        client.call(1, PROGRAM, VERSION, 0, new byte[0]);
    }

    @Test
    void anAddressHasNoMoreThanItsShare() throws Exception {
        for (int i = 0; i < 4; i++) {
            served(GREEDY);
        }
        assertThat(connect(GREEDY).isClosedByServer()).isTrue();
        assertThat(metrics.refusals(Refusal.CONNECTIONS_OF_ADDRESS)).isEqualTo(1);
        served(MODEST);
        assertThat(server.acceptedConnections()).isEqualTo(5);
    }

    @Test
    void whoHasMostMakesRoomForWhoHasFewer() throws Exception {
        List<RawClient> greedy = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            greedy.add(served(GREEDY));
        }
        served(MODEST);
        call(greedy.get(0));

        served(MODEST);
        assertThat(greedy.get(1).isClosedByServer()).as("the most silent one").isTrue();
        assertThat(metrics.refusals(Refusal.CONNECTIONS)).isEqualTo(1);
        for (int kept : new int[] {0, 2, 3}) {
            call(greedy.get(kept));
        }

        assertThat(connect(MODEST).isClosedByServer())
                .as("two and three are fair")
                .isTrue();
        assertThat(connect(GREEDY).isClosedByServer()).isTrue();
        assertThat(server.acceptedConnections()).isEqualTo(5);
    }

    @Test
    void placesAreGivenBack() throws Exception {
        for (int round = 0; round < 3; round++) {
            List<RawClient> greedy = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                greedy.add(served(GREEDY));
            }
            for (RawClient client : greedy) {
                client.close();
            }
            metrics.await("all connections have closed", () -> server.acceptedConnections() == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::",
        "2001:db8:1:2::9, 2001:db8:1:2::",
        "::1, ::1",
    })
    void anIpv6NetworkCountsAsOneAddress(String address, String network) {
        assertThat(ConnectionTable.networkOf(InetAddresses.forString(address)))
                .isEqualTo(InetAddresses.forString(network));
    }
}
