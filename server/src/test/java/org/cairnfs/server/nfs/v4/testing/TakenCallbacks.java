package org.cairnfs.server.nfs.v4.testing;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.state.Callback40;
import org.cairnfs.server.nfs.state.Callbacks;
import org.cairnfs.server.nfs.v4.NfsStatus;

/** Clients that take every recall, unless they cannot be reached. The test does what they do then. */
public final class TakenCallbacks implements Callbacks {
    private final BlockingQueue<Recall> recalls = new LinkedBlockingQueue<>();
    private volatile boolean up = true;

    /** From now on they can be reached, or not. */
    public void setUp(boolean other) {
        up = other;
    }

    /** The oldest recall that was not looked at; waits for it. */
    public Recall next() throws InterruptedException {
        Recall next = recalls.poll(60, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nobody was called");
        }
        return next;
    }

    @Override
    public CompletableFuture<Void> probe(Callback40 service) {
        return answered(null);
    }

    @Override
    public CompletableFuture<NfsStatus> recall(Callback40 service, Recall recall) {
        recalls.add(recall);
        return answered(NfsStatus.OK);
    }

    @Override
    public CompletableFuture<Answer> recall(BackCall call, Recall recall) {
        recalls.add(recall);
        return answered(new Answer(NfsStatus.OK, NfsStatus.OK));
    }

    private <T> CompletableFuture<T> answered(T answer) {
        return up
                ? CompletableFuture.completedFuture(answer)
                : CompletableFuture.failedFuture(new IllegalStateException("unreachable"));
    }
}
