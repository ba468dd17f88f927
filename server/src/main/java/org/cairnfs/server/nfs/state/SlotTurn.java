package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Bytes;

/**
 * A COMPOUND's hold on its slot, from SEQUENCE to its reply: until it is closed, resends get DELAY and the client's lease
 * does not expire. Belongs to one thread at a time.
 */
public interface SlotTurn extends AutoCloseable {
    /** The client of the session. */
    Client client();

    /** The answer of SEQUENCE. */
    SequenceReply sequence();

    /** The longest reply, in bytes with RPC headers: beyond it, REP_TOO_BIG. */
    int maxResponse();

    /**
     * The longest reply that will be kept, in bytes with RPC headers. With {@link #cacheThis()}, a longer one has to be
     * REP_TOO_BIG_TO_CACHE before its operation is done.
     */
    int maxResponseCached();

    boolean cacheThis();

    /**
     * Ends the turn with the encoded COMPOUND result. It is kept for resends when the client asked for it, or when it is so
     * short that it costs nothing (512 bytes: so a lone SEQUENCE always is); else a resend gets RETRY_UNCACHED_REP.
     * One that is longer than {@link #maxResponseCached()} is not kept.
     */
    void complete(Bytes reply);

    /** Ends a turn that was not completed: a resend gets RETRY_UNCACHED_REP. Does nothing after {@link #complete}. */
    @Override
    void close();
}
