package org.cairnfs.server.app;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.server.nfs.rpc.AnsweredCalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the file system every second which changes have been answered, so that after a crash only those of the last seconds are
 * held for requests that may come again. One thread of its own, as the file system journals it.
 */
final class AnsweredTeller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AnsweredTeller.class);
    private static final long INTERVAL_MILLIS = 1_000;

    private final AnsweredCalls calls;
    private final AnsweredCalls.Changes changes;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "cairn-answered");
        made.setDaemon(true);
        return made;
    });

    AnsweredTeller(AnsweredCalls calls, FileSystem files) {
        this.calls = calls;
        this.changes = new AnsweredCalls.Changes() {
            @Override
            public long newest() {
                return files.newestChange();
            }

            @Override
            public void answered(long change) {
                files.answered(change);
            }
        };
    }

    void start() {
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::tick, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            calls.tick(changes);
        } catch (RuntimeException e) {
            LOG.error("which changes have been answered was not noted; trying again in {} ms", INTERVAL_MILLIS, e);
        }
    }

    /** Returns when what is being told has been told: the file system may be closed then. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                if (thread.awaitTermination(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
