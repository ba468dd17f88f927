package org.cairnfs.fuse.call;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.cairnfs.core.lock.LockLimitException;
import org.cairnfs.core.lock.RangeLocks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who wait for a lock. Each tries again when something in its range is freed, and every {@value #LOOK_MILLIS} ms, when it is also seen whether
 * the caller got a signal: then the answer is EINTR.
 *
 * <p>Safe for any number of threads: each wait has a monitor, under which it tries and answers, once.
 */
final class LockWaits implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LockWaits.class);
    private static final int LOOK_MILLIS = 100;

    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cairn-fuse-locks");
        thread.setDaemon(true);
        return thread;
    });

    private final Future<?> looks;

    LockWaits() {
        looks = looker.scheduleWithFixedDelay(
                () -> waits.forEach(Wait::look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** One try to get the lock. */
    @FunctionalInterface
    interface Attempt {
        boolean succeeds() throws LockLimitException;
    }

    /** How to be told that something was freed. */
    @FunctionalInterface
    interface Registrar {
        RangeLocks.Registration register(Runnable again) throws LockLimitException;
    }

    /**
     * Waits.
     *
     * @param answer told once, by any thread: 0, or an errno
     */
    void add(Attempt attempt, Registrar registrar, Request request, IntConsumer answer) {
        Wait wait = new Wait(attempt, registrar, request, answer);
        waits.add(wait);
        wait.tryAgain();
    }

    /** How many wait. */
    int size() {
        return waits.size();
    }

    /** Answers all with EINTR. */
    @Override
    public void close() {
        looks.cancel(false);
        looker.shutdownNow();
        waits.forEach(wait -> wait.end(Refusal.EINTR));
    }

    /** One who waits. Everything is guarded by its monitor. */
    private final class Wait {
        private final Attempt attempt;
        private final Registrar registrar;
        private final Request request;
        private final IntConsumer answer;
        private RangeLocks.Registration registration = () -> {};
        private boolean answered;

        Wait(Attempt attempt, Registrar registrar, Request request, IntConsumer answer) {
            this.attempt = attempt;
            this.registrar = registrar;
            this.request = request;
            this.answer = answer;
        }

        synchronized void look() {
            if (!answered && request.isInterrupted()) {
                end(Refusal.EINTR);
            } else {
                tryAgain();
            }
        }

        /** Registers first, then tries: so no release is missed. */
        synchronized void tryAgain() {
            if (answered) {
                return;
            }
            registration.close();
            try {
                registration = registrar.register(this::tryAgain);
                if (attempt.succeeds()) {
                    end(0);
                }
            } catch (LockLimitException e) {
                LOG.warn("Somebody who waits for a lock is refused: {}", e.getMessage());
                end(Refusal.ENOLCK);
            }
        }

        synchronized void end(int errno) {
            if (answered) {
                return;
            }
            answered = true;
            registration.close();
            waits.remove(this);
            answer.accept(errno);
        }
    }
}
