package org.cairnfs.core.data.flush;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.cairnfs.core.data.dirty.DirtyMap;

/**
 * The room that is left for dirty data: writers wait for it, and wake the flusher from its pause.
 *
 * <p>Thread-safe; {@code lock} guards both conditions and the flags, and is a leaf.
 */
final class DirtyRoom implements AutoCloseable {
    private final DirtyMap dirty;
    private final FlushSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition wake = lock.newCondition();

    @GuardedBy("lock")
    private boolean pressed;

    private volatile boolean closed;

    DirtyRoom(DirtyMap dirty, FlushSettings settings) {
        this.dirty = dirty;
        this.settings = settings;
    }

    /**
     * Waits until so many bytes more may become dirty.
     *
     * @return false if there was no room in time
     */
    boolean await(long bytes, long timeoutMillis) {
        if (hasRoom(bytes)) {
            return true;
        }
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            pressed = true;
            wake.signal();
            while (!hasRoom(bytes)) {
                if (left <= 0 || closed) {
                    return false;
                }
                left = room.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(long bytes) {
        return dirty.dataBytes() + bytes <= settings.dirtyBytes() && dirty.heapBytes() <= settings.dirtyHeap()
                || dirty.isEmpty();
    }

    /** Some data is dirty no more. */
    void signal() {
        lock.lock();
        try {
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The flusher's pause: ends early when a writer finds no room. */
    void pause(long millis) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!closed && !pressed && left > 0) {
                left = wake.awaitNanos(left);
            }
            pressed = false;
        } catch (InterruptedException e) {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Lets everybody go who waits. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wake.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
