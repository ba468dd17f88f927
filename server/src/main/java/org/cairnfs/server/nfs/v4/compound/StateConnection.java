package org.cairnfs.server.nfs.v4.compound;

import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.state.Connection;
import org.cairnfs.server.nfs.state.NfsState;

/** A connection of the RPC layer as the state of clients knows it: one object for one connection, for as long as it lives. */
public final class StateConnection implements Connection {
    private final RpcConnection rpc;

    private StateConnection(RpcConnection rpc) {
        this.rpc = rpc;
    }

    /** The one of {@code rpc}; when it is made, {@code state} is told of the connection's end. */
    static StateConnection of(RpcConnection rpc, NfsState state) {
        return rpc.attachment(StateConnection.class).orElseGet(() -> attach(rpc, state));
    }

    private static StateConnection attach(RpcConnection rpc, NfsState state) {
        StateConnection made;
        // Calls of one connection run at the same time: only one of them may attach.
        synchronized (rpc) {
            StateConnection known = rpc.attachment(StateConnection.class).orElse(null);
            if (known != null) {
                return known;
            }
            made = new StateConnection(rpc);
            rpc.attach(StateConnection.class, made);
        }
        rpc.onClose(() -> state.connectionClosed(made));
        return made;
    }

    /** The connection itself, for callbacks. */
    public RpcConnection rpc() {
        return rpc;
    }
}
