package org.cairnfs.server.nfs.rpc;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Makes connections to peers, for the callbacks of NFSv4.0 (RFC 7530 section 10.2) and the like. */
@FunctionalInterface
public interface RpcConnector {
    /**
     * Connects to a peer.
     *
     * @param timeout how long to try, more than zero
     * @return the connection; fails with an {@link java.io.IOException} when it cannot be made in time
     */
    CompletableFuture<RpcConnection> connect(InetSocketAddress address, Duration timeout);
}
