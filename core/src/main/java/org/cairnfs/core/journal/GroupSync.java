package org.cairnfs.core.journal;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Group commit: one of the threads that wait for the disk forces it for all of them; who comes while it does so waits for
 * the next turn, in which again one forces for all.
 *
 * <p>Threading: {@link #syncLock} guards {@link #leading} and {@link #waiting}, and is not held while the disk is forced.
 * {@link #synced} only ever grows.
 */
final class GroupSync {
    /** Forces all that is appended at the time of the call. */
    @FunctionalInterface
    interface Disk {
        /** Returns the highest sequence that is on the disk thereby. */
        long force() throws IOException;
    }

    private final Disk disk;
    private final FailStop failStop;
    private final JournalMetrics metrics;
    private final ReentrantLock syncLock = new ReentrantLock();
    private final Condition turnEnded = syncLock.newCondition();
    private boolean leading;
    private int waiting;
    private volatile long synced;

    GroupSync(Disk disk, FailStop failStop, JournalMetrics metrics, long synced) {
        this.disk = disk;
        this.failStop = failStop;
        this.metrics = metrics;
        this.synced = synced;
    }

    long synced() {
        return synced;
    }

    /** Notes that all up to here is on the disk; may be called with the append lock held, and takes none. */
    synchronized void advance(long sequence) {
        synced = Math.max(synced, sequence);
    }

    /** Returns when all up to {@code sequence} is on the disk. */
    void await(long sequence) throws JournalFailedException {
        failStop.check();
        if (synced >= sequence) {
            return;
        }
        int group;
        syncLock.lock();
        try {
            waiting++;
            while (leading && synced < sequence) {
                turnEnded.awaitUninterruptibly();
            }
            waiting--;
            if (synced >= sequence) {
                return;
            }
            failStop.check();
            leading = true;
            group = 1 + waiting;
        } finally {
            syncLock.unlock();
        }
        lead(group);
    }

    private void lead(int group) throws JournalFailedException {
        Throwable failure = null;
        long start = System.nanoTime();
        try {
            advance(disk.force());
        } catch (IOException | RuntimeException | Error e) {
            failStop.mark(e);
            failure = e;
        } finally {
            syncLock.lock();
            try {
                leading = false;
                turnEnded.signalAll();
            } finally {
                syncLock.unlock();
            }
        }
        if (failure != null) {
            throw failStop.announce(failure);
        }
        metrics.forced(System.nanoTime() - start, group);
    }

    /** Waits until nobody forces; used once everything new is refused. */
    void awaitIdle() {
        syncLock.lock();
        try {
            while (leading) {
                turnEnded.awaitUninterruptibly();
            }
        } finally {
            syncLock.unlock();
        }
    }
}
