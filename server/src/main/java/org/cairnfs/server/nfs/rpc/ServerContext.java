package org.cairnfs.server.nfs.rpc;

import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/** What the connections of a server share. Implemented by {@link RunningContext}; thread-safe. */
interface ServerContext {
    RpcLimits limits();

    RpcMetrics metrics();

    RefusalLog refusals();

    /** Bytes of calls in flight and of large records on their way in. */
    MemoryBudget requestBudget();

    /** Bytes of messages that wait to be sent. */
    MemoryBudget replyBudget();

    /** What each network may have of both. */
    NetworkShares shares();

    CallScheduler scheduler();

    CallDispatcher dispatcher();

    ScheduledExecutorService timer();

    /** Makes the server's side of TLS for a connection; empty when no TLS is spoken. */
    Optional<Supplier<SSLEngine>> tls();

    /** Whether no more calls are taken on. */
    boolean isStopping();

    /** Runs when a call has ended or messages have gone out. */
    Runnable onProgress();
}
