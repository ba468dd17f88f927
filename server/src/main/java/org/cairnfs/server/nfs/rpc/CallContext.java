package org.cairnfs.server.nfs.rpc;

import java.util.function.Consumer;

/**
 * What all calls of a server share.
 *
 * @param answered counts the calls that are open
 * @param onFatalError told of errors after which the process may not be sound, such as running out of memory
 */
record CallContext(
        RpcLimits limits,
        RpcMetrics metrics,
        RefusalLog refusals,
        AnsweredCalls answered,
        Consumer<Throwable> onFatalError) {}
