package org.cairnfs.core.metadata;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A point in the writer's work: something runs on its thread, then everything so far is committed, then the caller goes on. */
final class Barrier implements Writer.WriterTask {
    private final Runnable action;
    private final CompletableFuture<Writer.CommitPoint> reached = new CompletableFuture<>();

    Barrier(Runnable action) {
        this.action = action;
    }

    /**
     * What was committed.
     *
     * @throws MetadataFailedException if it could not be
     */
    Writer.CommitPoint await() {
        try {
            return reached.join();
        } catch (CompletionException e) {
            throw new MetadataFailedException("the metadata could not be committed", e.getCause());
        }
    }

    @Override
    public int run() {
        action.run();
        return 0;
    }

    @Override
    public void committed(Writer.CommitPoint point) {
        reached.complete(point);
    }

    @Override
    public void fail(RuntimeException cause) {
        reached.completeExceptionally(cause);
    }
}
