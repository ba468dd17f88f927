package org.cairnfs.server.nfs.v3.nlm;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.LockOwner;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.core.lock.RangeLocks.Registration;

/**
 * A lock that a host waits for. Guarded by the lock of {@link NlmLocks}.
 *
 * <p>States: waiting (with a registration), granted (the host is being told), and gone (not in the table any more).
 */
final class BlockedLock {
    /** What tells blocked locks apart. */
    record Key(FileHandle inode, LockOwner owner, LockRange range, LockMode mode) {}

    private final Key key;
    private final NlmHost host;
    private final NlmLock lock;
    private Registration registration;
    private boolean granted;
    private int attempts;

    /** @param lock as the host named it, which is how it wants to be told */
    BlockedLock(Key key, NlmHost host, NlmLock lock) {
        this.key = key;
        this.host = host;
        this.lock = lock;
    }

    Key key() {
        return key;
    }

    NlmHost host() {
        return host;
    }

    NlmLock lock() {
        return lock;
    }

    void waitsBy(Registration current) {
        registration = current;
    }

    /** Stops waiting. */
    void stopWaiting() {
        if (registration != null) {
            registration.close();
            registration = null;
        }
    }

    void grant() {
        stopWaiting();
        granted = true;
    }

    boolean isGranted() {
        return granted;
    }

    /** Counts an attempt to tell the host; how many there were with it. */
    int countAttempt() {
        return ++attempts;
    }
}
