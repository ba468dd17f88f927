package org.cairnfs.core.shipping;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;

/**
 * Fetches log objects from the newest to the oldest, the next ones already while one is looked at: more of them the longer it goes on,
 * so that who needs only the newest fetches few.
 *
 * <p>Used by one thread, which closes it.
 */
final class LogReadAhead implements AutoCloseable {
    /** Objects under way at most; they are some megabytes each. */
    static final int MAX_AHEAD = 4;

    private final Logs logs;
    private final Deque<Logs.Position> positions;
    private final Deque<Future<LogObject>> fetching = new ArrayDeque<>();
    private final ExecutorService fetchers = Executors.newFixedThreadPool(MAX_AHEAD, task -> {
        Thread thread = new Thread(task, "cairn-log-fetch");
        thread.setDaemon(true);
        return thread;
    });
    private int ahead = 0;

    /** @param positions in ascending order */
    LogReadAhead(Logs logs, List<Logs.Position> positions) {
        this.logs = logs;
        this.positions = new ArrayDeque<>(positions);
    }

    /** Whether all were given. */
    boolean isEmpty() {
        return positions.isEmpty() && fetching.isEmpty();
    }

    /** The newest that was not given yet; there is one. */
    LogObject next() throws IOException {
        while (!positions.isEmpty() && fetching.size() <= ahead) {
            Logs.Position position = positions.removeLast();
            fetching.addLast(fetchers.submit(() -> logs.read(position)));
        }
        ahead = Math.min(MAX_AHEAD - 1, ahead + 1);
        try {
            return fetching.removeFirst().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the log was read");
        }
    }

    /** Lets go of what is under way. */
    @Override
    public void close() {
        fetchers.shutdownNow();
    }
}
