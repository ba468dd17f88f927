package org.cairnfs.server.nfs.state;

/**
 * What stable storage knows of a confirmed client (RFC 8881 section 8.4.3).
 *
 * @param name who it is
 * @param verifier its instance: another one after the client's restart
 * @param principal who confirmed it
 * @param incarnation of the server, when this was written
 * @param mayReclaim whether, after a restart of the server, it may reclaim what it held: false until a 4.1 client completed
 *     its reclaim, so had a chance to hold something nobody else was given since
 * @param delegations whether it may have some to reclaim
 */
public record ClientRecord(
        ClientName name,
        long verifier,
        Principal principal,
        long incarnation,
        boolean mayReclaim,
        DelegationRecord delegations) {
    ClientRecord withMayReclaim(boolean other) {
        return new ClientRecord(name, verifier, principal, incarnation, other, delegations);
    }
}
