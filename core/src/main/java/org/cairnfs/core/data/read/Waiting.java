package org.cairnfs.core.data.read;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;

/** Waits for what another thread does, and fails as that fails. */
public final class Waiting {
    private Waiting() {}

    /** The value; an {@link FsException} of the other thread comes with its errno, an interruption as EAGAIN. */
    public static <T> T join(CompletableFuture<T> future) throws FsException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FsException(Errno.EAGAIN, "interrupted while waiting", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FsException cause) {
                throw new FsException(cause.errno(), cause.getMessage(), cause);
            }
            throw new IllegalStateException("work that was waited for failed", e.getCause());
        }
    }
}
