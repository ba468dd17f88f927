package org.cairnfs.server.nfs.state;

import java.util.HashSet;
import java.util.Set;
import org.cairnfs.core.fs.Bytes;

/** A lock owner of NFSv4: for a Linux client, a process. Guarded by the state lock. */
final class LockingOwner extends StateOwner {
    private final Set<LockState> states = new HashSet<>();

    LockingOwner(ClientEntry client, Bytes name, long now) {
        super(client, name, now);
    }

    /** Its lock states, one per open that it locks under. */
    Set<LockState> states() {
        return states;
    }

    @Override
    boolean isUsed() {
        return !states.isEmpty();
    }
}
