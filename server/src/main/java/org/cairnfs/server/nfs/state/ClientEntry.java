package org.cairnfs.server.nfs.state;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.lock.LockClient;

/**
 * A client record, confirmed or not: {@code {verifier, name, clientid, callback, confirm}} of RFC 7530 and
 * {@code {ownerid, verifier, principal, clientid, confirmed}} of RFC 8881.
 *
 * <p>Threading: confirm and creation are guarded by the registration lock, as are changes of callback and sessions; {@link #states()}
 * by the state lock; the reclaim flags are written under both and read under either.
 */
final class ClientEntry implements Client {
    /** The adapter name of all NFSv4 locks in {@code core.lock}. */
    static final String ADAPTER = "nfs4";

    /** To one 4.0 client, which has no slots. */
    private static final int CALLBACKS_AT_A_TIME = 16;

    private final long id;
    private final ClientName name;
    private final long verifier;
    private final Principal principal;
    private final Lease lease;
    private final LockClient holder;
    private final long originKey;
    private final ClientStates states = new ClientStates();
    private final SessionCreation creation = new SessionCreation();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private long confirm;
    private final AtomicInteger callbackRoom = new AtomicInteger(CALLBACKS_AT_A_TIME);
    private volatile CallbackPath callbackPath = CallbackPath.to(null);
    private boolean mayReclaim;
    private boolean reclaimComplete;
    private volatile DelegationRecord delegationRecord = DelegationRecord.NONE;

    ClientEntry(long id, ClientName name, long verifier, Principal principal, Ticker ticker, Duration leaseTime) {
        this.id = id;
        this.name = name;
        this.verifier = verifier;
        this.principal = principal;
        this.lease = new Lease(ticker, leaseTime);
        this.holder = new LockClient(ADAPTER, id);
        this.originKey = name.key();
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public int minorVersion() {
        return name.minorVersion();
    }

    @Override
    public Bytes owner() {
        return name.owner();
    }

    @Override
    public long originKey() {
        return originKey;
    }

    ClientName name() {
        return name;
    }

    long verifier() {
        return verifier;
    }

    Principal principal() {
        return principal;
    }

    Lease lease() {
        return lease;
    }

    /** Its name in {@code core.lock}. */
    LockClient holder() {
        return holder;
    }

    ClientStates states() {
        return states;
    }

    /** The slot of CREATE_SESSION. */
    SessionCreation creation() {
        return creation;
    }

    Set<Session> sessions() {
        return sessions;
    }

    /** The verifier that SETCLIENTID_CONFIRM has to bring. */
    long confirm() {
        return confirm;
    }

    Callback40 callback() {
        return callbackPath.service();
    }

    /** The way to the callbacks of a 4.0 client; to be asked without the lock, too. */
    CallbackPath callbackPath() {
        return callbackPath;
    }

    /** Notes how a way was found, unless the client has named another since. */
    synchronized void foundCallbackPath(CallbackPath path, boolean up) {
        if (path.service().equals(callbackPath.service())) {
            callbackPath = path.found(up);
        }
    }

    /** How many more callbacks a 4.0 client may get now. */
    AtomicInteger callbackRoom() {
        return callbackRoom;
    }

    /** Whether the client can be called, as far as is known. Wants no lock. */
    boolean canBeCalled() {
        return minorVersion() == 0
                ? callbackPath.standing() == CallbackPath.Standing.UP
                : sessions.stream().anyMatch(session -> session.back().isUp());
    }

    synchronized void setCallback(Callback40 other, long otherConfirm) {
        callbackPath = CallbackPath.to(other);
        confirm = otherConfirm;
    }

    boolean mayReclaim() {
        return mayReclaim;
    }

    void setMayReclaim(boolean may) {
        mayReclaim = may;
    }

    /** Whether it may open and lock anew: a 4.0 client always, one of 4.1 after RECLAIM_COMPLETE. */
    boolean isReclaimComplete() {
        return reclaimComplete || minorVersion() == 0;
    }

    void completeReclaim() {
        reclaimComplete = true;
    }

    /** Whether a delegation of it was revoked, now or before the restart, which it may not have noticed. */
    boolean hasLostDelegations() {
        return delegationRecord == DelegationRecord.LOST;
    }

    /** What stable storage knows of its delegations. */
    DelegationRecord delegationRecord() {
        return delegationRecord;
    }

    /** Wants the registration lock. */
    void setDelegationRecord(DelegationRecord other) {
        delegationRecord = other;
    }

    @Override
    public String toString() {
        return name + " (" + Long.toHexString(id) + ")";
    }
}
