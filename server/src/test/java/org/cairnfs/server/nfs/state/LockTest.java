package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.lock.LockRange.TO_END;
import static org.cairnfs.server.nfs.state.StateRig.BOTH;
import static org.cairnfs.server.nfs.state.StateRig.READ;
import static org.cairnfs.server.nfs.state.StateRig.UID;
import static org.cairnfs.server.nfs.state.StateRig.WRITE;
import static org.cairnfs.server.nfs.state.StateRig.assertStatus;
import static org.cairnfs.server.nfs.state.StateRig.bytes;
import static org.cairnfs.server.nfs.state.StateRig.file;
import static org.cairnfs.server.nfs.state.StateRig.granted;
import static org.cairnfs.server.nfs.state.StateRig.range;

import java.util.Optional;
import org.cairnfs.core.lock.LockClient;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.LockOwner;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LOCK, LOCKT, LOCKU of 4.1. */
class LockTest {
    private static final LockMode SHARED = LockMode.READ;
    private static final LockMode EXCLUSIVE = LockMode.WRITE;

    private final StateRig rig = new StateRig();
    private Client client;
    private Client other;
    private Optional<Client> session;
    private Stateid open;

    @BeforeEach
    void open() throws Exception {
        client = rig.client41("x");
        other = rig.client41("y");
        session = Optional.of(client);
        open = rig.open(client, "alice", 7, BOTH, 0);
    }

    private LockResult lock(String owner, LockMode mode, long offset, long length) throws NfsException {
        return rig.files().lock(session, open, bytes(owner), range(7, mode, offset, length));
    }

    @Test
    void aLockHasAStateidOfItsOwnThatCountsItsChanges() throws Exception {
        Stateid first = granted(lock("p1", EXCLUSIVE, 0, 10));
        assertThat(first.number()).isNotEqualTo(open.number());
        assertThat(first.seqid()).isEqualTo(1);
        Stateid second = granted(rig.files().lock(session, first, range(7, SHARED, 20, 10)));
        assertThat(second).isEqualTo(first.withSeqid(2));
        Stateid third = rig.files().unlock(session, second, range(7, SHARED, 0, TO_END));
        assertThat(third).isEqualTo(first.withSeqid(3));
        assertThat(rig.locks.holds(file(7), new LockOwner(new LockClient("nfs4", client.id()), bytes("p1"))))
                .isFalse();
        assertStatus(NfsStatus.OLD_STATEID, () -> rig.files().lock(session, second, range(7, SHARED, 0, 1)));
    }

    @Test
    void aDenialNamesTheHolder() throws Exception {
        granted(lock("p1", EXCLUSIVE, 100, TO_END));
        Stateid theirs = rig.open(other, "bob", 7, BOTH, 0);
        LockResult.Denied denied = new LockResult.Denied(100, TO_END, EXCLUSIVE, client.id(), bytes("p1"));
        assertThat(rig.files().lock(Optional.of(other), theirs, bytes("q1"), range(7, SHARED, 150, 1)))
                .isEqualTo(denied);
        assertThat(rig.files().lockTest(other, bytes("q1"), range(7, SHARED, 0, 101)))
                .contains(denied);
        assertThat(rig.files().lockTest(other, bytes("q1"), range(7, SHARED, 0, 100)))
                .isEmpty();
        assertThat(rig.files().lockTest(client, bytes("p1"), range(7, EXCLUSIVE, 0, TO_END)))
                .as("one's own locks are never in the way")
                .isEmpty();
        assertThat(rig.state.states()).as("a denied lock leaves no state").isEqualTo(3);
    }

    @Test
    void locksOfOtherProtocolsAreSeen() throws Exception {
        LockOwner fuse = new LockOwner(new LockClient("fuse", 1), bytes("pid 9"));
        rig.locks.tryLock(file(7), fuse, new LockRange(5, 6), EXCLUSIVE);
        assertThat(lock("p1", SHARED, 0, 10)).isEqualTo(new LockResult.Denied(5, 2, EXCLUSIVE, 0, bytes("pid 9")));
    }

    @Test
    void theOwnerMayAskByItsOpenAgain() throws Exception {
        Stateid first = granted(lock("p1", SHARED, 0, 10));
        assertThat(granted(lock("p1", SHARED, 50, 10))).isEqualTo(first.withSeqid(2));
    }

