package org.cairnfs.server.nfs.rpc;

import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;

/** Something a peer sent that costs it its connection. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal reason;

    RefusedException(Refusal reason, String message) {
        super(message);
        this.reason = reason;
    }

    Refusal reason() {
        return reason;
    }
}
