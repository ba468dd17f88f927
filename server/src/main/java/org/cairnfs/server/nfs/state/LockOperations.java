package org.cairnfs.server.nfs.state;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.lock.LockConflict;
import org.cairnfs.core.lock.LockLimitException;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.LockOwner;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/** LOCK, LOCKT, LOCKU and RELEASE_LOCKOWNER, as far as they are state. The state lock guards each step. */
final class LockOperations {
    private final StateTable table;
    private final OpenOperations opens;
    private final GracePeriod grace;
    private final LapsedClients lapsed;

    LockOperations(StateTable table, OpenOperations opens, GracePeriod grace, LapsedClients lapsed) {
        this.table = table;
        this.opens = opens;
        this.grace = grace;
        this.lapsed = lapsed;
    }

    LockResult lock(Optional<Client> session, Stateid stateid, Bytes lockOwner, LockRequest request)
            throws NfsException {
        return untilNobodyLapsed(request, () -> {
            OpenState open = table.stateids.requireOpen(session, stateid, request.inode());
            LockingOwner owner = table.owners.lockOwner(open.client(), lockOwner);
            LockState known = open.locks().get(owner);
            return known == null ? first(open, owner, request) : further(known, request);
        });
    }

    LockResult lock(Optional<Client> session, Stateid stateid, LockRequest request) throws NfsException {
        return untilNobodyLapsed(
                request, () -> further(table.stateids.requireLock(session, stateid, request.inode()), request));
    }

    Optional<LockResult.Denied> test(ClientEntry client, Bytes lockOwner, LockRequest request) throws NfsException {
        LockRange range = request.range();
        if (grace.isActive()) {
            throw new NfsException(NfsStatus.GRACE);
        }
        LockOwner owner = new LockOwner(client.holder(), lockOwner);
        while (true) {
            Optional<LockConflict> conflict = table.locks().test(request.inode(), owner, range, request.mode());
            if (conflict.isEmpty() || !lapsed.expire(conflict.get().owner().client())) {
                return conflict.map(LockOperations::denied);
            }
        }
    }

    Stateid unlock(Optional<Client> session, Stateid stateid, LockRequest request) throws NfsException {
        LockRange range = request.range();
        table.stateLock.lock();
        try {
            LockState lock = table.stateids.requireLock(session, stateid, request.inode());
            table.locks().unlock(lock.inode(), lock.owner().holder(), range);
            return lock.changed();
        } catch (LockLimitException e) {
            throw new NfsException(session.isEmpty() ? NfsStatus.RESOURCE : NfsStatus.DELAY, e.getMessage());
        } finally {
            table.stateLock.unlock();
        }
    }

    void releaseOwner(ClientEntry client, Bytes lockOwner) throws NfsException {
        table.stateLock.lock();
        try {
            LockingOwner owner = client.states().lockOwners().get(lockOwner);
            if (owner == null) {
                return;
            }
            if (owner.states().stream().anyMatch(table::holdsRanges)) {
                throw new NfsException(NfsStatus.LOCKS_HELD);
            }
            List.copyOf(owner.states()).forEach(table::dropLock);
            table.owners.retire(owner);
        } finally {
            table.stateLock.unlock();
        }
    }

    /** The first lock of an owner under an open: its state stays only if the lock is granted. */
    private Attempt first(OpenState open, LockingOwner owner, LockRequest request) throws NfsException {
        LockState lock = null;
        boolean granted = false;
        try {
            lock = table.addLock(open, owner);
            Optional<LockConflict> conflict = take(lock, request);
            granted = conflict.isEmpty();
            return new Attempt(lock.stateid(), conflict);
        } finally {
            if (!granted) {
                if (lock != null) {
                    table.dropEmptyLock(lock);
                }
                table.owners.retireIfIdle(owner);
            }
        }
    }

    private Attempt further(LockState lock, LockRequest request) throws NfsException {
        Optional<LockConflict> conflict = take(lock, request);
        return new Attempt(conflict.isEmpty() ? lock.changed() : lock.stateid(), conflict);
    }

    private Optional<LockConflict> take(LockState lock, LockRequest request) throws NfsException {
        LockRange range = request.range();
        int needed = request.mode() == LockMode.WRITE ? OpenRequest.WRITE : OpenRequest.READ;
        if ((lock.open().modes().access() & needed) == 0) {
            throw new NfsException(NfsStatus.OPENMODE);
        }
        opens.admit(lock.client(), request.reclaim());
        try {
            return table.locks().tryLock(lock.inode(), lock.owner().holder(), range, request.mode());
        } catch (LockLimitException e) {
            throw StateTable.limit(lock.client(), e.getMessage());
        }
    }

    /** Tries under the state lock; where the one in the way is a client whose lease ran out, it goes, and once more. */
    private LockResult untilNobodyLapsed(LockRequest request, Try step) throws NfsException {
        while (true) {
            Attempt attempt;
            table.stateLock.lock();
            try {
                attempt = step.run();
            } finally {
                table.stateLock.unlock();
            }
            if (attempt.conflict.isEmpty()) {
                return new LockResult.Granted(attempt.stateid);
            }
            LockConflict conflict = attempt.conflict.get();
            if (!lapsed.expire(conflict.owner().client())) {
                if (request.reclaim()) {
                    throw new NfsException(NfsStatus.RECLAIM_CONFLICT);
                }
                return denied(conflict);
            }
        }
    }

    private interface Try {
        Attempt run() throws NfsException;
    }

    /** One try: the stateid, and who is in the way if it was not granted. */
    private record Attempt(Stateid stateid, Optional<LockConflict> conflict) {}

    private static LockResult.Denied denied(LockConflict conflict) {
        boolean isOurs = conflict.owner().client().adapter().equals(ClientEntry.ADAPTER);
        return new LockResult.Denied(
                conflict.range().first(),
                conflict.range().length(),
                conflict.mode(),
                isOurs ? conflict.owner().client().id() : 0,
                conflict.owner().owner());
    }
}
