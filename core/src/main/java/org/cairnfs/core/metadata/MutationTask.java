package org.cairnfs.core.metadata;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataStore.Committed;

/** A mutation on its way through the writer thread, and its caller's way to wait for it. */
final class MutationTask<T> implements Writer.WriterTask {
    private final StoreContext context;
    private final Mutation<T> mutation;
    private final CompletableFuture<Committed<T>> answer = new CompletableFuture<>();
    private Committed<T> committed;
    private List<Runnable> afterCommit = List.of();

    MutationTask(StoreContext context, Mutation<T> mutation) {
        this.context = context;
        this.mutation = mutation;
    }

    /** Waits for the answer, not minding interrupts: the mutation happens all the same. */
    Committed<T> await() throws FsException {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof FsException refused) {
                throw refused;
            } else if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            } else if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }

    @Override
    public int run() {
        WriterTransaction transaction = new WriterTransaction(context);
        try (transaction) {
            T value = mutation.run(transaction);
            Optional<WriterTransaction.AppendedRecord> appended = transaction.append(mutation.origin());
            afterCommit = transaction.afterCommitActions();
            committed = new Committed<>(
                    value,
                    appended.map(WriterTransaction.AppendedRecord::sequence).orElse(0L));
            return appended.map(WriterTransaction.AppendedRecord::bytes).orElse(0);
        } catch (FsException | RuntimeException | Error e) {
            if (transaction.appended()) {
                throw context.failStop().fail("a mutation failed after it was journaled", e);
            }
            answer.completeExceptionally(e);
            return -1;
        }
    }

    @Override
    public void committed(Writer.CommitPoint point) {
        for (Runnable action : afterCommit) {
            action.run();
        }
        answer.complete(committed);
    }

    @Override
    public void fail(RuntimeException cause) {
        answer.completeExceptionally(cause);
    }
}
