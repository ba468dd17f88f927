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
 * {@code suspended} holds no task is begun, and none of a group while that is; whoever ends it calls {@link #wakeUp}. The queues
 * are not bounded here: a connection submits no more than its calls in flight.
 *
 * <p>A lane with tasks is in {@code ready}, or else in the parked ones of its group. Thread-safe; lanes and their queues are guarded by {@code lock}.
 */
final class CallScheduler {
    /** Lanes that are suspended together. */
    static final class Group {
        private final BooleanSupplier suspended;
        private final Queue<Lane> parked = new ArrayDeque<>();

        /** @param suspended asked before each task of a lane of it; quick */
        Group(BooleanSupplier suspended) {
            this.suspended = suspended;
        }
    }

    /** The tasks of one connection, in order. */
    static final class Lane {
        private final Group group;
        private final Queue<Runnable> tasks = new ArrayDeque<>();

        Lane(Group group) {
            this.group = group;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition mayHaveWork = lock.newCondition();
    private final Queue<Lane> ready = new ArrayDeque<>();
    private final BooleanSupplier suspended;
    private final Consumer<Throwable> onUncaught;
    private final Runnable onParked;
    private final List<Thread> threads = new ArrayList<>();
    private boolean stopped;

    /**
     * @param suspended asked before each task; quick
     * @param onUncaught gets what a task throws; the thread lives on
     * @param onParked runs each time that a lane has to wait because its group is suspended; quick
     */
    CallScheduler(int threadCount, BooleanSupplier suspended, Consumer<Throwable> onUncaught, Runnable onParked) {
        this.suspended = suspended;
        this.onUncaught = onUncaught;
        this.onParked = onParked;
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

    /** Has the threads look again whether a group is suspended. */
    void wakeUp(Group group) {
        lock.lock();
        try {
            ready.addAll(group.parked);
            group.parked.clear();
            mayHaveWork.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether another lane of the same group has tasks, which wait as the group is suspended. */
    boolean keepsOthersWaiting(Lane lane) {
        lock.lock();
        try {
            return lane.group.parked.stream().anyMatch(other -> other != lane);
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
                if (lane.group.suspended.getAsBoolean()) {
                    lane.group.parked.add(lane);
                    onParked.run();
                    continue;
                }
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
