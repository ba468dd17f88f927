package org.cairnfs.server.nfs.rpc;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.xdr.XdrException;

/**
 * Measures the RPC layer alone over loopback: 1 MiB READs, 1 MiB WRITEs, and small calls, each with 1 and with 8
 * connections that keep 8 calls in flight. Prints figures; asserts nothing. Arguments: seconds for each (3 by default).
 */
final class ThroughputMain {
    private static final int PIPELINE = 8;

    private ThroughputMain() {}

    public static void main(String[] args) throws Exception {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        RpcServer server = RpcServer.builder()
                .program(EchoProgram.PROGRAM, EchoProgram.VERSION, new EchoProgram())
                .build();
        server.start();
        byte[] read = ByteBuffer.allocate(4).putInt(EchoProgram.BULK).array();
        byte[] write = ByteBuffer.allocate(4 + EchoProgram.BULK)
                .putInt(EchoProgram.BULK)
                .array();
        byte[] small = ByteBuffer.allocate(104).putInt(100).array();
        for (int round = 0; round < 2; round++) {
            String label = round == 0 ? "warm-up" : "measured";
            for (int connections : new int[] {1, 8}) {
                bulk(server, label + " READ 1 MiB", connections, EchoProgram.READ, read, seconds);
                bulk(server, label + " WRITE 1 MiB", connections, EchoProgram.WRITE, write, seconds);
                bulk(server, label + " echo 100 B", connections, EchoProgram.ECHO, small, seconds);
            }
        }
        server.stop(java.time.Duration.ofSeconds(5));
    }

    private static void bulk(
            RpcServer server, String label, int connections, int procedure, byte[] arguments, int seconds)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long[] calls = new long[connections];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            int index = i;
            Thread thread = new Thread(() -> calls[index] = client(server, procedure, arguments, end));
            thread.start();
            threads.add(thread);
        }
        long start = System.nanoTime();
        long startCpu = processCpuNanos();
        for (Thread thread : threads) {
            thread.join();
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        long total = java.util.Arrays.stream(calls).sum();
        System.out.printf(
                Locale.ROOT,
                "%s, %d connection(s): %.0f calls/s, %.0f us of CPU for a call, client included%n",
                label,
                connections,
                total / elapsed,
                (processCpuNanos() - startCpu) / 1e3 / total);
    }

    /** What the process has used of all cores: unlike calls a second, it does not depend on what else the machine does. */
    private static long processCpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long client(RpcServer server, int procedure, byte[] arguments, long end) {
        byte[] record =
                RawClient.record(RawClient.message(1, EchoProgram.PROGRAM, EchoProgram.VERSION, procedure, arguments));
        long calls = 0;
        try (RawClient client = new RawClient(server.address())) {
            for (int i = 0; i < PIPELINE; i++) {
                client.send(record);
            }
            while (System.nanoTime() < end) {
                RawClient.results(1, client.receive());
                client.send(record);
                calls++;
            }
            for (int i = 0; i < PIPELINE; i++) {
                RawClient.results(1, client.receive());
            }
        } catch (IOException | XdrException e) {
            throw new IllegalStateException(e);
        }
        return calls;
    }
}
