package org.cairnfs.server.nfs.v3.nlm;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.lock.LockClient;
import org.cairnfs.core.lock.LockOwner;
import org.cairnfs.server.nfs.v3.nsm.HostRecord;

/** A host that has asked for locks. Its mutable fields are guarded by the lock of {@link NlmLocks}. */
final class NlmHost {
    static final String ADAPTER = "nlm";

    /**
     * What a host is known by: its address, and the name that it has for itself, as several hosts may share an address.
     *
     * @param name as it came
     */
    record Key(InetAddress address, Bytes name) {
        @Override
        public String toString() {
            return NlmLock.printable(name) + " at " + InetAddresses.toAddrString(address);
        }
    }

    /** A share reservation that the host has. */
    record Share(FileHandle inode, LockOwner owner) {}

    private final Key key;
    private final InetAddress local;
    private final LockClient client;
    private final Set<Share> shares = new HashSet<>();
    private int waiting;
    private int rebootState;
    private int lockState;

    /** @param local the address of this server that the host knows */
    NlmHost(Key key, InetAddress local, long id) {
        this.key = key;
        this.local = local;
        this.client = new LockClient(ADAPTER, id);
    }

    Key key() {
        return key;
    }

    LockClient client() {
        return client;
    }

    HostRecord record() {
        return new HostRecord(key.address(), local, key.name());
    }

    Set<Share> shares() {
        return shares;
    }

    /** How many locks it waits for, or is to hear of. */
    int waiting() {
        return waiting;
    }

    /** Counts one more that it waits for, or with -1 one less. */
    void countWaiting(int by) {
        waiting += by;
    }

    /** Notes the state of the host's monitor under which it takes a lock. */
    void locksUnder(int state) {
        lockState = state;
    }

    /** Whether a notice of a reboot is news: not one that came twice, nor of a boot under which locks were taken since. */
    boolean isReboot(int state) {
        boolean news = state != rebootState && (state != lockState || state == 0);
        rebootState = state;
        return news;
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
