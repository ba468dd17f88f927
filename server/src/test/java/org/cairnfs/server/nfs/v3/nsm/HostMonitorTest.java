package org.cairnfs.server.nfs.v3.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.rpc.RpcServer;
import org.cairnfs.server.nfs.rpc.RpcServerBuilder;
import org.cairnfs.server.nfs.v3.portmap.Mapping;
import org.cairnfs.server.nfs.v3.portmap.Portmap;
import org.cairnfs.server.nfs.v3.portmap.PortmapClient;
import org.cairnfs.server.nfs.v3.portmap.PortmapProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts in stable storage, and what they are told after a restart. */
class HostMonitorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path home;

    private static HostRecord host(String address, String name) throws Exception {
        return new HostRecord(
                InetAddress.getByName(address),
                InetAddress.getByName("192.0.2.9"),
                Bytes.copyOf(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void hostsSurviveARestartAndDamageIsDropped() throws Exception {
        Path directory = home.resolve("hosts");
        HostMonitor monitor = HostMonitor.open(directory, 100);
        HostRecord first = host("192.0.2.1", "first\nline");
        HostRecord second = host("2001:db8::1", "");
        assertThat(monitor.watch(first)).isTrue();
        assertThat(monitor.watch(first)).isTrue();
        assertThat(monitor.watch(second)).isTrue();
        assertThat(HostMonitor.open(directory, 100).hosts()).containsExactlyInAnyOrder(first, second);

        monitor.forgetUnless(first, active -> true);
        assertThat(HostMonitor.open(directory, 100).hosts()).hasSize(2);
        monitor.forgetUnless(first, active -> false);
        assertThat(HostMonitor.open(directory, 100).hosts()).containsExactly(second);

        try (Stream<Path> files = Files.list(directory)) {
            Path file = files.findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            for (int i = 0; i < bytes.length; i++) {
                byte[] damaged = bytes.clone();
                damaged[i] ^= 0x10;
                assertThat(HostRecord.decode(damaged)).as("byte %d", i).isEmpty();
                assertThat(HostRecord.decode(java.util.Arrays.copyOf(bytes, i))).isEmpty();
            }
            assertThat(HostRecord.decode(bytes)).contains(second);
            bytes[3] ^= 1;
            Files.write(file, bytes);
        }
        Files.writeString(directory.resolve("half.new"), "x");
        assertThat(HostMonitor.open(directory, 100).hosts()).isEmpty();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void whatCannotBeWrittenIsNotWatched() throws Exception {
        Path directory = home.resolve("hosts");
        HostMonitor monitor = HostMonitor.open(directory, 100);
        Files.delete(directory);
        assertThat(monitor.watch(host("192.0.2.1", "a"))).isFalse();
        assertThat(monitor.hosts()).isEmpty();
    }

    @Test
    void hostsAreToldOfARestartUntilTheyHear() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        AtomicInteger asked = new AtomicInteger();
        RpcServer[] self = new RpcServer[1];
        RpcServerBuilder builder = RpcServer.builder()
                .program(
                        NsmProgram.PROGRAM,
                        NsmProgram.VERSION,
                        new NsmProgram((from, name, state) -> heard.add(
                                new String(name.toArray(), java.nio.charset.StandardCharsets.UTF_8) + " " + state)));
        // At first its portmap does not know the monitor, as while a host boots.
        new PortmapProgram(new Portmap(() -> asked.getAndIncrement() == 0
                        ? List.of()
                        : List.of(new Mapping(
                                NsmProgram.PROGRAM,
                                NsmProgram.VERSION,
                                Mapping.TCP,
                                self[0].address().getPort()))))
                .addTo(builder);
        RpcServer host = builder.build();
        self[0] = host;
        host.start();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            new RebootNotices(new PortmapClient(host, host.address().getPort()), 41, timer)
                    .send(List.of(host("127.0.0.1", "client")));
            assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("192.0.2.9 41");
            assertThat(asked.get()).isEqualTo(2);
        } finally {
            timer.shutdownNow();
            host.stop(Duration.ZERO);
        }
    }
}
