package org.cairnfs.server.nfs.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.cairnfs.server.nfs.v4.NfsStatus;

/** Clients as the server calls them back: each call waits in a queue until the test answers it. */
final class PlayedCallbacks implements Callbacks {
    /** A recall that was sent; {@code call} is null to a 4.0 client, {@code service} to one of 4.1. */
    record Sent(
            Recall recall,
            BackCall call,
            Callback40 service,
            CompletableFuture<Answer> answer,
            CompletableFuture<NfsStatus> answer40) {
        void answer(NfsStatus status) {
            if (call == null) {
                answer40.complete(status);
            } else {
                answer.complete(new Answer(NfsStatus.OK, status));
            }
        }

        /** CB_SEQUENCE fails. */
        void refuse(NfsStatus sequence) {
            answer.complete(new Answer(sequence, sequence));
        }

        void lose() {
            answer.completeExceptionally(new IllegalStateException("no answer"));
            answer40.completeExceptionally(new IllegalStateException("no answer"));
        }
    }

    private final Queue<Sent> sent = new ArrayDeque<>();
    private final List<Callback40> probed = new ArrayList<>();
    private boolean up = true;

    /** From now on 4.0 clients can be called, or not. */
    void setUp(boolean other) {
        up = other;
    }

    /** The oldest call that was not looked at. */
    Sent next() {
        Sent next = sent.poll();
        if (next == null) {
            throw new AssertionError("nobody was called");
        }
        return next;
    }

    boolean isQuiet() {
        return sent.isEmpty();
    }

    int waiting() {
        return sent.size();
    }

    List<Callback40> probed() {
        return probed;
    }

    @Override
    public CompletableFuture<Void> probe(Callback40 service) {
        probed.add(service);
        return up
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(new IllegalStateException("unreachable"));
    }

    @Override
    public CompletableFuture<NfsStatus> recall(Callback40 service, Recall recall) {
        Sent call = new Sent(recall, null, service, new CompletableFuture<>(), new CompletableFuture<>());
        sent.add(call);
        return call.answer40();
    }

    @Override
    public CompletableFuture<Answer> recall(BackCall call, Recall recall) {
        Sent made = new Sent(recall, call, null, new CompletableFuture<>(), new CompletableFuture<>());
        sent.add(made);
        return made.answer();
    }
}
