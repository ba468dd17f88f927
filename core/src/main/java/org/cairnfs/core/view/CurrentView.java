package org.cairnfs.core.view;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.Executor;

/**
 * The view that calls go to, and those before it that calls are still under way on.
 *
 * <p>A view is closed when another took its place and the last call on it ended; by the executor, as closing takes its time. Thread-safe:
 * this monitor guards which one is the present one and how many calls each has; it is a leaf.
 */
final class CurrentView {
    private final Executor closer;

    @GuardedBy("this")
    private Counted present;

    CurrentView(BucketView first, Executor closer) {
        this.present = new Counted(first);
        this.closer = closer;
    }

    /** A view and the calls on it; the present one counts as one more. */
    private static final class Counted {
        private final BucketView view;
        private int users = 1;
        private boolean closed;

        Counted(BucketView view) {
            this.view = view;
        }
    }

    /** A call on a view, which stays open until this is closed. */
    final class Use implements AutoCloseable {
        private final Counted counted;

        private Use(Counted counted) {
            this.counted = counted;
        }

        BucketView view() {
            return counted.view;
        }

        @Override
        public void close() {
            release(counted);
        }
    }

    /** Begins a call on the present view. */
    synchronized Use use() {
        present.users++;
        return new Use(present);
    }

    /** Calls go to another one from now on. */
    void put(BucketView next) {
        Counted old;
        synchronized (this) {
            old = present;
            present = new Counted(next);
        }
        old.view.caches().resizeMemory(0);
        release(old);
    }

    /** Whether calls go to this one. */
    synchronized boolean isPresent(BucketView view) {
        return present.view == view;
    }

    /**
     * The present view is closed when the last call has ended; none that reads rows comes any more. Who asks for the caches' sizes may come
     * as long as he likes.
     */
    synchronized void end() {
        release(present);
    }

    private synchronized void release(Counted counted) {
        counted.users--;
        if (counted.users == 0 && !counted.closed) {
            counted.closed = true;
            closer.execute(counted.view::close);
        }
    }
}
