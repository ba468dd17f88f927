package org.cairnfs.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.rpc.RpcMetrics;
import org.junit.jupiter.api.Test;

class MetricsTest {
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
            assertThat(meters.traffic()).isEqualTo(new RpcMeters.Traffic(1, 1, 100, 7));
            assertThat(metrics.scrape())
                    .contains("# TYPE jvm_memory_used_bytes gauge", "process_uptime_seconds")
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
