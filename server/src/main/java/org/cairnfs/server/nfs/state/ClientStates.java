package org.cairnfs.server.nfs.state;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;

/** What one client has open, locked and delegated. Guarded by the state lock. */
final class ClientStates {
    private final Map<Integer, FileState> byNumber = new HashMap<>();
    private final Map<Bytes, OpenOwner> openOwners = new LinkedHashMap<>();
    private final Map<Bytes, LockingOwner> lockOwners = new LinkedHashMap<>();
    private final Map<Integer, LockState> formerLocks = new LinkedHashMap<>();
    private final Map<FileHandle, DelegationState> delegations = new HashMap<>();
    private final Queue<DelegationState> toRecall = new ArrayDeque<>();
    private int revoked;
    private volatile boolean hasRevoked;
    private boolean gone;

    /** By the number in the stateid; with those that are kept after a CLOSE. */
    Map<Integer, FileState> byNumber() {
        return byNumber;
    }

    /** In the order in which they came. */
    Map<Bytes, OpenOwner> openOwners() {
        return openOwners;
    }

    /** In the order in which they came. */
    Map<Bytes, LockingOwner> lockOwners() {
        return lockOwners;
    }

    /** Lock states that went with the CLOSE of their open, by number, in that order: see {@link StateTable#revive}. */
    Map<Integer, LockState> formerLocks() {
        return formerLocks;
    }

    /** The delegations that it holds, by file; without revoked ones. */
    Map<FileHandle, DelegationState> delegations() {
        return delegations;
    }

    /** Those whose recall is to be sent, in the order in which they came. */
    Queue<DelegationState> toRecall() {
        return toRecall;
    }

    /** Whether it has revoked delegations that it has not freed; to be asked without the lock, too. */
    boolean hasRevoked() {
        return hasRevoked;
    }

    /** Counts revoked delegations. */
    void addRevoked(int count) {
        revoked += count;
        hasRevoked = revoked > 0;
    }

    /** Whether the client was discarded: then nothing is added any more. */
    boolean isGone() {
        return gone;
    }

    void setGone() {
        gone = true;
    }
}