    @Test
    void lockingNeedsTheOpenMode() throws Exception {
        Stateid reading = rig.open(other, "bob", 7, READ, 0);
        Stateid writing = rig.open(other, "carol", 8, WRITE, 0);
        Optional<Client> theirs = Optional.of(other);
        assertStatus(
                NfsStatus.OPENMODE, () -> rig.files().lock(theirs, reading, bytes("q"), range(7, EXCLUSIVE, 0, 1)));
        assertStatus(NfsStatus.OPENMODE, () -> rig.files().lock(theirs, writing, bytes("q"), range(8, SHARED, 0, 1)));
        granted(rig.files().lock(theirs, reading, bytes("q"), range(7, SHARED, 0, 1)));
        granted(rig.files().lock(theirs, writing, bytes("q"), range(8, EXCLUSIVE, 0, 1)));
    }

    @Test
    void impossibleRanges() throws Exception {
        Stateid lock = granted(lock("p1", SHARED, 0, 10));
        LockRequest empty = range(7, SHARED, 0, 0);
        LockRequest beyond = range(7, SHARED, -5, 100);
        for (LockRequest request : new LockRequest[] {empty, beyond}) {
            assertStatus(NfsStatus.INVAL, () -> rig.files().lock(session, open, bytes("p2"), request));
            assertStatus(NfsStatus.INVAL, () -> rig.files().lock(session, lock, request));
            assertStatus(NfsStatus.INVAL, () -> rig.files().unlock(session, lock, request));
            assertStatus(NfsStatus.INVAL, () -> rig.files().lockTest(client, bytes("p2"), request));
        }
        assertThat(rig.state.states()).isEqualTo(2);
    }

    @Test
    void stateidsOfTheWrongKind() throws Exception {
        Stateid lock = granted(lock("p1", SHARED, 0, 10));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().lock(session, open, range(7, SHARED, 0, 1)));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().lock(session, lock, bytes("p1"), range(7, SHARED, 0, 1)));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().unlock(session, open, range(7, SHARED, 0, 1)));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().close(session, lock, file(7)));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().openDowngrade(session, lock, file(7), READ, 0));
    }

    @Test
    void aLockStateidDoesIo() throws Exception {
        Stateid lock = granted(lock("p1", SHARED, 0, 10));
        assertThat(rig.files().checkIo(session, lock, file(7), IoKind.WRITE, UID))
                .isEqualTo(new IoGrant(true));
    }

    @Test
    void closingFreesTheLocksUnderTheOpen() throws Exception {
        Stateid lock = granted(lock("p1", EXCLUSIVE, 0, 10));
        rig.files().close(session, open, file(7));
        assertThat(rig.files().lockTest(other, bytes("q"), range(7, EXCLUSIVE, 0, TO_END)))
                .isEmpty();
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().checkIo(session, lock, file(7), IoKind.READ, UID));
        assertThat(rig.state.states()).isZero();
        assertThat(rig.pins.total()).isZero();
    }

    @Test
    void freeStateidOfLocks() throws Exception {
        Stateid lock = granted(lock("p1", EXCLUSIVE, 0, 10));
        assertStatus(NfsStatus.LOCKS_HELD, () -> rig.files().free(client, lock));
        Stateid empty = rig.files().unlock(session, lock, range(7, SHARED, 0, 10));
        rig.files().free(client, empty);
        assertThat(rig.files().test(client, empty)).isEqualTo(NfsStatus.BAD_STATEID);
        assertThat(rig.files().test(client, open)).isEqualTo(NfsStatus.OK);
    }

    @Test
    void aDeniedLockUnderASecondOpenLeavesTheOwnersOthers() throws Exception {
        granted(lock("p1", EXCLUSIVE, 0, 10));
        Stateid theirs = rig.open(other, "bob", 7, BOTH, 0);
        granted(rig.files().lock(Optional.of(other), theirs, bytes("q"), range(7, EXCLUSIVE, 50, 10)));
        Stateid second = rig.open(client, "bob", 7, BOTH, 0);
        assertThat(rig.files().lock(session, second, bytes("p1"), range(7, EXCLUSIVE, 50, 10)))
                .isInstanceOf(LockResult.Denied.class);
        assertThat(rig.files().lockTest(other, bytes("q"), range(7, EXCLUSIVE, 0, 10)))
                .isPresent();
    }
}
