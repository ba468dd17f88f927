package org.cairnfs.server.nfs.state;

import java.util.Optional;

/**
 * Of 4.0: an operation's hold on the sequence of its open or lock owner (RFC 7530 section 9.1.7). Until it is closed,
 * other operations of the owner wait. Belongs to one thread.
 *
 * <pre>{@code
 * try (OwnerTurn turn = files.openTurn(client, owner, seqid)) {
 *     if (turn.replay().isPresent()) return turn.replay().get();
 *     ... do it, encode it, also when it ended with an error ...
 *     turn.complete(new OwnerReply(status, result, currentHandle));
 * }
 * }</pre>
 */
public interface OwnerTurn extends AutoCloseable {
    /** The kept reply, if this is a resend: answer with it and do nothing. */
    Optional<OwnerReply> replay();

    /**
     * Keeps the reply and raises the sequence, unless the status is one that leaves it alone: STALE_CLIENTID, STALE_STATEID,
     * BAD_STATEID, BAD_SEQID, BADXDR, RESOURCE, NOFILEHANDLE, MOVED.
     */
    void complete(OwnerReply reply);

    /** Lets the next one go on; without {@link #complete} the sequence stays. */
    @Override
    void close();
}
