package org.cairnfs.server.nfs.state;

/**
 * How many delegations may be out. Those that were revoked count until the client has freed them.
 *
 * @param perClient of one client; 0 turns them off
 * @param total of all clients
 */
public record DelegationSettings(int perClient, int total) {
    /** None are given. */
    public static final DelegationSettings OFF = new DelegationSettings(0, 0);

    /** For a server with a heap of 512 MiB and more. */
    public static final DelegationSettings DEFAULT = new DelegationSettings(10_000, 100_000);
}
