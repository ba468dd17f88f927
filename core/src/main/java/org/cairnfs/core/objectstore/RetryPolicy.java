package org.cairnfs.core.objectstore;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and after what pauses a call is tried again.
 *
 * <p>The pause before attempt n + 1 is drawn evenly from half of to all of {@code firstDelay * 2^(n-1)}, that is at most
 * {@code maxDelay}: so clients that failed together do not come back together.
 *
 * @param attempts in all, 1 or more
 * @param firstDelay positive
 * @param maxDelay at least {@code firstDelay}; the store may ask for longer, up to {@code maxRetryAfter}
 * @param maxRetryAfter the longest pause that a store may ask for; asked for more, the call fails at once
 */
public record RetryPolicy(int attempts, Duration firstDelay, Duration maxDelay, Duration maxRetryAfter) {
    /** Seven attempts over some ten to twenty seconds; what then still fails is told to the caller, who goes on later. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(7, Duration.ofMillis(250), Duration.ofSeconds(10), Duration.ofSeconds(60));

    /** Checks the bounds. */
    public RetryPolicy {
        if (attempts < 1
                || firstDelay.isNegative()
                || firstDelay.isZero()
                || maxDelay.compareTo(firstDelay) < 0
                || maxRetryAfter.isNegative()) {
            throw new IllegalArgumentException("retry policy out of bounds");
        }
    }

    /** The pause after this many failed attempts, 1 or more. */
    Duration delay(int failed, RandomGenerator random) {
        long first = firstDelay.toMillis();
        long max = maxDelay.toMillis();
        long full = failed > 30 ? max : Math.min(max, first << (failed - 1));
        return Duration.ofMillis(full / 2 + random.nextLong(full - full / 2 + 1));
    }
}
