package org.cairnfs.server.nfs.v3.nlm;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.v3.portmap.PortmapClient;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** {@link Granter} over the network: asks the host's portmap for its lock manager, and calls that, over TCP. */
final class GrantCalls implements Granter {
    private static final int GRANTED = 5;
    private static final int MAX_BYTES = 4 * (NlmLock.MAX_BYTES + Integer.BYTES) + 64;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PortmapClient hosts;

    GrantCalls(PortmapClient hosts) {
        this.hosts = hosts;
    }

    @Override
    public CompletableFuture<Boolean> grant(NlmHost host, NlmLock lock, LockMode mode) {
        return hosts.connect(host.key().address(), NlmProgram.PROGRAM, NlmProgram.VERSION)
                .thenCompose(connection -> call(connection, lock, mode));
    }

    private static CompletableFuture<Boolean> call(RpcConnection connection, NlmLock lock, LockMode mode) {
        XdrWriter arguments = new XdrWriter(MAX_BYTES);
        try {
            // nlm4_testargs; the cookie only comes back to us.
            arguments.writeOpaque(lock.owner().toArray()).writeBoolean(mode == LockMode.WRITE);
            lock.encode(arguments);
        } catch (XdrException e) {
            throw new IllegalStateException("a lock that was decoded can be encoded", e);
        }
        return connection
                .call(NlmProgram.PROGRAM, NlmProgram.VERSION, GRANTED, RpcCredential.NONE, arguments, PATIENCE)
                .thenApply(results -> {
                    try {
                        results.skipOpaque(NlmLock.MAX_BYTES);
                        return results.readInt() == NlmStatus.GRANTED.code();
                    } catch (XdrException e) {
                        throw new IllegalArgumentException("the answer to NLM_GRANTED: " + e.getMessage(), e);
                    }
                })
                .whenComplete((taken, failure) -> connection.close("the host has been told"));
    }
}
