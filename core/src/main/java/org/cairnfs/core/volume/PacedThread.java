package org.cairnfs.core.volume;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A daemon thread that waits, does a round of its work, and waits again, until it is closed or a round says that it was the last.
 *
 * <p>Thread-safe; {@code lock} is a leaf, and not held during a round.
 */
public final class PacedThread implements AutoCloseable {
    private final Duration first;
    private final Round round;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();

    @GuardedBy("lock")
    private boolean closed;

    /** What is done again and again. */
    @FunctionalInterface
    public interface Round {
        /** Does it; says how long to wait until the next, or nothing if this was the last. */
        Optional<Duration> run();
    }

    /**
     * Does nothing until {@link #start}.
     *
     * @param first how long to wait before the first round
     */
    public PacedThread(String name, Duration first, Round round) {
        this.first = first;
        this.round = round;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        Optional<Duration> pause = Optional.of(first);
        while (pause.isPresent() && await(pause.get())) {
            pause = round.run();
        }
    }

    private boolean await(Duration pause) {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** No round begins any more; one may be under way still. */
    public void end() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends after the round that is under way. */
    @Override
    public void close() {
        end();
        Uninterruptibles.joinUninterruptibly(thread);
    }
}
