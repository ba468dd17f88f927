package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.state.StateRig.LEASE;
import static org.cairnfs.server.nfs.state.StateRig.MALLORY;
import static org.cairnfs.server.nfs.state.StateRig.READ;
import static org.cairnfs.server.nfs.state.StateRig.UID;
import static org.cairnfs.server.nfs.state.StateRig.WRITE;
import static org.cairnfs.server.nfs.state.StateRig.assertStatus;
import static org.cairnfs.server.nfs.state.StateRig.bytes;
import static org.cairnfs.server.nfs.state.StateRig.file;
import static org.cairnfs.server.nfs.state.StateRig.granted;
import static org.cairnfs.server.nfs.state.StateRig.range;
import static org.cairnfs.server.nfs.state.StateRig.reclaim;
import static org.cairnfs.server.nfs.state.StateRig.reclaimRange;
import static org.cairnfs.server.nfs.state.StateRig.request;

import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.Test;

/** What clients get back after a restart, and what nobody gets meanwhile: RFC 8881 sections 8.4.2 and 8.4.3. */
class GraceTest {
    private final StateRig rig = new StateRig();

    private void assertGraceOver() {
        assertThat(rig.state.inGrace()).isFalse();
        assertThat(rig.pins.gracesEnded()).isEqualTo(1);
    }

    private void assertInGrace() {
        assertThat(rig.state.inGrace()).isTrue();
        assertThat(rig.pins.gracesEnded()).isZero();
    }

    @Test
    void theFirstStartHasNoGrace() throws Exception {
        assertGraceOver();
        Client client = rig.client41("x");
        rig.open(client, "alice", 7, READ, 0);
        assertStatus(NfsStatus.NO_GRACE, () -> rig.files().open(client, reclaim("alice", 8, READ, 0)));
    }

    @Test
    void aClientGetsBackItsOpensAndLocks() throws Exception {
        Client before = rig.client41("x");
        Stateid open = rig.open(before, "alice", 7, WRITE, 0);
        granted(rig.files().lock(Optional.of(before), open, bytes("p"), range(7, LockMode.WRITE, 0, 10)));

        rig.restart();
        assertInGrace();
        Client client = rig.reconnected41("x");
        assertThat(client.originKey()).isEqualTo(before.originKey());
        Stateid again = rig.files().open(client, reclaim("alice", 7, WRITE, 0)).stateid();
        granted(rig.files().lock(Optional.of(client), again, bytes("p"), reclaimRange(7, LockMode.WRITE, 0, 10)));
        assertThat(rig.files().checkIo(Optional.of(client), again, file(7), IoKind.WRITE, UID))
                .as("reclaimed opens are used at once")
                .isEqualTo(new IoGrant(true));

        rig.clients().reclaimComplete(client, false);
        assertGraceOver();
        assertThat(rig.pins.of(file(7))).isEqualTo(1);
        Client other = rig.client41("y");
        assertThat(rig.files().lockTest(other, bytes("q"), range(7, LockMode.READ, 0, 1)))
                .isPresent();
    }

    @Test
    void meanwhileNobodyGetsAnythingNew() throws Exception {
        Client before = rig.client41("x");
        rig.open(before, "alice", 7, READ, 0);
        rig.restart();
        Client known = rig.reconnected41("x");
        Client stranger = rig.client41("y");
        assertInGrace();

        Stateid open = rig.files().open(known, reclaim("alice", 7, READ, 0)).stateid();
        assertStatus(NfsStatus.GRACE, () -> rig.files().admitOpen(stranger, false));
        assertStatus(NfsStatus.GRACE, () -> rig.files().open(stranger, request("bob", 8, READ, 0)));
        assertStatus(NfsStatus.GRACE, () -> rig.files().open(known, request("alice", 8, READ, 0)));
        assertStatus(
                NfsStatus.GRACE,
                () -> rig.files().lock(Optional.of(known), open, bytes("p"), range(7, LockMode.READ, 0, 1)));
        assertStatus(NfsStatus.GRACE, () -> rig.files().lockTest(stranger, bytes("q"), range(7, LockMode.READ, 0, 1)));
        for (IoKind kind : IoKind.values()) {
            assertStatus(
                    NfsStatus.GRACE,
                    () -> rig.files().checkIo(Optional.of(stranger), Stateid.ANONYMOUS, file(7), kind, UID));
        }
        assertThat(rig.files().checkIo(Optional.of(stranger), Stateid.READ_BYPASS, file(7), IoKind.READ, UID))
                .isEqualTo(new IoGrant(false));
        assertThat(rig.pins.total()).isEqualTo(1);
    }

