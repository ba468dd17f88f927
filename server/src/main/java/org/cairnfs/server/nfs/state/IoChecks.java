package org.cairnfs.server.nfs.state;

import java.util.Optional;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.lock.LockOwner;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/** What a stateid allows: the checks of READ, WRITE and SETATTR, TEST_STATEID and FREE_STATEID. */
final class IoChecks {
    private final StateTable table;
    private final GracePeriod grace;
    private final LapsedClients lapsed;

    IoChecks(StateTable table, GracePeriod grace, LapsedClients lapsed) {
        this.table = table;
        this.grace = grace;
        this.lapsed = lapsed;
    }

    IoGrant check(Optional<Client> session, Stateid stateid, FileHandle inode, IoKind kind, int uid)
            throws NfsException {
        if (stateid.isAnonymousIo()) {
            checkAnonymous(stateid, inode, kind);
            return new IoGrant(false);
        }
        table.stateLock.lock();
        try {
            FileState state = table.stateids.require(session, stateid, inode);
            if (kind != IoKind.ADVICE && (state.access() & needed(kind)) == 0) {
                throw new NfsException(NfsStatus.OPENMODE);
            }
            return new IoGrant(state.wasOpenedBy(uid));
        } finally {
            table.stateLock.unlock();
        }
    }

    /** RFC 7530 section 9.1.4.3: without an open, I/O must not pass a deny mode, nor one that may be reclaimed yet. */
    private void checkAnonymous(Stateid stateid, FileHandle inode, IoKind kind) throws NfsException {
        if (kind == IoKind.READ && stateid.equals(Stateid.READ_BYPASS)) {
            return;
        }
        if (grace.isActive()) {
            throw new NfsException(NfsStatus.GRACE);
        }
        if (kind == IoKind.ADVICE) {
            return;
        }
        while (true) {
            Optional<LockOwner> denier = table.shares().deniedBy(inode, needed(kind));
            if (denier.isEmpty()) {
                return;
            }
            if (!lapsed.expire(denier.get().client())) {
                throw new NfsException(NfsStatus.LOCKED);
            }
        }
    }

    NfsStatus test(Client session, Stateid stateid) {
        Optional<Client> client = Optional.of(session);
        table.stateLock.lock();
        try {
            FileState state = table.stateids.find(client, stateid);
            Stateids.checkSeqid(client, stateid, state);
            Stateids.checkNotRevoked(state);
            return NfsStatus.OK;
        } catch (NfsException e) {
            return e.status();
        } finally {
            table.stateLock.unlock();
        }
    }

    void free(Client session, Stateid stateid) throws NfsException {
        Optional<Client> client = Optional.of(session);
        table.stateLock.lock();
        try {
            FileState state = table.stateids.find(client, stateid);
            Stateids.checkSeqid(client, stateid, state);
            if (state instanceof DelegationState delegation && delegation.isRevoked()) {
                table.forgetRevoked(delegation);
                return;
            }
            if (!(state instanceof LockState lock) || table.holdsRanges(lock)) {
                throw new NfsException(NfsStatus.LOCKS_HELD);
            }
            table.dropEmptyLock(lock);
            table.owners.retireIfIdle(lock.owner());
        } finally {
            table.stateLock.unlock();
        }
    }

    private static int needed(IoKind kind) {
        return kind == IoKind.READ ? ShareTable.READ : ShareTable.WRITE;
    }
}
