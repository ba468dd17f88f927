package org.cairnfs.server.nfs.state;

import com.google.common.base.Ticker;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * The opens, lock states and delegations of all clients, and their rules of coming and going; with it {@link #stateids}, the way to
 * them, and {@link #owners}, whose they are. Knows no operation.
 *
 * <p>Invariants: every open state has one pin, and one entry in the {@link ShareTable} with the union of its modes; ranges of
 * a lock owner in a file are in {@link RangeLocks} only while it has a lock state for it; every delegation that is not revoked has a
 * lease in {@link LeaseTable}; a client that is gone has nothing.
 *
 * <p>Threading: {@link #stateLock} guards all; every method but {@link #discard} and {@link #reapOwners} wants it held.
 */
final class StateTable {
    /** So many lock states of a client are kept after a CLOSE. */
    private static final int MAX_FORMER_LOCKS = 64;

    final ReentrantLock stateLock = new ReentrantLock();
    final Stateids stateids;
    final OwnerTable owners;

    private final RangeLocks locks;
    private final ShareTable shares;
    private final LeaseTable leases;
    private final StateSettings settings;
    private final Ticker ticker;
    private final SecureRandom random = new SecureRandom();
    private int total;
    private int delegations;

    StateTable(
            ClientTable clients,
            RangeLocks locks,
            ShareTable shares,
            LeaseTable leases,
            StateSettings settings,
            Ticker ticker) {
        this.stateids = new Stateids(clients);
        this.owners = new OwnerTable(settings, ticker, this::forgetKept, this::hasFormerLocks);
        this.locks = locks;
        this.shares = shares;
        this.leases = leases;
        this.settings = settings;
        this.ticker = ticker;
    }

    // ---- coming

    /** A new open of a file, without modes yet; the caller has pinned the inode. */
    OpenState addOpen(OpenOwner owner, FileHandle inode) throws NfsException {
        OpenState open = new OpenState(owner.client(), newNumber(owner.client()), inode, owner);
        owner.opens().put(inode, open);
        add(open);
        return open;
    }

    /** A new lock state. */
    LockState addLock(OpenState open, LockingOwner owner) throws NfsException {
        LockState lock = new LockState(newNumber(open.client()), open, owner);
        enter(lock);
        return lock;
    }

    private void enter(LockState lock) {
        lock.open().locks().put(lock.owner(), lock);
        lock.owner().states().add(lock);
        add(lock);
    }

    /**
     * A new delegation; the client has the lease of the inode.
     *
     * @return empty at a limit
     */
    Optional<DelegationState> addDelegation(ClientEntry client, DelegationRequest request) {
        if (delegations >= settings.delegations().total()
                || client.states().delegations().size()
                        >= settings.delegations().perClient()) {
            return Optional.empty();
        }
        DelegationState delegation;
        try {
            delegation =
                    new DelegationState(client, newNumber(client), request.inode(), request.handle(), request.uid());
        } catch (NfsException limit) {
            return Optional.empty();
        }
        client.states().delegations().put(request.inode(), delegation);
        delegations++;
        add(delegation);
        return Optional.of(delegation);
    }

    /** The error of a limit that this client ran into. */
    static NfsException limit(ClientEntry client, String which) {
        return new NfsException(client.minorVersion() == 0 ? NfsStatus.RESOURCE : NfsStatus.DELAY, which);
    }

    private int newNumber(ClientEntry client) throws NfsException {
        if (client.states().byNumber().size() >= settings.maxStatesPerClient() || total >= settings.maxStates()) {
            List.copyOf(client.states().formerLocks().values()).forEach(this::forgetFormer);
        }
        if (client.states().byNumber().size() >= settings.maxStatesPerClient()) {
            throw limit(client, "too many opens and locks of one client");
        }
        if (total >= settings.maxStates()) {
            throw limit(client, "too many opens and locks");
        }
        int number = random.nextInt();
        while (client.states().byNumber().containsKey(number)) {
            number = random.nextInt();
        }
        return number;
    }

    private void add(FileState state) {
        state.client().states().byNumber().put(state.number(), state);
        total++;
    }

    // ---- going

    /** Ends an open and the locks under it. */
    void dropOpen(OpenState open, ReleasedPins pins) {
        List.copyOf(open.locks().values()).forEach(this::dropLock);
        shares.close(open.inode(), open.owner().holder());
        open.owner().opens().remove(open.inode());
        open.owner().touch(ticker.read());
        forget(open);
        pins.add(open.inode());
    }

    /**
     * Ends an open as {@link #dropOpen} does, but keeps its stateid so that a resent CLOSE of 4.0 finds its owner, and those of its locks
     * for {@link #revive}.
     */
    void closeOpen(OpenState open, ReleasedPins pins) {
        List<LockState> locks = List.copyOf(open.locks().values());
        dropOpen(open, pins);
        if (open.client().minorVersion() == 0) {
            forgetLastClosed(open.owner());
            open.owner().setLastClosed(Optional.of(open));
            add(open);
            locks.forEach(this::keepFormer);
        }
    }

    private void keepFormer(LockState lock) {
        Map<Integer, LockState> former = lock.client().states().formerLocks();
        if (former.size() >= MAX_FORMER_LOCKS) {
            forgetFormer(former.values().iterator().next());
        }
        former.put(lock.number(), lock);
        add(lock);
    }

    /**
     * Brings back a lock state of 4.0 that ended with the CLOSE of its open, if its open owner has the file open again. The client
     * should have named the lock owner anew; macOS goes on with the stateid that it had. RFC 7530 section 9.1.4.4 lets a
     * server keep it for the same purpose.
     *
     * @return whether it is a state like any other now
     */
    boolean revive(OwnedState state) {
        ClientStates states = state.client().states();
        if (!(state instanceof LockState former) || !states.formerLocks().containsKey(state.number())) {
            return false;
        }
        OpenOwner opener = states.openOwners().get(former.open().owner().name());
        OpenState open = opener == null ? null : opener.opens().get(former.inode());
        if (open == null || open.locks().containsKey(former.owner())) {
            return false;
        }
        forgetFormer(former);
        LockState lock = new LockState(former.number(), open, former.owner());
        lock.continueFrom(former);
        enter(lock);
        return true;
    }

    private void forgetFormer(LockState lock) {
        lock.client().states().formerLocks().remove(lock.number());
        forget(lock);
    }

    private boolean hasFormerLocks(StateOwner owner) {
        return owner.client().states().formerLocks().values().stream().anyMatch(lock -> lock.owner() == owner);
    }

    /** Forgets what is kept of an owner after a CLOSE. */
    private void forgetKept(StateOwner owner) {
        if (owner instanceof OpenOwner opener) {
            forgetLastClosed(opener);
        } else {
            owner.client().states().formerLocks().values().stream()
                    .filter(lock -> lock.owner() == owner)
                    .toList()
                    .forEach(this::forgetFormer);
        }
    }

    /** Forgets the state that is kept for a resent CLOSE. */
    void forgetLastClosed(OpenOwner owner) {
        owner.lastClosed().ifPresent(this::forget);
        owner.setLastClosed(Optional.empty());
    }

    /** Ends a lock state and frees its ranges. */
    void dropLock(LockState lock) {
        locks.unlockAll(lock.inode(), lock.owner().holder());
        dropEmptyLock(lock);
    }

    /** Ends a lock state that got no range. */
    void dropEmptyLock(LockState lock) {
        lock.open().locks().remove(lock.owner());
        lock.owner().states().remove(lock);
        lock.owner().touch(ticker.read());
        forget(lock);
    }

    /** Ends a delegation: its file may change again. */
    void dropDelegation(DelegationState delegation) {
        endPromise(delegation);
        forget(delegation);
    }

    /** The same, but a 4.1 client hears of it, and its stateid is kept until it has freed it. */
    void revokeDelegation(DelegationState delegation) {
        endPromise(delegation);
        delegation.revoke();
        if (delegation.client().minorVersion() > 0) {
            delegation.client().states().addRevoked(1);
        } else {
            forget(delegation);
        }
    }

    /** FREE_STATEID of a revoked one. */
    void forgetRevoked(DelegationState delegation) {
        delegation.client().states().addRevoked(-1);
        forget(delegation);
    }

    private void endPromise(DelegationState delegation) {
        ClientEntry client = delegation.client();
        if (client.states().delegations().remove(delegation.inode(), delegation)) {
            delegations--;
            client.states().toRecall().remove(delegation);
            leases.release(delegation.inode(), client.id());
        }
    }

    /** Delegations that are held. */
    int delegations() {
        stateLock.lock();
        try {
            return delegations;
        } finally {
            stateLock.unlock();
        }
    }

    /** Drops all that a client has, and lets it have nothing more. */
    void discard(ClientEntry client, ReleasedPins pins) {
        stateLock.lock();
        try {
            ClientStates states = client.states();
            states.setGone();
            for (OpenOwner owner : List.copyOf(states.openOwners().values())) {
                List.copyOf(owner.opens().values()).forEach(open -> dropOpen(open, pins));
                owners.retire(owner);
            }
            List.copyOf(states.lockOwners().values()).forEach(owners::retire);
            List.copyOf(states.delegations().values()).forEach(this::dropDelegation);
            List.copyOf(states.byNumber().values()).forEach(this::forget);
        } finally {
            stateLock.unlock();
        }
    }

    /** Drops the 4.0 owners of a client that have had nothing for this long. */
    void reapOwners(ClientEntry client, Duration idle) {
        stateLock.lock();
        try {
            owners.reap(client, idle);
        } finally {
            stateLock.unlock();
        }
    }

    /** Whether a client holds delegations. */
    boolean hasDelegations(ClientEntry client) {
        stateLock.lock();
        try {
            return !client.states().delegations().isEmpty();
        } finally {
            stateLock.unlock();
        }
    }

    /** Whether a client has anything open, locked or delegated. */
    boolean hasState(ClientEntry client) {
        stateLock.lock();
        try {
            return !client.states().delegations().isEmpty()
                    || client.states().byNumber().values().stream()
                            .anyMatch(state -> state instanceof OwnedState && !state.isClosed());
        } finally {
            stateLock.unlock();
        }
    }

    /** Opens and lock states in all. */
    int total() {
        stateLock.lock();
        try {
            return total;
        } finally {
            stateLock.unlock();
        }
    }

    private void forget(FileState state) {
        state.close();
        if (state.client().states().byNumber().remove(state.number()) != null) {
            total--;
        }
    }

    RangeLocks locks() {
        return locks;
    }

    ShareTable shares() {
        return shares;
    }

    LeaseTable leases() {
        return leases;
    }

    /** Whether the lock state holds any range. */
    boolean holdsRanges(LockState lock) {
        return locks.holds(lock.inode(), lock.owner().holder());
    }

    /** What a client holds, for people. Wants no lock. */
    ClientSummary summary(ClientEntry client) {
        stateLock.lock();
        try {
            int opens = 0;
            int locks = 0;
            for (FileState state : client.states().byNumber().values()) {
                opens += state instanceof OpenState && !state.isClosed() ? 1 : 0;
                locks += state instanceof LockState && !state.isClosed() ? 1 : 0;
            }
            long left = TimeUnit.NANOSECONDS.toMillis(client.lease().leftNanos());
            return new ClientSummary(
                    client.minorVersion(),
                    client.owner(),
                    left,
                    opens,
                    locks,
                    client.states().delegations().size());
        } finally {
            stateLock.unlock();
        }
    }
}
