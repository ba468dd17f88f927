package org.cairnfs.server.nfs.rpc;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * A connection with a peer, accepted or made: its identity, what others attach to it, and calls in the other direction.
 *
 * <p>Two connections are equal only when they are the same object. Thread-safe.
 */
public interface RpcConnection {
    /** A number that no other connection of this process has; for logs. */
    long id();

    InetSocketAddress remoteAddress();

    InetSocketAddress localAddress();

    boolean isOpen();

    /** What the connection itself protects, as of now. */
    TransportSecurity transportSecurity();

    /**
     * Closes the connection; replies that have not been sent are lost.
     *
     * @param reason for the log, one clause
     */
    void close(String reason);

    /** What was attached under {@code type}. */
    <T> Optional<T> attachment(Class<T> type);

    /** Attaches a value under its type, in place of an earlier one; {@code null} removes it. */
    <T> void attach(Class<T> type, T value);

    /**
     * Has {@code listener} run once when the connection has closed; at once when it has closed already. It runs on whatever
     * thread finds out, so it must be short; what it throws is logged.
     */
    void onClose(Runnable listener);

    /**
     * Calls the peer over this connection: a back channel (RFC 8881 section 2.10.3.1) or a client's calls.
     *
     * @param arguments written already; not to be changed afterwards
     * @param timeout how long to wait for the answer, more than zero
     * @return the results of a call that succeeded. Fails with an {@link RpcCallException} when the peer refuses the call, does
     *     not answer in time, or the connection closes. Completed on a worker thread of the server.
     */
    CompletableFuture<XdrReader> call(
            int program, int version, int procedure, RpcCredential credential, XdrWriter arguments, Duration timeout);
}
