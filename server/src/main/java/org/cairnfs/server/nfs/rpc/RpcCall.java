package org.cairnfs.server.nfs.rpc;

import java.nio.ByteBuffer;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * One call from a client, decoded up to its arguments, and the way to answer it.
 *
 * <p>A call is ended exactly once, by {@link #reply}, one of the {@code reject} methods, or {@link #drop}; the first one
 * wins, and ending it again is an {@link IllegalStateException}. When the connection has gone the answer is
 * discarded silently.
 *
 * <p>Threading: the properties are immutable; {@link #arguments()} belongs to the handler's thread; a call may be ended
 * by any thread. Slices of the arguments stay valid until the call is ended.
 */
public interface RpcCall {
    /** The transaction id, which the client chose. */
    int xid();

    int program();

    int version();

    int procedure();

    RpcConnection connection();

    /** Who calls, as the client claims (AUTH_SYS) or has proved. */
    RpcCredential credential();

    /** The arguments, bounded by the record; always the same reader, which keeps its position. */
    XdrReader arguments();

    /** A new writer for results, limited to the largest reply that the server sends. */
    XdrWriter newResults();

    /**
     * Answers with SUCCESS.
     *
     * @param results from {@link #newResults()}, or another writer within its limit; from now on neither the writer nor the
     *     payloads that it refers to may change (what they refer to is let go when the reply has been sent)
     */
    void reply(XdrWriter results);

    /**
     * As {@link #reply(XdrWriter)}, with a hook for payloads that live in memory which is counted.
     *
     * @param onSent runs once the server needs the payloads no more: sent, or the connection is gone; on any thread; short
     */
    void reply(XdrWriter results, Runnable onSent);

    /** Answers with SUCCESS and results that are XDR already, such as those kept in a reply cache. */
    void reply(ByteBuffer results);

    /** Answers that the call was not carried out. */
    void reject(AcceptStat status);

    /** Answers with AUTH_ERROR: another credential or flavour is needed. */
    void reject(AuthStat status);

    /**
     * Ends the call without an answer. A client of NFSv3 sends it again after a while, one of NFSv4 only over a new connection (RFC
     * 7530 section 3.1.1), so there the connection must be closed as well.
     */
    void drop();
}
