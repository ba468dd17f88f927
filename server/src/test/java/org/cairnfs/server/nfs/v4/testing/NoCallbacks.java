package org.cairnfs.server.nfs.v4.testing;

import java.util.concurrent.CompletableFuture;
import org.cairnfs.server.nfs.state.Callback40;
import org.cairnfs.server.nfs.state.Callbacks;
import org.cairnfs.server.nfs.v4.NfsStatus;

/** No client can be called. */
public final class NoCallbacks implements Callbacks {
    @Override
    public CompletableFuture<Void> probe(Callback40 service) {
        return failed();
    }

    @Override
    public CompletableFuture<NfsStatus> recall(Callback40 service, Recall recall) {
        return failed();
    }

    @Override
    public CompletableFuture<Answer> recall(BackCall call, Recall recall) {
        return failed();
    }

    private static <T> CompletableFuture<T> failed() {
        return CompletableFuture.failedFuture(new IllegalStateException("nobody is called in this test"));
    }
}
