package org.cairnfs.server.nfs.state;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cairnfs.core.fs.Bytes;

/** What one client has open and locked. Guarded by the state lock. */
final class ClientStates {
    private final Map<Integer, FileState> byNumber = new HashMap<>();
    private final Map<Bytes, OpenOwner> openOwners = new LinkedHashMap<>();
    private final Map<Bytes, LockingOwner> lockOwners = new LinkedHashMap<>();
    private boolean gone;

    /** By the number in the stateid; with those that are kept for a resent CLOSE. */
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

    /** Whether the client was discarded: then nothing is added any more. */
    boolean isGone() {
        return gone;
    }

    void setGone() {
        gone = true;
    }
}
