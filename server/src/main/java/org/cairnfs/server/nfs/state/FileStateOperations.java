package org.cairnfs.server.nfs.state;

import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/** {@link FileStates} put together from its parts. */
final class FileStateOperations implements FileStates {
    private final OwnerTurns turns;
    private final OpenOperations opens;
    private final LockOperations locks;
    private final IoChecks checks;
    private final Delegations delegations;

    FileStateOperations(
            OwnerTurns turns, OpenOperations opens, LockOperations locks, IoChecks checks, Delegations delegations) {
        this.turns = turns;
        this.opens = opens;
        this.locks = locks;
        this.checks = checks;
        this.delegations = delegations;
    }

    @Override
    public OwnerTurn openTurn(Client client, Bytes owner, int seqid) throws NfsException {
        return turns.openTurn((ClientEntry) client, owner, seqid);
    }

    @Override
    public OwnerTurn turn(Stateid stateid, int seqid) throws NfsException {
        return turns.turn(stateid, seqid);
    }

    @Override
    public OwnerTurn lockTurn(Stateid open, int openSeqid, Bytes lockOwner, int lockSeqid) throws NfsException {
        return turns.lockTurn(open, openSeqid, lockOwner, lockSeqid);
    }

    @Override
    public void admitOpen(Client client, boolean reclaim) throws NfsException {
        opens.admit((ClientEntry) client, reclaim);
    }

    @Override
    public OpenGrant open(Client client, OpenRequest request) throws NfsException, FsException {
        return opens.open((ClientEntry) client, request);
    }

    @Override
    public void undo(Client client, OpenRequest request, OpenGrant grant) {
        opens.undo((ClientEntry) client, request, grant);
    }

    @Override
    public DelegationAnswer delegate(Client client, DelegationRequest request) {
        return delegations.offer((ClientEntry) client, request);
    }

    @Override
    public void checkClaim(Client client, Stateid delegation, FileHandle inode, int access) throws NfsException {
        delegations.checkClaim((ClientEntry) client, delegation, inode, access);
    }

    @Override
    public void returnDelegation(Optional<Client> session, Stateid stateid, FileHandle inode) throws NfsException {
        delegations.giveBack(session, stateid, inode);
    }

    @Override
    public Stateid openConfirm(Stateid stateid, FileHandle inode) throws NfsException {
        return opens.confirm(stateid, inode);
    }

    @Override
    public Stateid openDowngrade(Optional<Client> session, Stateid stateid, FileHandle inode, int access, int deny)
            throws NfsException {
        return opens.downgrade(session, stateid, inode, access, deny);
    }

    @Override
    public Stateid close(Optional<Client> session, Stateid stateid, FileHandle inode) throws NfsException {
        return opens.close(session, stateid, inode);
    }

    @Override
    public LockResult lock(Optional<Client> session, Stateid open, Bytes lockOwner, LockRequest request)
            throws NfsException {
        return locks.lock(session, open, lockOwner, request);
    }

    @Override
    public LockResult lock(Optional<Client> session, Stateid lock, LockRequest request) throws NfsException {
        return locks.lock(session, lock, request);
    }

    @Override
    public Optional<LockResult.Denied> lockTest(Client client, Bytes lockOwner, LockRequest request)
            throws NfsException {
        return locks.test((ClientEntry) client, lockOwner, request);
    }

    @Override
    public Stateid unlock(Optional<Client> session, Stateid lock, LockRequest request) throws NfsException {
        return locks.unlock(session, lock, request);
    }

    @Override
    public void releaseLockOwner(Client client, Bytes lockOwner) throws NfsException {
        locks.releaseOwner((ClientEntry) client, lockOwner);
    }

    @Override
    public IoGrant checkIo(Optional<Client> session, Stateid stateid, FileHandle inode, IoKind kind, int uid)
            throws NfsException {
        return checks.check(session, stateid, inode, kind, uid);
    }

    @Override
    public NfsStatus test(Client session, Stateid stateid) {
        return checks.test(session, stateid);
    }

    @Override
    public void free(Client session, Stateid stateid) throws NfsException {
        checks.free(session, stateid);
    }
}
