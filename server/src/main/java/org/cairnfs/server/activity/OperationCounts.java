package org.cairnfs.server.activity;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Operations of one kind, since the start or between two moments.
 *
 * @param name in the protocol, such as READ
 * @param count all that ended
 * @param errors that ended with another status than OK
 * @param nanos that they took together
 * @param histogram how many took how long: under 1,024 ns, under 2,048 ns and so on, each class twice as long; the last one, the rest
 */
public record OperationCounts(String name, long count, long errors, long nanos, List<Long> histogram) {
    private static final double FIRST_CLASS_NANOS = 1024;

    /** What came since an earlier count of the same operation. */
    public OperationCounts since(OperationCounts earlier) {
        return new OperationCounts(
                name,
                count - earlier.count,
                errors - earlier.errors,
                nanos - earlier.nanos,
                IntStream.range(0, histogram.size())
                        .mapToObj(index -> histogram.get(index) - earlier.histogram.get(index))
                        .toList());
    }

    /** All of several kinds together. */
    public static OperationCounts sum(List<OperationCounts> all) {
        int classes = all.stream().mapToInt(of -> of.histogram.size()).max().orElse(0);
        return new OperationCounts(
                "",
                all.stream().mapToLong(OperationCounts::count).sum(),
                all.stream().mapToLong(OperationCounts::errors).sum(),
                all.stream().mapToLong(OperationCounts::nanos).sum(),
                IntStream.range(0, classes)
                        .mapToObj(index -> all.stream()
                                .mapToLong(of -> of.histogram.get(index))
                                .sum())
                        .toList());
    }

    /** What there would be before the first. */
    public OperationCounts none() {
        return new OperationCounts(
                name, 0, 0, 0, histogram.stream().map(any -> 0L).toList());
    }

    /** The mean, in nanoseconds; 0 of none. */
    public double meanNanos() {
        return count == 0 ? 0 : (double) nanos / count;
    }

    /**
     * A duration that this part of them did not exceed, in nanoseconds, as the end of its class: up to twice too long. 0 of none.
     *
     * @param part between 0 and 1
     */
    public double quantileNanos(double part) {
        long wanted = (long) Math.ceil(count * part);
        double end = FIRST_CLASS_NANOS;
        for (long of : histogram) {
            wanted -= of;
            if (wanted <= 0) {
                break;
            }
            end *= 2;
        }
        return count == 0 ? 0 : end;
    }
}
