package org.cairnfs.server.nfs.rpc.gss;

import org.cairnfs.core.fs.Bytes;

/**
 * A context that a client has made, or is making.
 *
 * @param handle what the client calls it by; nobody can guess it
 * @param owner whose it is, for the limits: the principal with its address, or the address alone while it is being made
 * @param principal who has made it; empty while it is being made
 * @param expiresNanos when it is over, by the ticker of its table
 */
record GssContext(
        Bytes handle,
        String owner,
        String principal,
        long expiresNanos,
        SecurityMechanism.Context mechanism,
        SequenceWindow window) {
    /** Whether it is being made: its client has another token to send. */
    boolean isBegun() {
        return principal.isEmpty();
    }
}
