package org.cairnfs.server.nfs.rpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Runs tasks on a fixed number of threads, in turns between the lanes (connections) that have any.
 *
 * <p>A lane with a thousand tasks waiting thus delays the next task of another lane by one task per thread only. While
 * {@code suspended} holds no task is begun; whoever ends that calls {@link #wakeUp}. The queues are not bounded here:
 * a connection submits no more than its calls in flight.
 *
 * <p>Thread-safe; lanes and the queue of lanes are guarded by {@code lock}.
 */
final class CallScheduler {
    /** The tasks of one connection, in order. */
    static final class Lane {
        private final Queue<Runnable> tasks = new ArrayDeque<>();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition mayHaveWork = lock.newCondition();
    private final Queue<Lane> ready = new ArrayDeque<>();
    private final BooleanSupplier suspended;
    private final Consumer<Throwable> onUncaught;
    private final List<Thread> threads = new ArrayList<>();
    private boolean stopped;

    /**
     * @param suspended asked before each task; quick
     * @param onUncaught gets what a task throws; the thread lives on
     */
    CallScheduler(int threadCount, BooleanSupplier suspended, Consumer<Throwable> onUncaught) {
        this.suspended = suspended;
        this.onUncaught = onUncaught;
        for (int i = 0; i < threadCount; i++) {
            Thread thread = new Thread(this::work, "cairn-rpc-worker-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Queues a task; after {@link #stop} it is dropped, and the answer is {@code false}. */
    boolean submit(Lane lane, Runnable task) {
        lock.lock();
        try {
            if (stopped) {
                return false;
            }
            if (lane.tasks.isEmpty()) {
                ready.add(lane);
                mayHaveWork.signal();
            }
            lane.tasks.add(task);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Has the threads look again whether they are suspended. */
    void wakeUp() {
        lock.lock();
        try {
            mayHaveWork.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Drops the tasks that wait, interrupts those that run, and waits at most {@code millis} for the threads to end. */
    void stop(long millis) throws InterruptedException {
        lock.lock();
        try {
            stopped = true;
            ready.clear();
            mayHaveWork.signalAll();
        } finally {
            lock.unlock();
        }
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (Thread thread : threads) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left > 0) {
                thread.join(left);
            }
        }
    }

    private void work() {
        Runnable task;
        while ((task = next()) != null) {
            try {
                task.run();
            } catch (Throwable e) {
                onUncaught.accept(e);
            }
        }
    }

    /** Waits for the next task; {@code null} when stopped. */
    private Runnable next() {
        lock.lock();
        try {
            while (!stopped) {
                if (ready.isEmpty() || suspended.getAsBoolean()) {
                    mayHaveWork.awaitUninterruptibly();
                    continue;
                }
                Lane lane = ready.remove();
                Runnable task = lane.tasks.remove();
                if (!lane.tasks.isEmpty()) {
                    ready.add(lane);
                    mayHaveWork.signal();
                }
                return task;
            }
            return null;
        } finally {
            lock.unlock();
        }
    }
}
