package org.cairnfs.server.nfs.rpc;

import org.cairnfs.server.nfs.xdr.XdrException;

/**
 * One version of one RPC program: what answers its calls.
 *
 * <p>Procedure 0, which does nothing in every program (RFC 5531 section 12.1), never arrives here: the server answers it.
 */
@FunctionalInterface
public interface RpcProgram {
    /**
     * Handles one call. Runs on a worker thread; calls of one connection may run at the same time and end in any
     * order. The call must be ended by one of the methods of {@link RpcCall} that do so, now or later and from any
     * thread; until then it counts against the limits of its connection. A handler may block for the file
     * system, but must not wait for a call of its own to the same client ({@link RpcConnection#call}): a connection at
     * its limit of calls in flight is not read from, so that the client's answer would never be seen.
     *
     * @throws XdrException when the arguments cannot be decoded; is answered with GARBAGE_ARGS
     * @throws Exception anything else is logged and answered with SYSTEM_ERR; the connection lives on
     */
    void handle(RpcCall call) throws Exception;
}
