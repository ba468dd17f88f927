package org.cairnfs.server.nfs.rpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Counts the bytes that one kind of data holds over all connections, and makes those wait who would take it over its limit.
 *
 * <p>Reservations are granted in the order in which they were asked for, each whole, so those who hold one can always go
 * on to their end, and give it back: there is no dead-lock between half-granted ones. What cannot be refused any more is
 * added with {@link #add}, whether over the limit or not; whoever adds looks at {@link #isOver} before he takes
 * on more.
 *
 * <p>Thread-safe; the fields are guarded by this object's monitor. Callbacks run outside of it.
 */
final class MemoryBudget {
    private enum State {
        WAITING,
        GRANTED,
        RELEASED
    }

    private final long limit;
    private final Runnable onRelieved;
    private final Deque<Reservation> waiting = new ArrayDeque<>();
    private long used;

    /**
     * @param limit in bytes
     * @param onRelieved runs, on the thread that releases, when what is used falls from above the limit to it or below
     */
    MemoryBudget(long limit, Runnable onRelieved) {
        this.limit = limit;
        this.onRelieved = onRelieved;
    }

    /** Bytes held: reserved and added. */
    synchronized long used() {
        return used;
    }

    synchronized boolean isOver() {
        return used > limit;
    }

    /** Whether somebody waits for a reservation. */
    synchronized boolean isWaitedFor() {
        return !waiting.isEmpty();
    }

    /**
     * Reserves {@code bytes}, at once or later.
     *
     * @param bytes no more than the limit
     * @param onGranted runs when it was not granted at once ({@link Reservation#isGranted}) and is now; on the thread that
     *     made room; short
     */
    synchronized Reservation reserve(long bytes, Runnable onGranted) {
        if (bytes > limit) {
            throw new IllegalArgumentException(bytes + " bytes can never be reserved of " + limit);
        }
        Reservation reservation = new Reservation(bytes, onGranted);
        if (waiting.isEmpty() && used + bytes <= limit) {
            used += bytes;
            reservation.state = State.GRANTED;
        } else {
            waiting.addLast(reservation);
        }
        return reservation;
    }

    /** Counts {@code bytes} in any case, until {@link #subtract} is called with as many. */
    synchronized void add(long bytes) {
        used += bytes;
    }

    /** Takes back what was added. */
    void subtract(long bytes) {
        boolean relieved;
        List<Reservation> granted;
        synchronized (this) {
            boolean wasOver = used > limit;
            used -= bytes;
            relieved = wasOver && used <= limit;
            granted = grantWaiting();
        }
        if (relieved) {
            onRelieved.run();
        }
        granted.forEach(reservation -> reservation.onGranted.run());
    }

    private List<Reservation> grantWaiting() {
        List<Reservation> granted = new ArrayList<>();
        while (!waiting.isEmpty() && used + waiting.peekFirst().bytes <= limit) {
            Reservation next = waiting.removeFirst();
            used += next.bytes;
            next.state = State.GRANTED;
            granted.add(next);
        }
        return granted;
    }

    /** Bytes asked for by one; granted or waiting until it is released. */
    final class Reservation {
        private final long bytes;
        private final Runnable onGranted;
        private State state = State.WAITING;

        private Reservation(long bytes, Runnable onGranted) {
            this.bytes = bytes;
            this.onGranted = onGranted;
        }

        boolean isGranted() {
            synchronized (MemoryBudget.this) {
                return state == State.GRANTED;
            }
        }

        /** Gives the bytes back, or the place in the queue; may be called again, which does nothing. */
        void release() {
            long freed;
            synchronized (MemoryBudget.this) {
                if (state == State.WAITING) {
                    waiting.remove(this);
                }
                freed = state == State.GRANTED ? bytes : 0;
                state = State.RELEASED;
            }
            // Also when nothing was freed: a large one that gave up its place may have kept smaller ones waiting.
            subtract(freed);
        }
    }
}
