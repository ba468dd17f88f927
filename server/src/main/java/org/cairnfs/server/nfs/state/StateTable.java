package org.cairnfs.server.nfs.state;

import com.google.common.base.Ticker;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * The owners, opens and lock states of all clients, and their rules of coming and going. Knows no operation.
 *
 * <p>Invariants: every open state has one pin, and one entry in the {@link ShareTable} with the union of its modes; ranges of
 * a lock owner in a file are in {@link RangeLocks} only while it has a lock state for it; a client that is gone has nothing.
 *
 * <p>Threading: {@link #stateLock} guards all; every method but {@link #discard} and {@link #reapOwners} wants it held.
 */
final class StateTable {
    final ReentrantLock stateLock = new ReentrantLock();

    private final ClientTable clients;
    private final RangeLocks locks;
    private final ShareTable shares;
    private final StateSettings settings;
    private final Ticker ticker;
    private final SecureRandom random = new SecureRandom();
    private int total;
    private int owners;

    StateTable(ClientTable clients, RangeLocks locks, ShareTable shares, StateSettings settings, Ticker ticker) {
        this.clients = clients;
        this.locks = locks;
        this.shares = shares;
        this.settings = settings;
        this.ticker = ticker;
    }

    // ---- finding

    /** The state of a stateid, whatever its seqid; also one that is closed. Renews the lease of a 4.0 client. */
    FileState find(Optional<Client> session, Stateid stateid) throws NfsException {
        if (stateid.isSpecial()) {
            throw new NfsException(NfsStatus.BAD_STATEID);
        }
        ClientEntry client = session.isPresent() ? ofSession(session.get(), stateid) : client40(stateid);
        FileState state = client.states().byNumber().get(stateid.number());
        if (state == null) {
            throw new NfsException(NfsStatus.BAD_STATEID);
        }
        return state;
    }

    /** The state of a stateid that may be used now for this file: open, confirmed, with the right seqid. */
    FileState require(Optional<Client> session, Stateid stateid, FileHandle inode) throws NfsException {
        FileState state = find(session, stateid);
        if (state.isClosed()
                || !state.inode().equals(inode)
                || !state.open().owner().isConfirmed()) {
            throw new NfsException(NfsStatus.BAD_STATEID);
        }
        checkSeqid(session, stateid, state);
        return state;
    }

    /** The same, of an open. */
    OpenState requireOpen(Optional<Client> session, Stateid stateid, FileHandle inode) throws NfsException {
        if (require(session, stateid, inode) instanceof OpenState open) {
            return open;
        }
        throw new NfsException(NfsStatus.BAD_STATEID);
    }

    /** The same, of a lock state. */
    LockState requireLock(Optional<Client> session, Stateid stateid, FileHandle inode) throws NfsException {
        if (require(session, stateid, inode) instanceof LockState lock) {
            return lock;
        }
        throw new NfsException(NfsStatus.BAD_STATEID);
    }

    /** Compares seqids (RFC 7530 section 9.1.4.2, RFC 8881 section 8.2.2): in 4.1, 0 is always the newest. */
    static void checkSeqid(Optional<Client> session, Stateid stateid, FileState state) throws NfsException {
        if (stateid.seqid() == state.seqid() || (session.isPresent() && stateid.seqid() == 0)) {
            return;
        }
        boolean newer = stateid.seqid() - state.seqid() > 0;
        throw new NfsException(newer ? NfsStatus.BAD_STATEID : NfsStatus.OLD_STATEID);
    }

    private static ClientEntry ofSession(Client session, Stateid stateid) throws NfsException {
        ClientEntry client = (ClientEntry) session;
        if (stateid.boot() != (int) (client.id() >>> Integer.SIZE) || stateid.client() != (int) client.id()) {
            throw new NfsException(NfsStatus.BAD_STATEID);
        }
        return client;
    }

    private ClientEntry client40(Stateid stateid) throws NfsException {
        long id = ((long) stateid.boot() << Integer.SIZE) | Integer.toUnsignedLong(stateid.client());
        if (!clients.isOfThisBoot(id)) {
            throw new NfsException(NfsStatus.STALE_STATEID);
        }
        Optional<ClientEntry> client = clients.confirmed(id);
        if (client.isEmpty() && !clients.wasGiven(id)) {
            throw new NfsException(NfsStatus.BAD_STATEID);
        }
        if (client.isEmpty() || !client.get().lease().renew()) {
            throw new NfsException(NfsStatus.EXPIRED);
        }
        if (client.get().minorVersion() != 0) {
            throw new NfsException(NfsStatus.BAD_STATEID);
        }
        return client.get();
    }

    // ---- coming

    /** Refuses a client that was discarded meanwhile. */
    static void checkNotGone(ClientEntry client) throws NfsException {
        if (client.states().isGone()) {
            throw new NfsException(client.minorVersion() == 0 ? NfsStatus.EXPIRED : NfsStatus.DEADSESSION);
        }
    }

    /** The open owner of a name; a new one if there is none. */
    OpenOwner openOwner(ClientEntry client, Bytes name) throws NfsException {
        checkNotGone(client);
        OpenOwner owner = client.states().openOwners().get(name);
        if (owner == null) {
            makeRoom(client, client.states().openOwners().values());
            owner = new OpenOwner(client, name, ticker.read());
            client.states().openOwners().put(name, owner);
            owners++;
        }
        owner.touch(ticker.read());
        return owner;
    }

    /** The lock owner of a name; a new one if there is none. */
    LockingOwner lockOwner(ClientEntry client, Bytes name) throws NfsException {
        checkNotGone(client);
        LockingOwner owner = client.states().lockOwners().get(name);
        if (owner == null) {
            makeRoom(client, client.states().lockOwners().values());
            owner = new LockingOwner(client, name, ticker.read());
            client.states().lockOwners().put(name, owner);
            owners++;
        }
        owner.touch(ticker.read());
        return owner;
    }

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
        open.locks().put(owner, lock);
        owner.states().add(lock);
        add(lock);
        return lock;
    }

    /** The error of a limit that this client ran into. */
    static NfsException limit(ClientEntry client, String which) {
        return new NfsException(client.minorVersion() == 0 ? NfsStatus.RESOURCE : NfsStatus.DELAY, which);
    }

    private int newNumber(ClientEntry client) throws NfsException {
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

    /** Sees to it that one more owner is within the limit; the oldest that has nothing goes. */
    private void makeRoom(ClientEntry client, Collection<? extends StateOwner> known) throws NfsException {
        if (known.size() < settings.maxOwnersPerClient() && owners < settings.maxStates()) {
            return;
        }
        Optional<? extends StateOwner> idle =
                known.stream().filter(StateTable::isIdle).findFirst();
        if (idle.isEmpty()) {
            throw limit(client, "too many owners");
        }
        retire(idle.get());
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

    /** Ends an open as {@link #dropOpen} does, but keeps its stateid so that a resent CLOSE of 4.0 finds its owner. */
    void closeOpen(OpenState open, ReleasedPins pins) {
        dropOpen(open, pins);
        if (open.client().minorVersion() == 0) {
            forgetLastClosed(open.owner());
            open.owner().setLastClosed(Optional.of(open));
            add(open);
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

    /** Drops an owner that is not used; a 4.1 one as soon as it is not. */
    void retireIfIdle(StateOwner owner) {
        if (owner.client().minorVersion() > 0 && isIdle(owner)) {
            retire(owner);
        }
    }

    /** Drops an owner that is not used. */
    void retire(StateOwner owner) {
        if (owner.isRetired()) {
            return;
        }
        owner.retire();
        owners--;
        ClientStates states = owner.client().states();
        if (owner instanceof OpenOwner openOwner) {
            forgetLastClosed(openOwner);
            states.openOwners().remove(owner.name());
        } else {
            states.lockOwners().remove(owner.name());
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
                retire(owner);
            }
            List.copyOf(states.lockOwners().values()).forEach(this::retire);
        } finally {
            stateLock.unlock();
        }
    }

    /** Drops the 4.0 owners of a client that have had nothing for this long. */
    void reapOwners(ClientEntry client, Duration idle) {
        stateLock.lock();
        try {
            long since = ticker.read() - idle.toNanos();
            List<StateOwner> owners =
                    new ArrayList<>(client.states().openOwners().values());
            owners.addAll(client.states().lockOwners().values());
            owners.stream()
                    .filter(owner -> isIdle(owner) && owner.idleSince() - since < 0)
                    .forEach(this::retire);
        } finally {
            stateLock.unlock();
        }
    }

    /** Whether a client has anything open or locked. */
    boolean hasState(ClientEntry client) {
        stateLock.lock();
        try {
            return client.states().byNumber().values().stream().anyMatch(state -> !state.isClosed());
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

    private static boolean isIdle(StateOwner owner) {
        return !owner.isUsed() && !owner.sequence().isTaken();
    }

    RangeLocks locks() {
        return locks;
    }

    ShareTable shares() {
        return shares;
    }

    /** Whether the lock state holds any range. */
    boolean holdsRanges(LockState lock) {
        return locks.holds(lock.inode(), lock.owner().holder());
    }

    /** The range of a request. */
    static LockRange range(LockRequest request) throws NfsException {
        return LockRange.of(request.offset(), request.length())
                .orElseThrow(() -> new NfsException(NfsStatus.INVAL, "an impossible range"));
    }

    /** What a client holds, for people. Wants no lock. */
    ClientSummary summary(ClientEntry client) {
        stateLock.lock();
        try {
            int opens = 0;
            int locks = 0;
            for (FileState state : client.states().byNumber().values()) {
                opens += state instanceof OpenState ? 1 : 0;
                locks += state instanceof LockState ? 1 : 0;
            }
            long left = TimeUnit.NANOSECONDS.toMillis(client.lease().leftNanos());
            return new ClientSummary(client.minorVersion(), client.owner(), left, opens, locks);
        } finally {
            stateLock.unlock();
        }
    }
}
