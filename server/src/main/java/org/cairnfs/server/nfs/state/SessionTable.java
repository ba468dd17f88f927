package org.cairnfs.server.nfs.state;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * All sessions by id, and what their channels are granted.
 *
 * <p>Threading: look-ups are free; sessions come and go under the registration lock.
 */
final class SessionTable {
    /** Shorter requests or replies hold no useful COMPOUND. */
    private static final int MIN_BYTES = 256;

    /** What a CB_SEQUENCE and a CB_RECALL take, which is the least that a callback is good for. */
    private static final int MIN_BACK_OPERATIONS = 2;

    private static final int MIN_BACK_RESPONSE = 128;

    /** Callbacks at a time that this server would make. */
    private static final int BACK_SLOTS = 16;

    private final Map<SessionId, Session> sessions = new ConcurrentHashMap<>();
    private final ChannelAttributes most;
    private final ReplyCacheBudget budget;
    private final SecureRandom random = new SecureRandom();

    SessionTable(ChannelAttributes most, ReplyCacheBudget budget) {
        this.most = most;
        this.budget = budget;
    }

    Session find(SessionId id) throws NfsException {
        Session session = sessions.get(id);
        if (session == null) {
            throw new NfsException(NfsStatus.BADSESSION);
        }
        return session;
    }

    /** SEQUENCE. */
    SequenceResult sequence(SequenceRequest request) throws NfsException {
        Session session = find(request.session());
        Lease lease = session.client().lease();
        if (!lease.beginUse()) {
            throw new NfsException(NfsStatus.BADSESSION);
        }
        SequenceResult result = null;
        try {
            result = session.sequence(request);
            return result;
        } finally {
            if (!(result instanceof SequenceResult.Execute)) {
                lease.endUse();
            }
        }
    }

    /**
     * Makes a session of a client, with what can be granted of what it wants.
     *
     * @throws NfsException TOOSMALL, NOSPC
     */
    Session create(ClientEntry client, CreateSessionRequest request) throws NfsException {
        ChannelAttributes wanted = request.fore();
        if (wanted.maxRequest() < MIN_BYTES || wanted.maxResponse() < MIN_BYTES || wanted.maxOperations() < 1) {
            throw new NfsException(NfsStatus.TOOSMALL);
        }
        if (isUseless(request.back())) {
            throw new NfsException(NfsStatus.TOOSMALL, "no callback fits into the back channel");
        }
        long maxResponseCached =
                Math.min(Math.min(wanted.maxResponseCached(), wanted.maxResponse()), most.maxResponseCached());
        int slots = (int) Math.max(1, Math.min(wanted.maxRequests(), most.maxRequests()));
        long bytesPerSlot = Math.max(Session.ALWAYS_KEPT, maxResponseCached);
        int granted = budget.take(slots, bytesPerSlot);
        if (granted == 0) {
            throw new NfsException(NfsStatus.NOSPC, "no memory for another reply cache");
        }
        ChannelAttributes fore = new ChannelAttributes(
                0,
                Math.min(wanted.maxRequest(), most.maxRequest()),
                Math.min(wanted.maxResponse(), most.maxResponse()),
                maxResponseCached,
                Math.min(wanted.maxOperations(), most.maxOperations()),
                granted);
        SessionId id = new SessionId(client.id(), random.nextLong());
        BackChannel back = new BackChannel(id, request, back(request.back()));
        if ((request.flags() & CreateSessionRequest.CONN_BACK_CHAN) != 0) {
            back.bind(request.connection());
        }
        Session session = new Session(id, client, fore, back);
        client.sessions().add(session);
        sessions.put(id, session);
        return session;
    }

    /** Whether a back channel has slots, but no CB_SEQUENCE with another operation fits into its requests or replies. */
    private static boolean isUseless(ChannelAttributes back) {
        return back.maxRequests() > 0
                && (back.maxRequest() < MIN_BYTES
                        || back.maxResponse() < MIN_BACK_RESPONSE
                        || back.maxOperations() < MIN_BACK_OPERATIONS);
    }

    private static ChannelAttributes back(ChannelAttributes offered) {
        return new ChannelAttributes(
                0,
                offered.maxRequest(),
                offered.maxResponse(),
                offered.maxResponseCached(),
                offered.maxOperations(),
                Math.min(offered.maxRequests(), BACK_SLOTS));
    }

    /** Forgets a session that was destroyed. */
    void remove(Session session) {
        if (sessions.remove(session.id()) != null) {
            session.client().sessions().remove(session);
            budget.giveBack((int) session.fore().maxRequests(), Session.bytesPerSlot(session.fore()));
        }
    }

    void connectionClosed(Connection connection) {
        sessions.values().forEach(session -> session.back().connectionClosed(connection));
    }
}
