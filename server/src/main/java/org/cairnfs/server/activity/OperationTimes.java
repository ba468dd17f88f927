package org.cairnfs.server.activity;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** Counts the operations of one kind and how long they took, without a lock. Safe for any number of threads. */
final class OperationTimes {
    /** Upper end of the first class of durations, in bits of nanoseconds: about a microsecond. */
    private static final int FIRST_BITS = 10;

    /** Classes, each twice as long as the one before; the last one, from 4 s on, has no end. */
    private static final int CLASSES = 23;

    private final String name;
    private final LongAdder errors = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final List<LongAdder> classes =
            IntStream.range(0, CLASSES).mapToObj(index -> new LongAdder()).toList();

    OperationTimes(String name) {
        this.name = name;
    }

    void ended(boolean failed, long duration) {
        if (failed) {
            errors.increment();
        }
        nanos.add(duration);
        int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, duration));
        classes.get(Math.max(0, Math.min(CLASSES - 1, bits - FIRST_BITS))).increment();
    }

    /** What was counted so far; the parts may be of slightly different moments. */
    OperationCounts counts() {
        List<Long> histogram = classes.stream().map(LongAdder::sum).toList();
        return new OperationCounts(
                name, histogram.stream().mapToLong(Long::longValue).sum(), errors.sum(), nanos.sum(), histogram);
    }
}
