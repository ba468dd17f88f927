package org.cairnfs.server.nfs.state;

import java.util.Optional;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.lock.LockLimitException;
import org.cairnfs.core.lock.LockOwner;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/** OPEN, OPEN_CONFIRM, OPEN_DOWNGRADE and CLOSE, as far as they are state. The state lock guards each step. */
final class OpenOperations {
    private final StateTable table;
    private final GracePeriod grace;
    private final InodePins pins;
    private final LapsedClients lapsed;

    OpenOperations(StateTable table, GracePeriod grace, InodePins pins, LapsedClients lapsed) {
        this.table = table;
        this.grace = grace;
        this.pins = pins;
        this.lapsed = lapsed;
    }

    /** Whether a client may open or lock now, or reclaim; with or without the state lock. */
    void admit(ClientEntry client, boolean reclaim) throws NfsException {
        table.stateLock.lock();
        try {
            OwnerTable.checkNotGone(client);
            boolean over = !grace.isActive() || (client.minorVersion() > 0 && client.isReclaimComplete());
            if (reclaim && over) {
                throw new NfsException(NfsStatus.NO_GRACE);
            }
            if (reclaim && !client.mayReclaim()) {
                throw new NfsException(NfsStatus.RECLAIM_BAD);
            }
            if (reclaim) {
                grace.reclaiming();
            }
            if (!reclaim && (grace.isActive() || !client.isReclaimComplete())) {
                throw new NfsException(NfsStatus.GRACE);
            }
        } finally {
            table.stateLock.unlock();
        }
    }

    OpenGrant open(ClientEntry client, OpenRequest request) throws NfsException, FsException {
        if (!ShareModes.isValid(request.access(), request.deny())) {
            throw new NfsException(NfsStatus.INVAL, "impossible access or deny bits");
        }
        admit(client, request.reclaim());
        pins.pin(request.inode());
        boolean pinNeeded = false;
        try {
            while (true) {
                Attempt attempt = request.disturbs() ? breakAndTry(client, request) : tryOpen(client, request);
                if (attempt.grant().isPresent()) {
                    pinNeeded = attempt.isNewState();
                    return attempt.grant().get();
                }
                if (!lapsed.expire(attempt.conflict().orElseThrow().client())) {
                    throw new NfsException(request.reclaim() ? NfsStatus.RECLAIM_CONFLICT : NfsStatus.SHARE_DENIED);
                }
            }
        } finally {
            if (!pinNeeded) {
                pins.unpin(request.inode());
            }
        }
    }

    /** One try: a grant, or who is in the way. */
    private record Attempt(Optional<OpenGrant> grant, boolean isNewState, Optional<LockOwner> conflict) {}

    /** One try of an open that delegations are in the way of; but who is refused has nobody's called back. */
    private Attempt breakAndTry(ClientEntry client, OpenRequest request) throws NfsException {
        FileHandle inode = request.inode();
        Optional<LockOwner> conflict = table.shares()
                .conflict(inode, new LockOwner(client.holder(), request.owner()), request.access(), request.deny());
        if (conflict.isPresent()) {
            return new Attempt(Optional.empty(), false, conflict);
        }
        if (table.leases().breakLeases(inode, client.id()) == Leases.Outcome.DELAY) {
            throw new NfsException(NfsStatus.DELAY, "a delegation is called back");
        }
        try {
            return tryOpen(client, request);
        } finally {
            table.leases().changed(inode);
        }
    }

    private Attempt tryOpen(ClientEntry client, OpenRequest request) throws NfsException {
        table.stateLock.lock();
        try {
            admit(client, request.reclaim());
            OpenOwner owner = table.owners.openOwner(client, request.owner());
            OpenState open = owner.opens().get(request.inode());
            boolean isNew = open == null;
            if (!isNew && !request.reclaim() && open.modes().conflictsWith(request.access(), request.deny())) {
                throw new NfsException(NfsStatus.SHARE_DENIED, "the owner has denied it to itself");
            }
            if (isNew) {
                open = table.addOpen(owner, request.inode());
            }
            Optional<LockOwner> conflict = share(owner, open, request, isNew);
            if (conflict.isPresent()) {
                return new Attempt(Optional.empty(), false, conflict);
            }
            if (request.reclaim()) {
                owner.confirm();
            }
            boolean newModes = !open.modes().has(request.access(), request.deny());
            open.setModes(open.modes().with(request.access(), request.deny()));
            open.addOpener(request.uid());
            Stateid stateid = isNew ? open.stateid() : open.changed();
            return new Attempt(
                    Optional.of(new OpenGrant(stateid, !owner.isConfirmed(), newModes)), isNew, Optional.empty());
        } finally {
            table.stateLock.unlock();
        }
    }

