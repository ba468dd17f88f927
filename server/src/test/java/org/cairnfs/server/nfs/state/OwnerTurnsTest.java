package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.state.StateRig.READ;
import static org.cairnfs.server.nfs.state.StateRig.UID;
import static org.cairnfs.server.nfs.state.StateRig.WRITE;
import static org.cairnfs.server.nfs.state.StateRig.assertStatus;
import static org.cairnfs.server.nfs.state.StateRig.bytes;
import static org.cairnfs.server.nfs.state.StateRig.file;
import static org.cairnfs.server.nfs.state.StateRig.granted;
import static org.cairnfs.server.nfs.state.StateRig.ok;
import static org.cairnfs.server.nfs.state.StateRig.range;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sequences of 4.0's owners and the replay of their last reply: RFC 7530 section 9.1.7, and OPEN_CONFIRM. */
class OwnerTurnsTest {
    private static final Optional<Client> NO_SESSION = Optional.empty();
    private static final Bytes ALICE = bytes("alice");

    private final StateRig rig = new StateRig();
    private final Client client;

    OwnerTurnsTest() throws NfsException {
        client = rig.client40("x");
    }

    private OwnerTurn openTurn(int seqid) throws NfsException {
        return rig.files().openTurn(client, ALICE, seqid);
    }

    private static OwnerReply error(NfsStatus status) {
        return new OwnerReply(status, Bytes.EMPTY, Optional.empty());
    }

    /** Runs a turn that ends with a reply. */
    private static void run(OwnerTurn turn, OwnerReply reply) {
        assertThat(turn.replay()).isEmpty();
        try (turn) {
            turn.complete(reply);
        }
    }

    private static void assertReplay(OwnerTurn turn, OwnerReply reply) {
        try (turn) {
            assertThat(turn.replay()).contains(reply);
        }
    }

