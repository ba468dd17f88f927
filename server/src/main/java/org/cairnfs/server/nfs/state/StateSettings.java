package org.cairnfs.server.nfs.state;

import java.time.Duration;

/**
 * Times and limits of client state. Every table that a client can fill has one.
 *
 * @param lease how long a client may be silent; also how long grace lasts after a restart
 * @param courtesy how long after its lease a silent client keeps what nobody else wants
 * @param ownerWait how long an operation of 4.0 waits for the one before it of the same owner
 * @param maxClients confirmed clients
 * @param maxUnconfirmed clients that have not confirmed; the oldest go first
 * @param maxSessionsPerClient sessions of one client
 * @param maxOwnersPerClient open owners, and lock owners, of one client
 * @param maxStatesPerClient opens and lock states of one client
 * @param maxStates opens and lock states of all clients; and, apart from them, their owners
 * @param channels what sessions may have at most
 * @param replyCacheBytes memory for the reply caches of all sessions
 * @param delegations how many there may be
 */
public record StateSettings(
        Duration lease,
        Duration courtesy,
        Duration ownerWait,
        int maxClients,
        int maxUnconfirmed,
        int maxSessionsPerClient,
        int maxOwnersPerClient,
        int maxStatesPerClient,
        int maxStates,
        ChannelAttributes channels,
        long replyCacheBytes,
        DelegationSettings delegations) {

    /** For a server with a heap of 512 MiB and more. */
    public static StateSettings defaults() {
        return new StateSettings(
                Duration.ofSeconds(90),
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                10_000,
                1_000,
                16,
                20_000,
                100_000,
                200_000,
                new ChannelAttributes(0, (1 << 20) + (16 << 10), (1 << 20) + (16 << 10), 2560, 128, 64),
                64L << 20,
                DelegationSettings.DEFAULT);
    }

    /** The same with another lease. */
    public StateSettings withLease(Duration other) {
        return new StateSettings(
                other,
                courtesy,
                ownerWait,
                maxClients,
                maxUnconfirmed,
                maxSessionsPerClient,
                maxOwnersPerClient,
                maxStatesPerClient,
                maxStates,
                channels,
                replyCacheBytes,
                delegations);
    }

    /** The same with other limits of delegations. */
    public StateSettings withDelegations(DelegationSettings other) {
        return new StateSettings(
                lease,
                courtesy,
                ownerWait,
                maxClients,
                maxUnconfirmed,
                maxSessionsPerClient,
                maxOwnersPerClient,
                maxStatesPerClient,
                maxStates,
                channels,
                replyCacheBytes,
                other);
    }

    /** The same with room for other numbers of clients. */
    public StateSettings withClients(int most) {
        return new StateSettings(
                lease,
                courtesy,
                ownerWait,
                most,
                maxUnconfirmed,
                maxSessionsPerClient,
                maxOwnersPerClient,
                maxStatesPerClient,
                maxStates,
                channels,
                replyCacheBytes,
                delegations);
    }

    /** The same with other numbers of sessions of a client, and of slots of a session. */
    public StateSettings withSessions(int perClient, int slots) {
        return new StateSettings(
                lease,
                courtesy,
                ownerWait,
                maxClients,
                maxUnconfirmed,
                perClient,
                maxOwnersPerClient,
                maxStatesPerClient,
                maxStates,
                channels.withMaxRequests(slots),
                replyCacheBytes,
                delegations);
    }

    /** The same with other numbers of opens and lock states, of a client and in all; and of their owners. */
    public StateSettings withStates(int perClient, int most) {
        return new StateSettings(
                lease,
                courtesy,
                ownerWait,
                maxClients,
                maxUnconfirmed,
                maxSessionsPerClient,
                Math.min(maxOwnersPerClient, perClient),
                perClient,
                most,
                channels,
                replyCacheBytes,
                delegations);
    }
}
