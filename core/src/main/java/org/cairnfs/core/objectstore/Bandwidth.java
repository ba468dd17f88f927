package org.cairnfs.core.objectstore;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.cairnfs.core.objectstore.RetryingObjectStore.Sleeper;

/**
 * A bound on bytes per second, on average: who moves bytes takes them at once and leaves a debt, and nobody begins while there
 * is one. So a body of any size passes, and a burst is one body. Thread-safe; this monitor guards rate and debt.
 */
public final class Bandwidth {
    /** No bound. */
    public static final long UNLIMITED = 0;

    private static final double NANOS_PER_SECOND = 1e9;

    /** How soon those who wait notice another rate. */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

    private final LongSupplier nanoClock;
    private final Sleeper sleeper;
    private long rate;
    private double debt;
    private long settled;

    /**
     * Begins without debt.
     *
     * @param rate in bytes per second, or {@link #UNLIMITED}
     * @param nanoClock a clock that only goes forward
     */
    public Bandwidth(long rate, LongSupplier nanoClock, Sleeper sleeper) {
        this.nanoClock = nanoClock;
        this.sleeper = sleeper;
        this.settled = nanoClock.getAsLong();
        rate(rate);
    }

    /** Another rate from now on, in bytes per second, or {@link #UNLIMITED}; those who wait notice it within a second. */
    public synchronized void rate(long newRate) {
        if (newRate < 0) {
            throw new IllegalArgumentException("rate " + newRate);
        }
        settle();
        rate = newRate;
    }

    /** In bytes per second, or {@link #UNLIMITED}. */
    public synchronized long rate() {
        return rate;
    }

    /** Waits until there is no debt, then takes so many bytes, 0 or more. */
    void take(long bytes) throws InterruptedException {
        Duration wait = tryTake(bytes);
        while (!wait.isZero()) {
            sleeper.sleep(wait);
            wait = tryTake(bytes);
        }
    }

    /** Takes bytes that have moved already. */
    synchronized void owe(long bytes) {
        settle();
        if (rate != UNLIMITED) {
            debt += bytes;
        }
    }

    /** Takes the bytes and gives zero, or gives how long to wait before the next try. */
    private synchronized Duration tryTake(long bytes) {
        settle();
        if (debt <= 0) {
            debt = rate == UNLIMITED ? 0 : bytes;
            return Duration.ZERO;
        }
        Duration wait = Duration.ofNanos((long) Math.ceil(debt / rate * NANOS_PER_SECOND));
        return wait.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : wait;
    }

    private void settle() {
        long now = nanoClock.getAsLong();
        debt = rate == UNLIMITED ? 0 : Math.max(0, debt - (now - settled) / NANOS_PER_SECOND * rate);
        settled = now;
    }
}
