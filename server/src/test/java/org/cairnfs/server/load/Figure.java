package org.cairnfs.server.load;

import java.util.Map;

/**
 * What came of a workload in a round.
 *
 * @param operations that did what they were to do
 * @param bytes moved, or entries of READDIR; 0 if that says nothing
 * @param errors what failed, and how often
 * @param serverCpuMicros of the processor for each operation, or -1 if that is not known
 */
record Figure(
        String server,
        String workload,
        int round,
        int clients,
        int inFlight,
        int operations,
        long bytes,
        double seconds,
        double perSecond,
        double medianMicros,
        double p99Micros,
        double serverCpuMicros,
        Map<String, Long> errors) {
    static Figure of(
            String server, String workload, LoadOptions options, int round, Tally all, double seconds, long cpuMicros) {
        return new Figure(
                server,
                workload,
                round,
                options.clients(),
                options.inFlight(),
                all.operations(),
                all.bytes(),
                seconds,
                all.operations() / seconds,
                all.micros(0.5),
                all.micros(0.99),
                cpuMicros < 0 || all.operations() == 0 ? -1 : (double) cpuMicros / all.operations(),
                all.errors());
    }
}
