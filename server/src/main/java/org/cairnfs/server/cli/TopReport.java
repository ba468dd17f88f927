package org.cairnfs.server.cli;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cairnfs.server.activity.OperationCounts;
import org.cairnfs.server.app.ServerActivity;
import org.cairnfs.server.app.ServerActivity.StoreUse;
import org.cairnfs.server.app.ServerStatus;

/**
 * What a server did between two moments, by the second.
 *
 * @param seconds between the two
 * @param operations those that occurred, the most frequent first
 * @param store requests that were made
 * @param cacheHits part of the chunks that reads wanted and that were in the memory, between 0 and 1; -1 if none was wanted
 * @param status at the end
 */
record TopReport(
        double seconds,
        List<Operation> operations,
        double receivedBytesPerSecond,
        double sentBytesPerSecond,
        List<Store> store,
        double cacheHits,
        ServerStatus status) {
    private static final double MICRO = 1e3;
    private static final double MILLI = 1e6;
    private static final double HALF = 0.5;
    private static final double NEARLY_ALL = 0.99;

    /** @param p50Micros an upper bound of the duration of half of them, up to twice too large; so the next */
    record Operation(
            String name,
            double perSecond,
            double errorsPerSecond,
            double meanMicros,
            double p50Micros,
            double p99Micros) {
        static Operation of(OperationCounts counts, double seconds) {
            return new Operation(
                    counts.name(),
                    counts.count() / seconds,
                    counts.errors() / seconds,
                    counts.meanNanos() / MICRO,
                    counts.quantileNanos(HALF) / MICRO,
                    counts.quantileNanos(NEARLY_ALL) / MICRO);
        }
    }

    record Store(String verb, double perSecond, double failuresPerSecond, double bytesPerSecond, double meanMillis) {
        static Store of(StoreUse before, StoreUse after, double seconds) {
            long requests = after.requests() - before.requests();
            return new Store(
                    after.verb(),
                    requests / seconds,
                    (after.failures() - before.failures()) / seconds,
                    (after.bytes() - before.bytes()) / seconds,
                    requests == 0 ? 0 : (after.nanos() - before.nanos()) / MILLI / requests);
        }
    }

    static TopReport between(ServerActivity before, ServerActivity after) {
        double seconds = Math.max(1, after.atMillis() - before.atMillis()) / 1e3;
        Map<String, OperationCounts> earlier = new HashMap<>();
        before.operations().forEach(counts -> earlier.put(counts.name(), counts));
        Map<String, StoreUse> used = new HashMap<>();
        before.store().forEach(use -> used.put(use.verb(), use));
        return new TopReport(
                seconds,
                after.operations().stream()
                        .map(counts -> counts.since(earlier.getOrDefault(counts.name(), counts.none())))
                        .filter(counts -> counts.count() > 0)
                        .sorted(Comparator.comparingLong(OperationCounts::count).reversed())
                        .map(counts -> Operation.of(counts, seconds))
                        .toList(),
                (after.traffic().receivedBytes() - before.traffic().receivedBytes()) / seconds,
                (after.traffic().sentBytes() - before.traffic().sentBytes()) / seconds,
                after.store().stream()
                        .map(use -> Store.of(used.getOrDefault(use.verb(), use), use, seconds))
                        .filter(use -> use.perSecond() > 0)
                        .toList(),
                hits(before, after),
                after.status());
    }

    private static double hits(ServerActivity before, ServerActivity after) {
        var then = before.status().volume().cache();
        var now = after.status().volume().cache();
        long hits = now.heapHits() - then.heapHits();
        long all = hits + now.heapMisses() - then.heapMisses();
        return all == 0 ? -1 : (double) hits / all;
    }

    /** All operations. */
    double operationsPerSecond() {
        return operations.stream().mapToDouble(Operation::perSecond).sum();
    }
}
