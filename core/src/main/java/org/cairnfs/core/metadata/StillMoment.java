package org.cairnfs.core.metadata;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongFunction;

/**
 * A moment at which nothing is appended to the journal: the writer thread takes all inode locks, lets somebody look, and lets
 * go. Unlike {@link StillPoint} it does not wait for the database.
 */
final class StillMoment<T> implements Writer.WriterTask {
    private final StoreContext context;
    private final LongFunction<T> look;
    private final CompletableFuture<T> seen = new CompletableFuture<>();

    /** @param look told the newest sequence; must not block */
    StillMoment(StoreContext context, LongFunction<T> look) {
        this.context = context;
        this.look = look;
    }

    T await() {
        try {
            return seen.join();
        } catch (CompletionException e) {
            throw new MetadataFailedException("the metadata could not be looked at", e.getCause());
        }
    }

    @Override
    public int run() {
        int locked = 0;
        try {
            for (; locked < InodeLocks.STRIPES; locked++) {
                context.locks().stripe(locked).lock();
            }
            seen.complete(look.apply(context.journal().lastSequence()));
        } catch (RuntimeException e) {
            seen.completeExceptionally(e);
        } finally {
            for (int stripe = 0; stripe < locked; stripe++) {
                context.locks().stripe(stripe).unlock();
            }
        }
        return 0;
    }

    @Override
    public void committed(Writer.CommitPoint point) {
        // Answered already: what was looked at is in memory.
    }

    @Override
    public void fail(RuntimeException cause) {
        seen.completeExceptionally(cause);
    }
}
