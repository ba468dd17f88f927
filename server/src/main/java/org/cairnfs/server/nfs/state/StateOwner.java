package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.lock.LockOwner;

/** An open owner or a lock owner of a client. Guarded by the state lock, but for its sequence. */
abstract sealed class StateOwner permits OpenOwner, LockingOwner {
    private final ClientEntry client;
    private final LockOwner holder;
    private final OwnerSequence sequence = new OwnerSequence();
    private boolean retired;
    private long idleSince;

    StateOwner(ClientEntry client, Bytes name, long now) {
        this.client = client;
        this.holder = new LockOwner(client.holder(), name);
        this.idleSince = now;
    }

    ClientEntry client() {
        return client;
    }

    Bytes name() {
        return holder.owner();
    }

    /** Its name in {@code core.lock}. */
    LockOwner holder() {
        return holder;
    }

    /** Its sequence, which only 4.0 uses. */
    OwnerSequence sequence() {
        return sequence;
    }

    /** Whether it was dropped from its client: then nothing is added to it any more. */
    boolean isRetired() {
        return retired;
    }

    void retire() {
        retired = true;
    }

    /** Whether it has states, other than one kept for a resent CLOSE. */
    abstract boolean isUsed();

    /** Notes that it was just used. */
    void touch(long now) {
        idleSince = now;
    }

    long idleSince() {
        return idleSince;
    }
}
