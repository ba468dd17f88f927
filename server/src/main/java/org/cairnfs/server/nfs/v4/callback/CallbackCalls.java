package org.cairnfs.server.nfs.v4.callback;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcConnector;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.state.Callback40;
import org.cairnfs.server.nfs.state.CallbackCredential;
import org.cairnfs.server.nfs.state.Callbacks;
import org.cairnfs.server.nfs.v3.portmap.UniversalAddress;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.StateConnection;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * {@link Callbacks} over the network: in a session over the client's own connection, to a 4.0 client over one that is made to
 * its callback service and kept for the next call.
 *
 * <p>Safe for use by any number of threads.
 */
public final class CallbackCalls implements Callbacks {
    private static final int CB_VERSION = 1;
    private static final int CB_NULL = 0;
    private static final int CB_COMPOUND = 1;

    private static final Duration TO_CONNECT = Duration.ofSeconds(5);
    private static final Duration TO_ANSWER = Duration.ofSeconds(10);

    /** What a 4.0 client, which names no credential, is called as. */
    private static final RpcCredential SYS = new RpcCredential.AuthSys("cairn", Credentials.ROOT);

    private final RpcConnector connector;

    /** Kept for the next call; guarded by itself, a leaf. */
    @GuardedBy("connections")
    private final Map<InetSocketAddress, CompletableFuture<RpcConnection>> connections = new HashMap<>();

    public CallbackCalls(RpcConnector connector) {
        this.connector = connector;
    }

    @Override
    public CompletableFuture<Void> probe(Callback40 service) {
        return connected(
                service,
                connection -> connection
                        .call(service.program(), CB_VERSION, CB_NULL, RpcCredential.NONE, new XdrWriter(0), TO_ANSWER)
                        .thenAccept(nothing -> {}));
    }

    @Override
    public CompletableFuture<NfsStatus> recall(Callback40 service, Recall recall) {
        XdrWriter arguments = CallbackCodec.recall40(service.ident(), recall);
        return connected(
                service,
                connection -> connection
                        .call(service.program(), CB_VERSION, CB_COMPOUND, SYS, arguments, TO_ANSWER)
                        .thenApply(results -> decoded(() -> CallbackCodec.status40(results))));
    }

    @Override
    public CompletableFuture<Answer> recall(BackCall call, Recall recall) {
        XdrWriter arguments = CallbackCodec.recallInSession(call, recall);
        return ((StateConnection) call.over())
                .rpc()
                .call(call.program(), CB_VERSION, CB_COMPOUND, credential(call.credential()), arguments, TO_ANSWER)
                .thenApply(results -> decoded(() -> CallbackCodec.answer(results)));
    }

    private static RpcCredential credential(CallbackCredential wanted) {
        return wanted.flavor() == CallbackCredential.AUTH_SYS
                ? new RpcCredential.AuthSys(wanted.machineName(), wanted.ids())
                : RpcCredential.NONE;
    }

    /** What reads an answer. */
    private interface Decoder<T> {
        T decode() throws XdrException;
    }

    private static <T> T decoded(Decoder<T> decoder) {
        try {
            return decoder.decode();
        } catch (XdrException e) {
            throw new IllegalArgumentException("the answer to a callback: " + e.getMessage(), e);
        }
    }

    private <T> CompletableFuture<T> connected(Callback40 service, Function<RpcConnection, CompletableFuture<T>> call) {
        Optional<InetSocketAddress> address = UniversalAddress.parse(service.address());
        if (address.isEmpty() || !service.isCallers()) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("no address of the client: " + service.address()));
        }
        return connection(address.get()).thenCompose(call);
    }

    /** The connection to a callback service that is there, or a new one. */
    private CompletableFuture<RpcConnection> connection(InetSocketAddress address) {
        CompletableFuture<RpcConnection> made;
        synchronized (connections) {
            CompletableFuture<RpcConnection> known = connections.get(address);
            if (isUsable(known)) {
                return known;
            }
            made = connector.connect(address, TO_CONNECT);
            connections.put(address, made);
        }
        // Outside, as it runs at once when the connection was refused or has ended already.
        var unused = made.whenComplete((connection, failure) -> {
            if (failure == null) {
                connection.onClose(() -> forget(address, made));
            } else {
                forget(address, made);
            }
        });
        return made;
    }

    private void forget(InetSocketAddress address, CompletableFuture<RpcConnection> ended) {
        synchronized (connections) {
            connections.remove(address, ended);
        }
    }

    private static boolean isUsable(CompletableFuture<RpcConnection> known) {
        return known != null
                && (!known.isDone()
                        || !known.isCompletedExceptionally() && known.join().isOpen());
    }
}
