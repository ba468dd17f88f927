package org.cairnfs.server.nfs.v3.nlm;

import java.util.concurrent.CompletableFuture;
import org.cairnfs.core.lock.LockMode;

/** Tells hosts that they have a lock which they have waited for. */
@FunctionalInterface
interface Granter {
    /**
     * Calls NLM_GRANTED of a host. Does not block.
     *
     * @return whether the host takes the lock; fails if the host cannot be reached
     */
    CompletableFuture<Boolean> grant(NlmHost host, NlmLock lock, LockMode mode);
}
