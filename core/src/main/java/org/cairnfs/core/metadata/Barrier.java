package org.cairnfs.core.metadata;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A point in the writer's work: something runs on its thread, then everything so far is committed, then something else runs,
 * between two transactions, then the caller goes on.
 */
final class Barrier implements Writer.WriterTask {
    private final Runnable before;
    private final Runnable after;
    private final CompletableFuture<Writer.CommitPoint> reached = new CompletableFuture<>();

    Barrier(Runnable before, Runnable after) {
        this.before = before;
        this.after = after;
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
        before.run();
        return 0;
    }

    @Override
    public void committed(Writer.CommitPoint point) {
        after.run();
        reached.complete(point);
    }

    @Override
    public void fail(RuntimeException cause) {
        reached.completeExceptionally(cause);
    }
}