    @Test
    void aNewOwnerStartsWithAnyNumberAndHasToConfirm() throws Exception {
        OwnerTurn turn = openTurn(77);
        OpenGrant grant = rig.files().open(client, StateRig.request("alice", 7, READ, 0));
        assertThat(grant.confirm()).isTrue();
        run(turn, ok("opened"));
        assertStatus(
                NfsStatus.BAD_STATEID,
                () -> rig.files().checkIo(NO_SESSION, grant.stateid(), file(7), IoKind.READ, UID));

        run(rig.files().turn(grant.stateid(), 78), ok("confirmed"));
        Stateid confirmed = rig.files().openConfirm(grant.stateid(), file(7));
        assertThat(confirmed).isEqualTo(grant.stateid().withSeqid(2));
        assertThat(rig.files().checkIo(NO_SESSION, confirmed, file(7), IoKind.READ, UID))
                .isEqualTo(new IoGrant(true));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().openConfirm(confirmed, file(7)));
        assertThat(rig.files()
                        .open(client, StateRig.request("alice", 8, READ, 0))
                        .confirm())
                .isFalse();
    }

    @Test
    void aResendIsAnsweredFromTheReplyAndOtherNumbersAreRefused() throws Exception {
        rig.open40(client, "alice", 10, 7, READ);
        OwnerReply reply = new OwnerReply(NfsStatus.OK, bytes("opened 8"), Optional.of(file(8)));
        run(openTurn(12), reply);
        assertReplay(openTurn(12), reply);
        assertReplay(openTurn(12), reply);
        assertStatus(NfsStatus.BAD_SEQID, () -> openTurn(11));
        assertStatus(NfsStatus.BAD_SEQID, () -> openTurn(14));
        run(openTurn(13), error(NfsStatus.NOENT));
        assertReplay(openTurn(13), error(NfsStatus.NOENT));
    }

    @Test
    void numbersWrap() throws Exception {
        rig.open40(client, "alice", -2, 7, READ);
        run(openTurn(0), ok("zero comes after all ones"));
        assertReplay(openTurn(0), ok("zero comes after all ones"));
        run(openTurn(1), ok("one"));
    }

    @ParameterizedTest
    @EnumSource(
            value = NfsStatus.class,
            names = {
                "STALE_CLIENTID",
                "STALE_STATEID",
                "BAD_STATEID",
                "BAD_SEQID",
                "BADXDR",
                "RESOURCE",
                "NOFILEHANDLE",
                "MOVED"
            })
    void errorsThatDoNotCount(NfsStatus status) throws Exception {
        rig.open40(client, "alice", 10, 7, READ);
        run(openTurn(12), error(status));
        run(openTurn(12), ok("the same number again"));
    }

    @ParameterizedTest
    @EnumSource(
            value = NfsStatus.class,
            names = {"OK", "NOENT", "DELAY", "GRACE", "EXPIRED", "OLD_STATEID", "SHARE_DENIED", "IO"})
    void whatElseCounts(NfsStatus status) throws Exception {
        rig.open40(client, "alice", 10, 7, READ);
        run(openTurn(12), error(status));
        assertReplay(openTurn(12), error(status));
        run(openTurn(13), ok("next"));
    }

    @Test
    void aTurnWithoutReplyDoesNotCount() throws Exception {
        rig.open40(client, "alice", 10, 7, READ);
        openTurn(12).close();
        run(openTurn(12), ok("again"));
    }

    @Test
    void anOwnerThatDidNotConfirmStartsAnewWithoutItsOpens() throws Exception {
        OwnerTurn turn = openTurn(1);
        rig.open(client, "alice", 7, READ, 0);
        run(turn, ok("opened"));
        assertReplay(openTurn(1), ok("opened"));
        assertThat(rig.pins.total()).isEqualTo(1);

        run(openTurn(500), ok("anew"));
        assertThat(rig.pins.total()).isZero();
    }

    @Test
    void aResentCloseFindsItsReplyUntilTheOwnerGoesOn() throws Exception {
        Stateid open = rig.open40(client, "alice", 1, 7, READ);
        OwnerTurn turn = rig.files().turn(open, 3);
        Stateid closed = rig.files().close(NO_SESSION, open, file(7));
        assertThat(closed.number()).isEqualTo(open.number());
        run(turn, ok("closed"));

        assertReplay(rig.files().turn(open, 3), ok("closed"));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().turn(open, 4));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().checkIo(NO_SESSION, closed, file(7), IoKind.READ, UID));
        assertThat(rig.pins.total()).isZero();
        run(openTurn(4), ok("open again, already confirmed"));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().turn(open, 3));
        assertThat(rig.state.states()).isZero();
    }

    @Test
    void onlyTheLastCloseOfAnOwnerIsRemembered() throws Exception {
        Stateid one = rig.open40(client, "alice", 1, 7, READ);
        Stateid two = rig.open(client, "alice", 8, READ, 0);
        rig.files().close(NO_SESSION, one, file(7));
        rig.files().close(NO_SESSION, two, file(8));
        assertThat(rig.state.states()).isEqualTo(1);
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().turn(one, 2));
        assertReplay(rig.files().turn(two, 2), ok("confirm 2"));
    }

    @Test
    void seqidsInStateidsHaveToBeExact() throws Exception {
        Stateid open = rig.open40(client, "alice", 1, 7, READ);
        assertStatus(
                NfsStatus.OLD_STATEID,
                () -> rig.files().checkIo(NO_SESSION, open.withSeqid(1), file(7), IoKind.READ, UID));
        assertStatus(
                NfsStatus.OLD_STATEID,
                () -> rig.files().checkIo(NO_SESSION, open.withSeqid(0), file(7), IoKind.READ, UID));
        assertStatus(
                NfsStatus.BAD_STATEID,
                () -> rig.files().checkIo(NO_SESSION, open.withSeqid(3), file(7), IoKind.READ, UID));
    }

    // ---- lock owners

    private Stateid lockAnew(Stateid open, int openSeqid, int lockSeqid, long offset) throws NfsException {
        OwnerTurn turn = rig.files().lockTurn(open, openSeqid, bytes("p1"), lockSeqid);
        Stateid lock =
                granted(rig.files().lock(NO_SESSION, open, bytes("p1"), range(open(open), LockMode.WRITE, offset, 10)));
        run(turn, ok("locked " + lockSeqid));
        return lock;
    }

    /** Tests open file 7 first and file 8 second. */
    private long open(Stateid open) {
        return open.equals(first) ? 7 : 8;
    }

    private Stateid first;

    @Test
    void aNewLockOwnerIsCountedWithItsOpenOwner() throws Exception {
        first = rig.open40(client, "alice", 1, 7, READ | WRITE);
        Stateid lock = lockAnew(first, 3, 50, 0);
        assertReplay(rig.files().lockTurn(first, 3, bytes("p1"), 50), ok("locked 50"));
        assertReplay(rig.files().turn(lock, 50), ok("locked 50"));
        assertStatus(NfsStatus.BAD_SEQID, () -> rig.files().turn(lock, 52));

        OwnerTurn turn = rig.files().turn(lock, 51);
        Stateid unlocked = rig.files().unlock(NO_SESSION, lock, range(7, LockMode.WRITE, 0, 10));
        run(turn, ok("unlocked"));
        assertReplay(rig.files().turn(lock, 51), ok("unlocked"));
        run(rig.files().turn(unlocked, 52), ok("more"));
    }

    @Test
    void aKnownLockOwnerGoesOnCountingInAnotherFile() throws Exception {
        first = rig.open40(client, "alice", 1, 7, READ | WRITE);
        lockAnew(first, 3, 50, 0);
        Stateid second;
        try (OwnerTurn turn = openTurn(4)) {
            second = rig.open(client, "alice", 8, READ | WRITE, 0);
            turn.complete(ok("opened"));
        }
        assertStatus(NfsStatus.BAD_SEQID, () -> rig.files().lockTurn(second, 5, bytes("p1"), 50));
        assertStatus(NfsStatus.BAD_SEQID, () -> rig.files().lockTurn(second, 5, bytes("p1"), 52));
        lockAnew(second, 5, 51, 0);
        assertStatus(NfsStatus.BAD_SEQID, () -> rig.files().lockTurn(second, 6, bytes("p1"), 52));
        run(openTurn(6), ok("refused turns were given back"));
    }

    @Test
    void aDeniedFirstLockMayBeTriedWithAnyNumber() throws Exception {
        first = rig.open40(client, "alice", 1, 7, READ | WRITE);
        run(rig.files().lockTurn(first, 3, bytes("p1"), 50), error(NfsStatus.DENIED));
        lockAnew(first, 4, 9, 0);
    }

    @Test
    void releaseLockOwner() throws Exception {
        first = rig.open40(client, "alice", 1, 7, READ | WRITE);
        rig.files().releaseLockOwner(client, bytes("nobody"));
        Stateid lock = lockAnew(first, 3, 50, 0);
        assertStatus(NfsStatus.LOCKS_HELD, () -> rig.files().releaseLockOwner(client, bytes("p1")));
        rig.files().unlock(NO_SESSION, lock, range(7, LockMode.WRITE, 0, 10));
        rig.files().releaseLockOwner(client, bytes("p1"));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().turn(lock, 52));
        lockAnew(first, 4, 1, 0);
    }

    // ---- errors of stateids

    @Test
    void staleExpiredAndUnknownStateids() throws Exception {
        Stateid open = rig.open40(client, "alice", 1, 7, READ);
        Client modern = rig.client41("y");
        Stateid of41 = rig.open(modern, "bob", 9, READ, 0);
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().turn(of41, 1));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().turn(Stateid.ANONYMOUS, 1));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().turn(new Stateid(1, open.boot(), 4711, 1), 1));
        assertStatus(
                NfsStatus.BAD_STATEID,
                () -> rig.files().turn(new Stateid(1, open.boot(), open.client(), open.number() + 1), 1));

        rig.pass(StateRig.LEASE.plus(StateRig.COURTESY).plusSeconds(1));
        assertStatus(NfsStatus.EXPIRED, () -> rig.files().turn(open, 3));
        rig.restart();
        assertStatus(NfsStatus.STALE_STATEID, () -> rig.files().turn(open, 3));
        assertStatus(NfsStatus.STALE_STATEID, () -> rig.files().checkIo(NO_SESSION, open, file(7), IoKind.READ, UID));
    }

    // ---- waiting

    @Test
    void aResendWaitsForTheOriginalAndGetsItsReply() throws Exception {
        StateRig patient = new StateRig(new StateSettings(
                StateRig.LEASE,
                StateRig.COURTESY,
                Duration.ofMinutes(1),
                6,
                4,
                3,
                5,
                8,
                20,
                StateRig.CHANNEL,
                1 << 20,
                DelegationSettings.OFF));
        Client x = patient.client40("x");
        OwnerTurn original = patient.files().openTurn(x, ALICE, 1);
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<Optional<OwnerReply>> resend = CompletableFuture.supplyAsync(() -> {
            started.countDown();
            try (OwnerTurn turn = patient.files().openTurn(x, ALICE, 1)) {
                return turn.replay();
            } catch (NfsException e) {
                throw new AssertionError(e);
            }
        });
        started.await();
        original.complete(ok("opened"));
        original.close();
        assertThat(resend.get(1, TimeUnit.MINUTES)).contains(ok("opened"));
    }

    @Test
    void patienceHasAnEnd() throws Exception {
        OwnerTurn original = openTurn(1);
        assertStatus(NfsStatus.RESOURCE, () -> openTurn(1));
        original.close();
        run(openTurn(1), ok("free again"));
    }

    @Test
    void theReplyOfALostClientIsNoTrouble() throws Exception {
        OwnerTurn turn = openTurn(1);
        rig.pass(StateRig.LEASE.plus(StateRig.COURTESY).plusSeconds(1));
        assertStatus(NfsStatus.EXPIRED, () -> rig.open(client, "alice", 7, READ, 0));
        run(turn, error(NfsStatus.EXPIRED));
        assertThat(rig.pins.total()).isZero();
    }
}
