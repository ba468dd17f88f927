package org.cairnfs.server.nfs.state;

import java.util.Arrays;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * A session of 4.1: the slots of its fore channel with their kept replies, and its back channel.
 *
 * <p>Invariant: a slot is in work from the first SEQUENCE of a number until its turn ends; only then a higher number, or a
 * replay, is let in.
 *
 * <p>Threading: {@code slotLock} guards the slots.
 */
final class Session {
    /** Replies of this length and below are always kept. */
    static final int ALWAYS_KEPT = 512;

    /** A reply of SEQUENCE and an error, with RPC header and without a tag. */
    private static final int SHORTEST_REPLY = 92;

    private final Object slotLock = new Object();
    private final SessionId id;
    private final ClientEntry client;
    private final ChannelAttributes fore;
    private final BackChannel back;
    private final Slot[] slots;
    private boolean destroyed;

    Session(SessionId id, ClientEntry client, ChannelAttributes fore, BackChannel back) {
        this.id = id;
        this.client = client;
        this.fore = fore;
        this.back = back;
        this.slots = new Slot[(int) fore.maxRequests()];
        Arrays.setAll(slots, i -> new Slot());
    }

    SessionId id() {
        return id;
    }

    ClientEntry client() {
        return client;
    }

    ChannelAttributes fore() {
        return fore;
    }

    BackChannel back() {
        return back;
    }

    /** Memory that one slot may keep. */
    static long bytesPerSlot(ChannelAttributes fore) {
        return Math.max(ALWAYS_KEPT, fore.maxResponseCached());
    }

    /** What SEQUENCE does; the client's lease is in use already, and goes on being so if the result is to execute. */
    SequenceResult sequence(SequenceRequest request) throws NfsException {
        check(request);
        Slot slot = slots[(int) request.slot()];
        synchronized (slotLock) {
            if (destroyed) {
                throw new NfsException(NfsStatus.BADSESSION);
            }
            boolean isResend = slot.used && request.sequence() == slot.sequence;
            if (slot.inWork || isResend) {
                return replay(request, slot, isResend);
            }
            if (request.sequence() != slot.sequence + 1) {
                throw new NfsException(NfsStatus.SEQ_MISORDERED);
            }
            slot.used = true;
            slot.inWork = true;
            slot.sequence = request.sequence();
            slot.fingerprint = request.fingerprint();
            slot.reply = null;
            return new SequenceResult.Execute(new Turn(slot, reply(request), request.cacheThis()));
        }
    }

    private void check(SequenceRequest request) throws NfsException {
        if (request.operations() > fore.maxOperations()) {
            throw new NfsException(NfsStatus.TOO_MANY_OPS);
        }
        if (request.requestBytes() > fore.maxRequest()) {
            throw new NfsException(NfsStatus.REQ_TOO_BIG);
        }
        if (request.slot() >= slots.length) {
            throw new NfsException(NfsStatus.BADSLOT);
        }
        if (request.highestSlot() >= slots.length) {
            throw new NfsException(NfsStatus.BAD_HIGH_SLOT);
        }
        if (request.cacheThis() && fore.maxResponseCached() < SHORTEST_REPLY) {
            throw new NfsException(NfsStatus.REP_TOO_BIG_TO_CACHE);
        }
    }

    private SequenceResult replay(SequenceRequest request, Slot slot, boolean isResend) throws NfsException {
        if (!isResend) {
            throw new NfsException(NfsStatus.SEQ_MISORDERED);
        }
        if (slot.fingerprint != request.fingerprint()) {
            throw new NfsException(NfsStatus.SEQ_FALSE_RETRY);
        }
        if (slot.inWork) {
            throw new NfsException(NfsStatus.DELAY, "a resend of what is still in work");
        }
        return slot.reply == null
                ? new SequenceResult.ReplayUncached(reply(request))
                : new SequenceResult.Replay(slot.reply);
    }

    private SequenceReply reply(SequenceRequest request) {
        long highest = slots.length - 1L;
        return new SequenceReply(id, request.sequence(), request.slot(), highest, highest, statusFlags());
    }

    /**
     * Ends the session.
     *
     * @param asking the turn of a COMPOUND in it that does not count as work; null if there is none
     * @return false while there is work in it
     */
    boolean destroy(SlotTurn asking) {
        synchronized (slotLock) {
            Slot own = asking instanceof Turn turn ? turn.slot : null;
            boolean busy = Arrays.stream(slots).anyMatch(slot -> slot.inWork && slot != own);
            destroyed |= !busy;
            return destroyed;
        }
    }

    /** Ends the session, whatever is in work: its client is gone. */
    void destroyNow() {
        synchronized (slotLock) {
            destroyed = true;
        }
    }

    /** sr_status_flags: what the client should know of its callbacks and of what it lost (RFC 8881 section 18.46.3). */
    private int statusFlags() {
        int flags = client.states().hasRevoked() ? SequenceReply.RECALLABLE_STATE_REVOKED : 0;
        if (back.isWanted() && !back.isUp()) {
            flags |= back.isFaulty() ? SequenceReply.BACKCHANNEL_FAULT : SequenceReply.CB_PATH_DOWN_SESSION;
            flags |= client.canBeCalled() ? 0 : SequenceReply.CB_PATH_DOWN;
        }
        return flags;
    }

    /** A slot: the last number, whether it is in work, and its reply if that was kept. */
    private static final class Slot {
        int sequence;
        boolean used;
        boolean inWork;
        long fingerprint;
        Bytes reply;
    }

    private final class Turn implements SlotTurn {
        private final Slot slot;
        private final SequenceReply sequence;
        private final boolean cacheThis;
        private boolean ended;

        Turn(Slot slot, SequenceReply sequence, boolean cacheThis) {
            this.slot = slot;
            this.sequence = sequence;
            this.cacheThis = cacheThis;
        }

        @Override
        public Client client() {
            return client;
        }

        @Override
        public SequenceReply sequence() {
            return sequence;
        }

        @Override
        public int maxResponse() {
            return (int) fore.maxResponse();
        }

        @Override
        public int maxResponseCached() {
            return (int) fore.maxResponseCached();
        }

        @Override
        public boolean cacheThis() {
            return cacheThis;
        }

        @Override
        public void complete(Bytes reply) {
            boolean wanted = cacheThis && reply.length() <= fore.maxResponseCached();
            end(wanted || reply.length() <= ALWAYS_KEPT ? reply : null);
        }

        @Override
        public void close() {
            end(null);
        }

        private void end(Bytes kept) {
            if (ended) {
                return;
            }
            ended = true;
            synchronized (slotLock) {
                slot.reply = kept;
                slot.inWork = false;
            }
            client.lease().endUse();
        }

        Session session() {
            return Session.this;
        }
    }

    /** The session that a turn belongs to. */
    static Session of(SlotTurn turn) {
        return ((Turn) turn).session();
    }
}
