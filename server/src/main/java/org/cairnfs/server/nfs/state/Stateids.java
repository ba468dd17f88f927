package org.cairnfs.server.nfs.state;

import java.util.Optional;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * From the stateids that clients send to the states that they stand for, with the error of each that stands for none.
 *
 * <p>Threading: every method wants the state lock held ({@link StateTable#stateLock}).
 */
final class Stateids {
    private final ClientTable clients;

    Stateids(ClientTable clients) {
        this.clients = clients;
    }

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
        if (state.isClosed() || !state.inode().equals(inode) || !state.isConfirmed()) {
            throw new NfsException(NfsStatus.BAD_STATEID);
        }
        checkSeqid(session, stateid, state);
        checkNotRevoked(state);
        return state;
    }

    /** Refuses a revoked delegation, whose stateid is kept only in 4.1. */
    static void checkNotRevoked(FileState state) throws NfsException {
        if (state instanceof DelegationState delegation && delegation.isRevoked()) {
            throw new NfsException(NfsStatus.DELEG_REVOKED);
        }
    }

    /** The state of an owner, whatever its seqid; also one that is closed. */
    OwnedState findOwned(Stateid stateid) throws NfsException {
        if (find(Optional.empty(), stateid) instanceof OwnedState owned) {
            return owned;
        }
        throw new NfsException(NfsStatus.BAD_STATEID, "a delegation");
    }

    /** The same as {@link #require}, of a delegation. */
    DelegationState requireDelegation(Optional<Client> session, Stateid stateid, FileHandle inode) throws NfsException {
        if (require(session, stateid, inode) instanceof DelegationState delegation) {
            return delegation;
        }
        throw new NfsException(NfsStatus.BAD_STATEID);
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
        long id = stateid.clientId();
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
}
