package org.cairnfs.server.nfs.state;

import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * Opens, byte-range locks, delegations and their stateids, of 4.0 and 4.1.
 *
 * <p><b>{@code session}</b> is the client of the COMPOUND's session, and empty in 4.0: it selects the rules. With it, a
 * stateid of another client is BAD_STATEID, and seqid 0 means the newest. Without it, the client is known by the stateid, its
 * lease is renewed, and its 4.0 operations with a sequence number run inside an {@link OwnerTurn}.
 *
 * <p><b>Errors of every stateid</b>, not repeated below: BAD_STATEID (unknown, of another file, special where none is allowed,
 * from the future, not confirmed by OPEN_CONFIRM), OLD_STATEID (an older seqid), STALE_STATEID (4.0: from before the
 * restart), EXPIRED (4.0: its client's lease ran out), DELEG_REVOKED (4.1: a delegation that was not returned in time).
 *
 * <p>Stateids here are never {@link Stateid#CURRENT}: the caller has put the current one in its place. The caller has checked
 * what kind of file it is (ISDIR, SYMLINK, WRONG_TYPE).
 */
public interface FileStates {
    // ---- 4.0: sequences of owners

    /**
     * Takes the turn of an OPEN; a new owner, or an unconfirmed one (whose opens are dropped then), takes any seqid.
     *
     * @throws NfsException BAD_SEQID; RESOURCE at the limit of owners, or when an operation of the owner does not end
     */
    OwnerTurn openTurn(Client client, Bytes owner, int seqid) throws NfsException;

    /**
     * Takes the turn of OPEN_CONFIRM, OPEN_DOWNGRADE, CLOSE, LOCK of an existing lock owner, LOCKU: that of the owner of the
     * stateid. A replay is found even when the state is closed.
     *
     * @throws NfsException BAD_SEQID; errors of stateids, but for the seqid in the stateid; RESOURCE
     */
    OwnerTurn turn(Stateid stateid, int seqid) throws NfsException;

    /**
     * Takes the turn of a LOCK with a new lock owner: of the open owner by {@code openSeqid}, and the first of the lock owner.
     * A lock owner that holds locks on this file already is BAD_SEQID, as it must use its stateid.
     *
     * @throws NfsException BAD_SEQID; errors of stateids; RESOURCE
     */
    OwnerTurn lockTurn(Stateid open, int openSeqid, Bytes lockOwner, int lockSeqid) throws NfsException;

    // ---- opens

    /**
     * Whether an OPEN may be tried now; to be asked before anything is created.
     *
     * @throws NfsException GRACE (not a reclaim, while others may reclaim; or 4.1 before RECLAIM_COMPLETE); NO_GRACE (a
     *     reclaim after grace or RECLAIM_COMPLETE); RECLAIM_BAD (a reclaim of a client that had nothing to reclaim)
     */
    void admitOpen(Client client, boolean reclaim) throws NfsException;

    /**
     * Opens a file, or adds to what the owner has open of it. Pins the inode for a new open state. Comes before a truncation
     * by OPEN; if something fails after it, {@link #undo}.
     *
     * @throws NfsException as {@link #admitOpen}; SHARE_DENIED (RECLAIM_CONFLICT for a reclaim); INVAL for impossible access or deny bits;
     *     DELAY while a lease is called back; EXPIRED (4.0) or DEADSESSION when the client went meanwhile; RESOURCE or DELAY at a limit
     * @throws FsException from the pin: ESTALE if the inode is gone
     */
    OpenGrant open(Client client, OpenRequest request) throws NfsException, FsException;

    /** Takes back what {@link #open} granted, for an OPEN that fails after it. */
    void undo(Client client, OpenRequest request, OpenGrant grant);

    /**
     * OPEN_CONFIRM of 4.0.
     *
     * @throws NfsException BAD_STATEID for a state whose owner is confirmed already
     */
    Stateid openConfirm(Stateid stateid, FileHandle inode) throws NfsException;

    /**
     * OPEN_DOWNGRADE.
     *
     * @throws NfsException INVAL for bits that are not held as the union of some of the opens, and for access 0
     */
    Stateid openDowngrade(Optional<Client> session, Stateid stateid, FileHandle inode, int access, int deny)
            throws NfsException;

    /** CLOSE: drops the open state with its locks, and its pin. The stateid to answer with means nothing any more. */
    Stateid close(Optional<Client> session, Stateid stateid, FileHandle inode) throws NfsException;

    // ---- delegations

    /** Whether an OPEN for reading comes with a delegation, or a reclaimed one gets its delegation back; after all else succeeded. */
    DelegationAnswer delegate(Client client, DelegationRequest request);

    /**
     * Whether a client may open a file by the right of its delegation: CLAIM_DELEGATE_CUR and CLAIM_DELEG_CUR_FH.
     *
     * @throws NfsException errors of stateids; OPENMODE if the delegation does not allow this access
     */
    void checkClaim(Client client, Stateid delegation, FileHandle inode, int access) throws NfsException;

    /**
     * DELEGRETURN.
     *
     * @throws NfsException DELEG_REVOKED in 4.1, where 4.0 has BAD_STATEID
     */
    void returnDelegation(Optional<Client> session, Stateid stateid, FileHandle inode) throws NfsException;

    // ---- byte-range locks

    /**
     * LOCK by a lock owner that has no stateid for this file yet.
     *
     * @throws NfsException INVAL for an impossible range; OPENMODE; GRACE, NO_GRACE, RECLAIM_BAD; RECLAIM_CONFLICT; DEADLOCK
     *     never; RESOURCE or DELAY at a limit
     */
    LockResult lock(Optional<Client> session, Stateid open, Bytes lockOwner, LockRequest request) throws NfsException;

    /** LOCK by its lock stateid; errors as of the other. */
    LockResult lock(Optional<Client> session, Stateid lock, LockRequest request) throws NfsException;

    /**
     * LOCKT.
     *
     * @return empty if LOCK would be granted
     * @throws NfsException INVAL, GRACE
     */
    Optional<LockResult.Denied> lockTest(Client client, Bytes lockOwner, LockRequest request) throws NfsException;

    /**
     * LOCKU.
     *
     * @throws NfsException INVAL for an impossible range
     */
    Stateid unlock(Optional<Client> session, Stateid lock, LockRequest request) throws NfsException;

    /**
     * RELEASE_LOCKOWNER of 4.0; an unknown owner is fine.
     *
     * @throws NfsException LOCKS_HELD
     */
    void releaseLockOwner(Client client, Bytes lockOwner) throws NfsException;

    // ---- use

    /**
     * Checks the stateid of READ, WRITE, SETATTR with a size and the like.
     *
     * @param uid who asks, as credentials after squashing
     * @throws NfsException OPENMODE; LOCKED (a special stateid against a deny mode); GRACE (a special stateid, while opens may be
     *     reclaimed; not for a READ with all ones); DELAY
     */
    IoGrant checkIo(Optional<Client> session, Stateid stateid, FileHandle inode, IoKind kind, int uid)
            throws NfsException;

    /** What TEST_STATEID answers for one stateid of a 4.1 client: OK, BAD_STATEID, OLD_STATEID, ... */
    NfsStatus test(Client session, Stateid stateid);

    /**
     * FREE_STATEID of 4.1.
     *
     * @throws NfsException LOCKS_HELD for an open, for a lock state with locks, and for a delegation that is not revoked
     */
    void free(Client session, Stateid stateid) throws NfsException;
}
