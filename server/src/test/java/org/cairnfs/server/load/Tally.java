package org.cairnfs.server.load;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What a client counts in a phase: how long each operation took, and each that failed, by what it said. For one thread at a time. */
final class Tally {
    private long[] nanos = new long[1 << 12];
    private int operations;
    private long bytes;
    private final Map<String, Long> errors = new TreeMap<>();

    void done(long took) {
        if (operations == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * operations);
        }
        nanos[operations++] = took;
    }

    void moved(long count) {
        bytes += count;
    }

    void failed(String what) {
        errors.merge(what, 1L, Long::sum);
    }

    void add(Tally other) {
        int all = operations + other.operations;
        nanos = Arrays.copyOf(nanos, Math.max(1, all));
        System.arraycopy(other.nanos, 0, nanos, operations, other.operations);
        operations = all;
        bytes += other.bytes;
        other.errors.forEach((what, count) -> errors.merge(what, count, Long::sum));
    }

    /** Operations that did what they were to do. */
    int operations() {
        return operations;
    }

    long bytes() {
        return bytes;
    }

    Map<String, Long> errors() {
        return Map.copyOf(errors);
    }

    /**
     * The time within which a part of all operations ended, in microseconds; 0 when there were none.
     *
     * @param part more than 0, at most 1
     */
    double micros(double part) {
        if (operations == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, operations);
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(part * operations) - 1] / 1e3;
    }
}
