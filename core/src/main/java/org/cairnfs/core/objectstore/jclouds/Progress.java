package org.cairnfs.core.objectstore.jclouds;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether bytes of one exchange still move. A long body over a slow line is no failure; a line on which nothing moves is.
 * Any thread may report movement; one waits.
 */
final class Progress {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long MOST_BUFFERED = 4 << 20;
    private static final long SLOWEST_RATE = 128 << 10;

    private volatile long lastMoved = System.nanoTime();

    /** Bytes were sent or came in. */
    void moved() {
        lastMoved = System.nanoTime();
    }

    /**
     * The whole body of a request was taken, the last of it by the buffers of the system, which need their time to empty: so
     * more is waited for the answer.
     */
    void sent(long length) {
        lastMoved = System.nanoTime() + Math.min(length, MOST_BUFFERED) * NANOS_PER_SECOND / SLOWEST_RATE;
    }

    /**
     * Waits for the result.
     *
     * @throws TimeoutException when nothing moved for so long
     */
    <T> T await(CompletableFuture<T> result, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            long left = timeout.toNanos() - (System.nanoTime() - lastMoved);
            if (left <= 0) {
                throw new TimeoutException("nothing moved for " + timeout.toSeconds() + " s");
            }
            try {
                return result.get(left, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                // something may have moved meanwhile
            }
        }
    }
}
