package org.cairnfs.server.app;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.cairnfs.server.activity.OperationCounts;

/**
 * What a server did between two moments, for a chart.
 *
 * @param at the second one, milliseconds since 1970
 * @param reads a second; so writes, others
 * @param meanMicros of all of them; so the next, which 99 of 100 were under
 * @param received bytes a second from clients; so to them, to the storage and from it
 * @param dirty bytes to be stored
 * @param cacheHits part of the wanted chunks that were in the memory; -1 if none was wanted
 */
record Sample(
        long at,
        double reads,
        double writes,
        double others,
        double meanMicros,
        double p99Micros,
        double received,
        double sent,
        double up,
        double down,
        long dirty,
        double cacheHits) {
    private static final double NEARLY_ALL = 0.99;
    private static final double MICRO = 1e3;
    private static final double MILLIS_PER_SECOND = 1e3;

    /** They say which file comes next, and do nothing with it. */
    private static final Set<String> HANDLES = Set.of("PUTFH", "PUTROOTFH", "PUTPUBFH", "SAVEFH", "RESTOREFH", "GETFH");

    private static final Set<String> READS = Set.of("READ", "READ_PLUS");

    /** Operations of one kind, a second. */
    record Rate(String name, double perSecond, double errorsPerSecond, double meanMicros, double p99Micros) {
        static Rate of(OperationCounts counts, double seconds) {
            return new Rate(
                    counts.name(),
                    counts.count() / seconds,
                    counts.errors() / seconds,
                    counts.meanNanos() / MICRO,
                    counts.quantileNanos(NEARLY_ALL) / MICRO);
        }
    }

    /** What was done between, by operations; the most frequent first. */
    static List<OperationCounts> operations(Reading before, Reading after) {
        Map<String, OperationCounts> earlier = new HashMap<>();
        before.operations().forEach(counts -> earlier.put(counts.name(), counts));
        return after.operations().stream()
                .filter(counts -> !HANDLES.contains(counts.name()))
                .map(counts -> counts.since(earlier.getOrDefault(counts.name(), counts.none())))
                .filter(counts -> counts.count() > 0)
                .sorted((one, other) -> Long.compare(other.count(), one.count()))
                .toList();
    }

    static double seconds(Reading before, Reading after) {
        return Math.max(1, after.at() - before.at()) / MILLIS_PER_SECOND;
    }

    static Sample between(Reading before, Reading after) {
        List<OperationCounts> operations = operations(before, after);
        double seconds = seconds(before, after);
        long reads = sum(operations.stream().filter(counts -> READS.contains(counts.name())));
        long writes = sum(operations.stream().filter(counts -> counts.name().equals("WRITE")));
        OperationCounts all = OperationCounts.sum(operations);
        long hits = after.cache().heapHits() - before.cache().heapHits();
        long wanted = hits + after.cache().heapMisses() - before.cache().heapMisses();
        return new Sample(
                after.at(),
                reads / seconds,
                writes / seconds,
                (all.count() - reads - writes) / seconds,
                all.meanNanos() / MICRO,
                all.quantileNanos(NEARLY_ALL) / MICRO,
                (after.traffic().receivedBytes() - before.traffic().receivedBytes()) / seconds,
                (after.traffic().sentBytes() - before.traffic().sentBytes()) / seconds,
                (after.up() - before.up()) / seconds,
                (after.down() - before.down()) / seconds,
                after.dirty(),
                wanted == 0 ? -1 : (double) hits / wanted);
    }

    private static long sum(Stream<OperationCounts> counts) {
        return counts.mapToLong(OperationCounts::count).sum();
    }
}
