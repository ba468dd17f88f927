package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.lock.LockMode;

/** What LOCK answers. */
public sealed interface LockResult {
    /** OK. */
    record Granted(Stateid stateid) implements LockResult {}

    /**
     * DENIED: the lock in the way.
     *
     * @param offset its first byte
     * @param length its length, all ones to the end of the file
     * @param mode its mode
     * @param clientId its client; 0 for a lock that came by another protocol
     * @param owner its owner
     */
    record Denied(long offset, long length, LockMode mode, long clientId, Bytes owner) implements LockResult {}
}
