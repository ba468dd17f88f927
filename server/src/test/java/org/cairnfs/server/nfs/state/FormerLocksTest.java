package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.state.StateRig.BOTH;
import static org.cairnfs.server.nfs.state.StateRig.assertStatus;
import static org.cairnfs.server.nfs.state.StateRig.bytes;
import static org.cairnfs.server.nfs.state.StateRig.file;
import static org.cairnfs.server.nfs.state.StateRig.granted;
import static org.cairnfs.server.nfs.state.StateRig.ok;
import static org.cairnfs.server.nfs.state.StateRig.range;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lock states of 4.0 that are kept after a CLOSE: how many, how long, and that they are in nobody's way. */
class FormerLocksTest {
    private static final Optional<Client> NO_SESSION = Optional.empty();
    private static final Bytes OPENER = bytes("opener");
    private static final Bytes LOCKER = bytes("locker");
    private static final int KEPT = 64;

    private StateRig rig;
    private Client client;
    private int opens;
    private int locks;

    @BeforeEach
    void begin() throws NfsException {
        begin(500);
    }

    private void begin(int states) throws NfsException {
        rig = new StateRig(new StateSettings(
                StateRig.LEASE,
                StateRig.COURTESY,
                StateRig.SETTINGS.ownerWait(),
                6,
                4,
                3,
                5,
                states,
                500,
                StateRig.CHANNEL,
                1 << 20,
                DelegationSettings.OFF));
        client = rig.client40("x");
        opens = 0;
        locks = 0;
    }

    private Stateid open(long inode) throws Exception {
        if (opens == 0) {
            opens = 2;
            return rig.open40(client, "opener", 1, inode, BOTH);
        }
        try (OwnerTurn turn = rig.files().openTurn(client, OPENER, ++opens)) {
            Stateid open = rig.open(client, "opener", inode, BOTH, 0);
            turn.complete(ok("opened"));
            return open;
        }
    }

    private void close(Stateid open, long inode) throws Exception {
        try (OwnerTurn turn = rig.files().turn(open, ++opens)) {
            rig.files().close(NO_SESSION, open, file(inode));
            turn.complete(ok("closed"));
        }
    }

    /** Opens, locks and closes a file; the lock stateid. */
    private Stateid useOnce(long inode) throws Exception {
        Stateid open = open(inode);
        Stateid lock;
        try (OwnerTurn turn = rig.files().lockTurn(open, ++opens, LOCKER, ++locks)) {
            lock = granted(rig.files().lock(NO_SESSION, open, LOCKER, range(inode, LockMode.WRITE, 0, 10)));
            turn.complete(ok("locked"));
        }
        close(open, inode);
        return lock;
    }

    private Stateid lockAgain(Stateid lock, long inode) throws Exception {
        try (OwnerTurn turn = rig.files().turn(lock, locks + 1)) {
            Stateid held = granted(rig.files().lock(NO_SESSION, lock, range(inode, LockMode.WRITE, 0, 10)));
            turn.complete(ok("locked again"));
            locks++;
            return held;
        }
    }

    @Test
    void theLocksThemselvesGoWithTheClose() throws Exception {
        useOnce(7);
        assertThat(rig.locks.total()).isZero();
        assertThat(rig.state.summaries().get(0).locks()).isZero();
        assertThat(rig.state.summaries().get(0).opens()).isZero();
    }

    @Test
    void soManyAreKeptAndTheOldestGo() throws Exception {
        List<Stateid> used = new ArrayList<>();
        for (int inode = 0; inode <= KEPT; inode++) {
            used.add(useOnce(inode));
        }
        assertThat(rig.state.states()).as("and the last CLOSE").isEqualTo(KEPT + 1);
        open(0);
        assertStatus(NfsStatus.BAD_STATEID, () -> lockAgain(used.get(0), 0));
        open(1);
        assertThat(lockAgain(used.get(1), 1)).isEqualTo(used.get(1).withSeqid(2));
        assertThat(rig.state.summaries().get(0).locks()).isEqualTo(1);
    }

    /** macOS has lock owners for as long as it remembers the file. */
    @Test
    void theyOutliveTheTimeInWhichAnOwnerIsIdle() throws Exception {
        Stateid used = useOnce(7);
        for (int i = 0; i < 4; i++) {
            rig.pass(StateRig.LEASE.dividedBy(2));
            rig.clients().renew(client.id());
        }
        opens = 0;
        open(7);
        lockAgain(used, 7);
    }

    @Test
    void theyAreInTheWayOfNoLimit() throws Exception {
        begin(8);
        for (int inode = 0; inode < 20; inode++) {
            useOnce(inode);
        }
        for (int inode = 0; inode < 7; inode++) {
            open(inode);
        }
        assertStatus(NfsStatus.RESOURCE, () -> {
            open(7);
            open(8);
        });
    }

    @Test
    void whatTheOwnerHasAnewCountsAndTheFormerDoesNot() throws Exception {
        Stateid used = useOnce(7);
        Stateid open = open(7);
        try (OwnerTurn turn = rig.files().lockTurn(open, ++opens, LOCKER, ++locks)) {
            granted(rig.files().lock(NO_SESSION, open, LOCKER, range(7, LockMode.READ, 0, 10)));
            turn.complete(ok("locked anew"));
        }
        assertStatus(NfsStatus.BAD_STATEID, () -> lockAgain(used, 7));
    }

    @Test
    void anUnlockFindsItToo() throws Exception {
        Stateid used = useOnce(7);
        open(7);
        try (OwnerTurn turn = rig.files().turn(used, ++locks)) {
            assertThat(rig.files().unlock(NO_SESSION, used, range(7, LockMode.WRITE, 0, 10)))
                    .isEqualTo(used.withSeqid(2));
            turn.complete(ok("unlocked"));
        }
    }

    @Test
    void whoIsReleasedHasNone() throws Exception {
        Stateid used = useOnce(7);
        int kept = rig.state.states();
        rig.files().releaseLockOwner(client, LOCKER);
        assertThat(rig.state.states()).isEqualTo(kept - 1);
        open(7);
        assertStatus(NfsStatus.BAD_STATEID, () -> lockAgain(used, 7));
    }

    @Test
    void ofAClientThatIsGoneNothingIsKept() throws Exception {
        useOnce(7);
        rig.pass(StateRig.LEASE.plus(StateRig.COURTESY).multipliedBy(2));
        assertThat(rig.state.states()).isZero();
    }

    @Test
    void inASessionNothingIsKept() throws Exception {
        Client session = rig.client41("y");
        Stateid open = rig.open(session, "opener", 7, BOTH, 0);
        granted(rig.files().lock(Optional.of(session), open, LOCKER, range(7, LockMode.WRITE, 0, 10)));
        rig.files().close(Optional.of(session), open, file(7));
        assertThat(rig.state.states()).isZero();
    }
}
