package org.cairnfs.server.nfs.state;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The back channel of a session (RFC 8881 section 2.10.3.1): the connections that the client bound to it, and the slots in
 * which this server calls it.
 *
 * <p>Invariant: a slot has one call at a time; its sequence number goes up by one with each that the client took.
 *
 * <p>Threading: its monitor, which is a leaf, guards everything.
 */
final class BackChannel {
    private static final int MAX_CONNECTIONS = 16;

    /** CB_SEQUENCE and one more. */
    private static final int MIN_OPERATIONS = 2;

    /** A CB_RECALL with its CB_SEQUENCE and the longest AUTH_SYS credential; and its answer. */
    private static final int MIN_REQUEST_BYTES = 640;

    private static final int MIN_RESPONSE_BYTES = 256;

    private final SessionId session;
    private final ChannelAttributes attributes;
    private final int minorVersion;
    private final Slot[] slots;
    private final Set<Connection> connections = new HashSet<>();
    private int program;
    private Optional<CallbackCredential> credential;
    private boolean wanted;
    private boolean faulty;

    private static final class Slot {
        /** Of the last call that the client is known to have taken. */
        int sequence;

        boolean inUse;

        /** Whether the call after that one may have been taken: its answer was lost. */
        boolean uncertain;
    }

    BackChannel(SessionId session, CreateSessionRequest request, ChannelAttributes attributes) {
        this.session = session;
        this.attributes = attributes;
        this.minorVersion = request.minorVersion();
        this.program = request.callbackProgram();
        this.credential = request.callbackCredential();
        this.slots = new Slot[(int) attributes.maxRequests()];
        Arrays.setAll(slots, i -> new Slot());
    }

    ChannelAttributes attributes() {
        return attributes;
    }

    /** Adds a connection; false if it has enough. */
    synchronized boolean bind(Connection connection) {
        wanted = true;
        return connections.contains(connection)
                || (connections.size() < MAX_CONNECTIONS && connections.add(connection));
    }

    synchronized void connectionClosed(Connection connection) {
        connections.remove(connection);
    }

    /** BACKCHANNEL_CTL. */
    synchronized void change(int otherProgram, Optional<CallbackCredential> otherCredential) {
        program = otherProgram;
        credential = otherCredential;
    }

    /** Whether the client ever wanted to be called over it. */
    synchronized boolean isWanted() {
        return wanted;
    }

    /** Whether the client can be called over it, as far as is known. */
    synchronized boolean isUp() {
        return !connections.isEmpty()
                && !faulty
                && credential.isPresent()
                && slots.length > 0
                && attributes.maxOperations() >= MIN_OPERATIONS
                && attributes.maxRequest() >= MIN_REQUEST_BYTES
                && attributes.maxResponse() >= MIN_RESPONSE_BYTES;
    }

    /** Whether the client answered what it must not: it has to make another session. */
    synchronized boolean isFaulty() {
        return faulty;
    }

    /**
     * Takes a slot and a connection for a call, which ends with one of {@link #taken}, {@link #notTaken}, {@link #lost}; empty if all
     * slots are in use, or the channel is down.
     */
    synchronized Optional<Callbacks.BackCall> begin() {
        if (!isUp()) {
            return Optional.empty();
        }
        for (int i = 0; i < slots.length; i++) {
            Slot slot = slots[i];
            if (!slot.inUse) {
                slot.inUse = true;
                int sequence = slot.sequence + (slot.uncertain ? 2 : 1);
                return Optional.of(new Callbacks.BackCall(
                        session,
                        connections.iterator().next(),
                        i,
                        sequence,
                        highestInUse(),
                        minorVersion,
                        program,
                        credential.orElseThrow()));
            }
        }
        return Optional.empty();
    }

    private int highestInUse() {
        int highest = 0;
        for (int i = 0; i < slots.length; i++) {
            highest = slots[i].inUse ? i : highest;
        }
        return highest;
    }

    /** Gives back what a call would have taken that is not made. */
    synchronized void cancel(Callbacks.BackCall call) {
        slots[call.slot()].inUse = false;
    }

    /** The client took the call. */
    synchronized void taken(Callbacks.BackCall call) {
        Slot slot = slots[call.slot()];
        slot.sequence = call.sequence();
        slot.uncertain = false;
        slot.inUse = false;
    }

    /**
     * CB_SEQUENCE failed, so the client did not take the call; it may be tried again.
     *
     * @param misordered whether it was for the sequence number. After a lost answer that tells that the client had not taken
     *     that call either; without one, as any other failure but DELAY, the client and this server do not agree on the session
     * @param delay whether the client only wants it later
     */
    synchronized void notTaken(Callbacks.BackCall call, boolean misordered, boolean delay) {
        Slot slot = slots[call.slot()];
        slot.inUse = false;
        if (misordered && slot.uncertain) {
            slot.uncertain = false;
        } else if (!delay) {
            faulty = true;
        }
    }

    /** No answer came: the client may have taken the call. That connection is not to be trusted any more. */
    synchronized void lost(Callbacks.BackCall call) {
        Slot slot = slots[call.slot()];
        slot.inUse = false;
        // Lost twice in a row, either number may be the next: then the session is of no use.
        faulty |= slot.uncertain;
        slot.uncertain = true;
        connections.remove(call.over());
    }
}