    /** Reserves the share; a new state goes again if that fails. Its pin stays the caller's then. */
    private Optional<LockOwner> share(OpenOwner owner, OpenState open, OpenRequest request, boolean isNew)
            throws NfsException {
        boolean granted = false;
        try {
            Optional<LockOwner> conflict =
                    table.shares().open(request.inode(), owner.holder(), request.access(), request.deny());
            granted = conflict.isEmpty();
            return conflict;
        } catch (LockLimitException e) {
            throw StateTable.limit(owner.client(), e.getMessage());
        } finally {
            if (!granted && isNew) {
                table.dropOpen(open, new ReleasedPins());
                table.owners.retireIfIdle(owner);
            }
        }
    }

    void undo(ClientEntry client, OpenRequest request, OpenGrant grant) {
        ReleasedPins released = new ReleasedPins();
        table.stateLock.lock();
        try {
            OpenOwner owner = client.states().openOwners().get(request.owner());
            OpenState open = owner == null ? null : owner.opens().get(request.inode());
            if (open == null || open.number() != grant.stateid().number()) {
                return;
            }
            open.unchanged(grant.stateid());
            if (!grant.newModes()) {
                return;
            }
            ShareModes left = open.modes().without(request.access(), request.deny());
            if (left.equals(ShareModes.NONE)) {
                table.dropOpen(open, released);
                table.owners.retireIfIdle(owner);
            } else {
                reduce(open, left);
            }
        } finally {
            table.stateLock.unlock();
            released.giveBack(pins);
        }
    }

    Stateid confirm(Stateid stateid, FileHandle inode) throws NfsException {
        table.stateLock.lock();
        try {
            FileState state = table.stateids.find(Optional.empty(), stateid);
            if (!(state instanceof OpenState open)
                    || open.isClosed()
                    || open.owner().isConfirmed()
                    || !open.inode().equals(inode)) {
                throw new NfsException(NfsStatus.BAD_STATEID);
            }
            Stateids.checkSeqid(Optional.empty(), stateid, open);
            open.owner().confirm();
            return open.changed();
        } finally {
            table.stateLock.unlock();
        }
    }

    Stateid downgrade(Optional<Client> session, Stateid stateid, FileHandle inode, int access, int deny)
            throws NfsException {
        table.stateLock.lock();
        try {
            OpenState open = table.stateids.requireOpen(session, stateid, inode);
            ShareModes left = ShareModes.isValid(access, deny) ? open.modes().within(access, deny) : ShareModes.NONE;
            if (left.equals(ShareModes.NONE) || left.access() != access || left.deny() != deny) {
                throw new NfsException(NfsStatus.INVAL, "not the union of some of the opens");
            }
            reduce(open, left);
            return open.changed();
        } finally {
            table.stateLock.unlock();
        }
    }

    Stateid close(Optional<Client> session, Stateid stateid, FileHandle inode) throws NfsException {
        ReleasedPins released = new ReleasedPins();
        table.stateLock.lock();
        try {
            OpenState open = table.stateids.requireOpen(session, stateid, inode);
            OpenOwner owner = open.owner();
            Stateid last = open.changed();
            table.closeOpen(open, released);
            table.owners.retireIfIdle(owner);
            return session.isPresent() ? Stateid.INVALID : last;
        } finally {
            table.stateLock.unlock();
            released.giveBack(pins);
        }
    }

    private void reduce(OpenState open, ShareModes left) {
        open.setModes(left);
        table.shares().reduce(open.inode(), open.owner().holder(), left.access(), left.deny());
    }
}
