package org.cairnfs.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.nfs.rpc.RpcMetrics;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static HttpURLConnection get(int port, String path, String method) throws Exception {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        connection.setRequestMethod(method);
        return connection;
    }

    @Test
    void prometheusGetsEverythingAtOnePath() throws Exception {
        try (Metrics metrics = new Metrics();
                MetricsEndpoint endpoint = MetricsEndpoint.start(0, true, metrics::scrape)) {
            HttpURLConnection connection = get(endpoint.port(), "/metrics", "GET");
            assertThat(connection.getResponseCode()).isEqualTo(200);
            assertThat(connection.getContentType()).startsWith("text/plain; version=0.0.4");
            assertThat(new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("# TYPE jvm_memory_used_bytes gauge", "process_uptime_seconds");
            assertThat(get(endpoint.port(), "/", "GET").getResponseCode()).isEqualTo(404);
            assertThat(get(endpoint.port(), "/metrics/x", "GET").getResponseCode())
                    .isEqualTo(404);
            assertThat(get(endpoint.port(), "/metrics", "POST").getResponseCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void aTakenPortIsAnErrorOnlyWhenItWasChosen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            CairnException refused =
                    catchThrowableOfType(CairnException.class, () -> MetricsEndpoint.start(port, true, () -> ""));
            assertThat(refused.exitCode()).isEqualTo(ExitCode.PORT_IN_USE);
            try (MetricsEndpoint elsewhere = MetricsEndpoint.start(port, false, () -> "")) {
                assertThat(elsewhere.port()).isNotEqualTo(port);
            }
        }
    }

    @Test
    void callsAndRefusalsAreCounted() {
        try (Metrics metrics = new Metrics()) {
            RpcMeters meters = new RpcMeters(metrics.registry());
            meters.connectionOpened();
            meters.connectionOpened();
            meters.connectionClosed();
            meters.bytesReceived(100);
            meters.bytesSent(7);
            meters.callStarted(100_003, 4, 1);
            meters.callStarted(100_003, 4, 1);
            meters.callEnded(100_003, 4, 1, TimeUnit.MILLISECONDS.toNanos(500));
            meters.refused(RpcMetrics.Refusal.RECORD_TOO_LARGE);
            meters.readingPaused();
            meters.callsHeldBack();
            assertThat(metrics.scrape())
                    .contains(
                            "cairn_rpc_connections 1.0",
                            "cairn_rpc_connections_opened_total 2.0",
                            "cairn_rpc_received_bytes_total 100.0",
                            "cairn_rpc_sent_bytes_total 7.0",
                            "cairn_rpc_calls_in_flight 1.0",
                            "cairn_rpc_refused_total{reason=\"record_too_large\"} 1.0",
                            "cairn_rpc_refused_total{reason=\"idle\"} 0.0",
                            "cairn_rpc_reading_paused_total 1.0",
                            "cairn_rpc_calls_held_back_total 1.0")
                    .contains("cairn_rpc_calls_seconds_sum{procedure=\"1\",program=\"100003\",version=\"4\"} 0.5");
        }
    }

    @Test
    void procedureNumbersMakeNoMetersWithoutBound() {
        try (Metrics metrics = new Metrics()) {
            RpcMeters meters = new RpcMeters(metrics.registry());
            for (int procedure = 0; procedure < 10_000; procedure++) {
                meters.callEnded(100_003, 4, procedure, 1);
            }
            long timers = metrics.scrape()
                    .lines()
                    .filter(line -> line.startsWith("cairn_rpc_calls_seconds_count"))
                    .count();
            assertThat(timers).isEqualTo(257);
            assertThat(metrics.scrape()).contains("cairn_rpc_calls_seconds_count{procedure=\"other\"");
        }
    }
}
