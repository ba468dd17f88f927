package org.cairnfs.server.nfs.state;

import java.util.concurrent.CompletableFuture;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * The port to the callback services of clients. Calls do not block; futures fail with whatever kept the answer away (a
 * connection that cannot be made or ended, no answer in time, a refusal by RPC), and complete on any thread, on which what hangs
 * on them must be short.
 */
public interface Callbacks {
    /**
     * CB_RECALL (RFC 7530 section 16.2.2, RFC 8881 section 20.2). Whether the file will be truncated is never said: then it
     * is read delegations only, which have nothing to write back.
     *
     * @param handle the file as the client knows it, in its wire form
     */
    record Recall(Stateid stateid, Bytes handle) {}

    /**
     * What goes before it in a session: CB_SEQUENCE (RFC 8881 section 20.9).
     *
     * @param over the connection to take, bound to the back channel
     * @param slot csa_slotid
     * @param sequence csa_sequenceid
     * @param highestSlot csa_highest_slotid
     * @param minorVersion of the session
     * @param program RPC program number of the client's callbacks
     */
    record BackCall(
            SessionId session,
            Connection over,
            int slot,
            int sequence,
            int highestSlot,
            int minorVersion,
            int program,
            CallbackCredential credential) {}

    /**
     * What the client answered in a session.
     *
     * @param sequence of CB_SEQUENCE
     * @param operation of CB_RECALL; means nothing unless {@code sequence} is OK
     */
    record Answer(NfsStatus sequence, NfsStatus operation) {}

    /** CB_NULL to a 4.0 client: whether it can be called at all. */
    CompletableFuture<Void> probe(Callback40 service);

    /** CB_RECALL to a 4.0 client. */
    CompletableFuture<NfsStatus> recall(Callback40 service, Recall recall);

    /** CB_RECALL in a session. */
    CompletableFuture<Answer> recall(BackCall call, Recall recall);
}