    @Test
    void aStrangerHasNothingToReclaim() throws Exception {
        rig.client41("x");
        rig.restart();
        Client stranger = rig.reconnected41("y");
        assertStatus(NfsStatus.RECLAIM_BAD, () -> rig.files().open(stranger, reclaim("bob", 7, READ, 0)));
        rig.clients().reclaimComplete(stranger, false);
        assertStatus(NfsStatus.NO_GRACE, () -> rig.files().open(stranger, reclaim("bob", 7, READ, 0)));
        assertInGrace();
    }

    @Test
    void reclaimCompleteIsSentOnceAndNotForOneFileSystem() throws Exception {
        Client client = rig.reconnected41("x");
        assertStatus(NfsStatus.GRACE, () -> rig.open(client, "alice", 7, READ, 0));
        rig.clients().reclaimComplete(client, true);
        assertStatus(NfsStatus.GRACE, () -> rig.open(client, "alice", 7, READ, 0));
        rig.stable.fail(true);
        assertStatus(NfsStatus.DELAY, () -> rig.clients().reclaimComplete(client, false));
        rig.stable.fail(false);
        rig.clients().reclaimComplete(client, false);
        assertStatus(NfsStatus.COMPLETE_ALREADY, () -> rig.clients().reclaimComplete(client, false));
        rig.open(client, "alice", 7, READ, 0);
    }

    @Test
    void graceEndsWhenAllHaveCompleted() throws Exception {
        rig.client41("x");
        rig.client41("y");
        rig.restart();
        rig.client41("x");
        rig.client41("z");
        assertInGrace();
        rig.client41("y");
        assertGraceOver();
    }

    @Test
    void graceEndsAfterALeaseForThoseWhoDoNotComeBack() throws Exception {
        rig.client41("x");
        rig.client41("y");
        rig.restart();
        Client here = rig.client41("x");
        rig.pass(LEASE.minusSeconds(1));
        assertInGrace();
        rig.clients().exchangeId(new ExchangeIdRequest(StateRig.ROOT, 1, bytes("x"), 0, 0));
        rig.pass(Duration.ofSeconds(1));
        assertGraceOver();
        assertThat(rig.stable.record(1, "y")).isEmpty();
        rig.open(here, "alice", 7, READ, 0);

        rig.restart();
        assertInGrace();
        Client late = rig.reconnected41("y");
        assertStatus(NfsStatus.RECLAIM_BAD, () -> rig.files().open(late, reclaim("bob", 7, WRITE, 0)));
    }

    @Test
    void aClientThatRestartedTooHasNothingToReclaim() throws Exception {
        rig.client41("x");
        rig.restart();
        Client restarted = rig.clientOf(rig.session("x", 2));
        assertStatus(NfsStatus.RECLAIM_BAD, () -> rig.files().open(restarted, reclaim("alice", 7, READ, 0)));
        rig.state.tick();
        assertGraceOver();
    }

    @Test
    void norHasOneThatRestartsWhileItReclaims() throws Exception {
        rig.client41("x");
        rig.restart();
        rig.files().open(rig.reconnected41("x"), reclaim("alice", 7, READ, 0));
        Client restarted = rig.clientOf(rig.session("x", 2));
        assertThat(rig.pins.total()).isZero();
        assertStatus(NfsStatus.RECLAIM_BAD, () -> rig.files().open(restarted, reclaim("alice", 7, READ, 0)));
        rig.state.tick();
        assertGraceOver();
    }

