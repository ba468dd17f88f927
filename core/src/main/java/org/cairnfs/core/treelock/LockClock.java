package org.cairnfs.core.treelock;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.TreeLockRow;

/**
 * The clock that dates of tree locks are held against: it never runs ahead of the wall clock, and a wall clock that jumps does not
 * take it along.
 *
 * <p>While a server runs, its monotonic clock drives it. Over the time in which none ran, it goes on by what the wall clock says, but
 * by {@value #MAX_CREDIT_DAYS} days at most in one start, and only by what is later than any time that was believed before; so a clock
 * that is set to a wrong year for once ends no lock that has longer to go, and restarting with it again adds nothing. What it loses by
 * that (a server that was away for longer, a machine that slept) makes locks end later than their dates, never earlier.
 *
 * <p>Where it stands is kept in two counters while there are locks with dates, and forgotten with the last of them.
 *
 * <p>Thread-safe; the lock is a leaf.
 */
public final class LockClock {
    /** Longest time without a server that is believed. */
    static final int MAX_CREDIT_DAYS = 30;

    /** Counter: what this clock showed, in milliseconds since the epoch. */
    static final String TIME = "lock-clock";

    /** Counter: the latest wall clock that was believed, in milliseconds since the epoch. */
    static final String WALL = "lock-clock-wall";

    /** What is not kept is made up for by the credit of the next start, so once a day is enough. */
    private static final long KEPT_EVERY_MILLIS = TimeUnit.DAYS.toMillis(1);

    private final LongSupplier wallMillis;
    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private long time;

    @GuardedBy("this")
    private long wall;

    @GuardedBy("this")
    private long nanosThen;

    @GuardedBy("this")
    private long kept;

    /**
     * A clock that goes on from where it was.
     *
     * @param standing the counters, among others; without them it begins with the wall clock
     * @param wallMillis milliseconds since the epoch
     * @param nanoTime monotonic, of this process
     */
    public LockClock(Collection<CounterRow> standing, LongSupplier wallMillis, LongSupplier nanoTime) {
        this.wallMillis = wallMillis;
        this.nanoTime = nanoTime;
        this.nanosThen = nanoTime.getAsLong();
        long now = wallMillis.getAsLong();
        this.wall = value(standing, WALL).orElse(now);
        this.time = value(standing, TIME).orElse(now);
        if (now > wall) {
            time += Math.min(now - wall, TimeUnit.DAYS.toMillis(MAX_CREDIT_DAYS));
            wall = now;
        }
    }

    private static Optional<Long> value(Collection<CounterRow> counters, String name) {
        return counters.stream()
                .filter(counter -> counter.name().equals(name))
                .map(CounterRow::value)
                .findFirst();
    }

    /** The time for locks, in milliseconds since the epoch. */
    public synchronized long millis() {
        advance();
        return Math.min(time, wallMillis.getAsLong());
    }

    /** Whether a lock holds still. */
    public boolean isInForce(TreeLockRow lock) {
        return !lock.isBeingReleased() && (!lock.isDated() || millis() < lock.untilMillis());
    }

    /** Whether it has gone on for long since {@link #standing} was asked for. */
    synchronized boolean isDueToBeKept() {
        advance();
        return time - kept >= KEPT_EVERY_MILLIS;
    }

    /** Where it stands, to be kept. */
    synchronized List<CounterRow> standing() {
        advance();
        kept = time;
        return List.of(new CounterRow(TIME, time), new CounterRow(WALL, wall));
    }

    /** Begins anew with the wall clock, as there is no lock with a date. */
    synchronized void reset() {
        wall = wallMillis.getAsLong();
        time = wall;
        nanosThen = nanoTime.getAsLong();
    }

    @GuardedBy("this")
    private void advance() {
        long elapsed = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - nanosThen);
        nanosThen += TimeUnit.MILLISECONDS.toNanos(elapsed);
        time += elapsed;
        wall += elapsed;
    }
}
