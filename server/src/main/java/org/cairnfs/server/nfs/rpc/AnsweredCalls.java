package org.cairnfs.server.nfs.rpc;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Knows up to which change of the file system everyone who asked for one has been answered, without a look at any single change.
 *
 * <p>Calls are counted in rounds, by when they began. Each {@link #tick} at which the calls of the round before the present one have
 * all been answered begins a new round, and says how far the changes had come when the round before ended; so what is known is two ticks
 * old, and whoever was answered had at least one tick's time to hear it.
 *
 * <p>Invariant: a change that is not above {@code draining.end} was asked for by a call of {@code draining} or of an older round.
 *
 * <p>Thread-safe; the monitor guards all. One thread ticks.
 */
public final class AnsweredCalls {
    private Round present = new Round();
    private Round draining = new Round();
    private long answered;

    /** Calls that began at about the same time. */
    private static final class Round {
        private int open;
        /** The newest change when it ended; 0 while it is the present one. */
        private long end;
    }

    /** Where the changes are counted. */
    public interface Changes {
        /** The number of the newest one. */
        long newest();

        /** Up to this one, whoever asked for it was answered. */
        void answered(long change);
    }

    /** A call begins, which may ask for changes. What is given is run once it was answered, or will not be; a second time is nothing. */
    synchronized Runnable begin() {
        Round round = present;
        round.open++;
        AtomicBoolean ended = new AtomicBoolean();
        return () -> {
            if (ended.compareAndSet(false, true)) {
                end(round);
            }
        };
    }

    private synchronized void end(Round round) {
        round.open--;
    }

    /** Called in regular intervals, of a second or so. */
    public void tick(Changes changes) {
        long known;
        synchronized (this) {
            if (draining.open > 0) {
                return;
            }
            known = answered;
            answered = draining.end;
            // Asked before the new round: what is counted here belongs to calls that began before.
            present.end = changes.newest();
            draining = present;
            present = new Round();
        }
        if (known > 0) {
            changes.answered(known);
        }
    }
}