    @Test
    void anotherPrincipalDoesNotInheritTheRight() throws Exception {
        rig.client41("x");
        rig.restart();
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, MALLORY, 0);
        Client thief = rig.clientOf(rig.clients()
                .createSession(rig.sessionRequest(exchanged, MALLORY))
                .session());
        assertStatus(NfsStatus.RECLAIM_BAD, () -> rig.files().open(thief, reclaim("alice", 7, READ, 0)));
    }

    @Test
    void aReclaimThatConflictsWithAnother() throws Exception {
        rig.client41("x");
        rig.client41("y");
        rig.restart();
        Client x = rig.reconnected41("x");
        Client y = rig.reconnected41("y");
        Stateid open = rig.files().open(x, reclaim("alice", 7, WRITE, READ)).stateid();
        granted(rig.files().lock(Optional.of(x), open, bytes("p"), reclaimRange(7, LockMode.WRITE, 0, 1)));
        assertStatus(NfsStatus.RECLAIM_CONFLICT, () -> rig.files().open(y, reclaim("bob", 7, READ, 0)));
        Stateid theirs = rig.files().open(y, reclaim("bob", 7, WRITE, 0)).stateid();
        assertStatus(
                NfsStatus.RECLAIM_CONFLICT,
                () -> rig.files().lock(Optional.of(y), theirs, bytes("q"), reclaimRange(7, LockMode.WRITE, 0, 1)));
    }

    @Test
    void aCleanFarewellLeavesNoGrace() throws Exception {
        SessionId session = rig.session("x", 1);
        Client client = rig.clientOf(session);
        rig.clients().reclaimComplete(client, false);
        rig.clients().destroySession(session, null);
        rig.clients().destroyClientId(client.id());
        rig.restart();
        assertGraceOver();
    }

    @Test
    void farewellInGraceEndsIt() throws Exception {
        rig.client41("x");
        rig.restart();
        SessionId session = rig.session("x", 1);
        rig.clients().destroySession(session, null);
        rig.clients().destroyClientId(session.clientId());
        rig.state.tick();
        assertGraceOver();
    }

    // ---- 4.0

    @Test
    void clientsOf40ReclaimForAFullLease() throws Exception {
        Client before = rig.client40("x");
        rig.open40(before, "alice", 1, 7, READ);
        rig.restart();
        Client client = rig.client40("x");
        OpenGrant grant;
        try (OwnerTurn turn = rig.files().openTurn(client, bytes("alice"), 1)) {
            grant = rig.files().open(client, reclaim("alice", 7, READ, 0));
            turn.complete(new OwnerReply(NfsStatus.OK, Bytes.EMPTY, Optional.empty()));
        }
        assertThat(grant.confirm()).as("a reclaim is no stray resend").isFalse();
        rig.state.tick();
        assertInGrace();
        assertStatus(NfsStatus.GRACE, () -> rig.files().admitOpen(client, false));
        rig.pass(LEASE);
        assertGraceOver();
        assertStatus(NfsStatus.NO_GRACE, () -> rig.files().admitOpen(client, true));
        rig.files().admitOpen(client, false);
        assertThat(rig.files().checkIo(Optional.empty(), grant.stateid(), file(7), IoKind.READ, UID))
                .isEqualTo(new IoGrant(true));
    }

    // ---- edge conditions of RFC 8881 section 8.4.3

    @Test
    void aSecondCrashInGraceTakesNoRightAway() throws Exception {
        rig.client41("x");
        rig.restart();
        rig.reconnected41("x");
        rig.restart();
        assertInGrace();
        Client client = rig.reconnected41("x");
        rig.files().open(client, reclaim("alice", 7, READ, 0));
        rig.restart();
        assertInGrace();
        rig.files().open(rig.reconnected41("x"), reclaim("alice", 7, READ, 0));
    }

    /** Edge condition: reclaim was not finished, grace ended, others got the rest, crash. */
    @Test
    void whoDidNotFinishReclaimingBeforeGraceEndedCannotAfterTheNextCrash() throws Exception {
        rig.client41("x");
        rig.restart();
        Client slow = rig.reconnected41("x");
        rig.pass(LEASE.plusSeconds(1));
        assertGraceOver();
        assertThat(rig.stable.record(1, "x").orElseThrow().mayReclaim()).isFalse();
        assertStatus(NfsStatus.NO_GRACE, () -> rig.files().open(slow, reclaim("alice", 7, READ, 0)));
        Client other = rig.client41("y");
        rig.open(other, "bob", 7, WRITE, READ);

        rig.restart();
        Client again = rig.reconnected41("x");
        assertStatus(NfsStatus.RECLAIM_BAD, () -> rig.files().open(again, reclaim("alice", 7, READ, 0)));
    }

    /** Edge condition: the lease ran out, another got the lock and gave it back, crash. */
    @Test
    void whoseStateWasRevokedCannotReclaimAfterACrash() throws Exception {
        Client gone = rig.client41("x");
        rig.open(gone, "alice", 7, WRITE, WRITE);
        rig.pass(LEASE.plusSeconds(1));
        Client other = rig.client41("y");
        rig.open(other, "bob", 7, WRITE, 0);
        assertThat(rig.stable.record(1, "x")).isEmpty();

        rig.restart();
        Client back = rig.reconnected41("x");
        assertStatus(NfsStatus.RECLAIM_BAD, () -> rig.files().open(back, reclaim("alice", 7, WRITE, WRITE)));
    }

    @Test
    void aClientThatNeverCompletedHeldNothing() throws NfsException {
        rig.reconnected41("x");
        rig.restart();
        assertGraceOver();
        assertThat(rig.stable.size()).isZero();
    }

    @Test
    void graceDoesNotEndBeforeStableStorageKnows() throws Exception {
        rig.client41("x");
        rig.restart();
        rig.stable.fail(true);
        rig.pass(LEASE.plusSeconds(1));
        assertInGrace();
        rig.stable.fail(false);
        rig.state.tick();
        assertGraceOver();
    }
}
