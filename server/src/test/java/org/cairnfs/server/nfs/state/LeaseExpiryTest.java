package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.state.StateRig.BOTH;
import static org.cairnfs.server.nfs.state.StateRig.COURTESY;
import static org.cairnfs.server.nfs.state.StateRig.LEASE;
import static org.cairnfs.server.nfs.state.StateRig.READ;
import static org.cairnfs.server.nfs.state.StateRig.ROOT;
import static org.cairnfs.server.nfs.state.StateRig.UID;
import static org.cairnfs.server.nfs.state.StateRig.WRITE;
import static org.cairnfs.server.nfs.state.StateRig.assertStatus;
import static org.cairnfs.server.nfs.state.StateRig.bytes;
import static org.cairnfs.server.nfs.state.StateRig.file;
import static org.cairnfs.server.nfs.state.StateRig.granted;
import static org.cairnfs.server.nfs.state.StateRig.range;

import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.Test;

/** What happens to clients that are silent: courtesy while nobody minds, then nothing is left of them. */
class LeaseExpiryTest {
    private static final Duration LAPSED = LEASE.plusSeconds(1);

    private final StateRig rig = new StateRig();

    private SlotTurn turn(SessionId session, int sequence) throws NfsException {
        return ((SequenceResult.Execute) rig.clients().sequence(rig.sequence(session, sequence, 0))).turn();
    }

    @Test
    void aSilentClientKeepsWhatNobodyWantsAndMayComeBack() throws Exception {
        SessionId session = rig.session("x", 1);
        Client client = rig.clientOf(session);
        rig.clients().reclaimComplete(client, false);
        Stateid open = rig.open(client, "alice", 7, READ, 0);
        rig.pass(LEASE.plus(COURTESY));
        turn(session, 2).close();
        assertThat(rig.files().checkIo(Optional.of(client), open, file(7), IoKind.READ, UID))
                .isEqualTo(new IoGrant(true));
        rig.pass(LEASE.plus(COURTESY));
        assertThat(rig.pins.total()).isEqualTo(1);
    }

    @Test
    void afterItsCourtesyNothingIsLeft() throws Exception {
        SessionId session = rig.session("x", 1);
        Client client = rig.clientOf(session);
        rig.clients().reclaimComplete(client, false);
        Stateid open = rig.open(client, "alice", 7, BOTH, WRITE);
        granted(rig.files().lock(Optional.of(client), open, bytes("p"), range(7, LockMode.WRITE, 0, 10)));
        rig.pass(LEASE.plus(COURTESY).plusSeconds(1));

        assertThat(rig.pins.total()).isZero();
        assertThat(rig.state.states()).isZero();
        assertThat(rig.stable.size()).isZero();
        assertStatus(NfsStatus.BADSESSION, () -> turn(session, 2));
        assertStatus(NfsStatus.DEADSESSION, () -> rig.open(client, "alice", 7, READ, 0));
        assertStatus(
                NfsStatus.BAD_STATEID, () -> rig.files().checkIo(Optional.of(client), open, file(7), IoKind.READ, UID));
        assertStatus(NfsStatus.DEADSESSION, () -> rig.clients().reclaimComplete(client, false));
        assertThat(rig.stable.size()).isZero();
        assertThat(rig.exchangeId("x", 1, ROOT, 0).flags() & ExchangeIdRequest.CONFIRMED)
                .isZero();
    }

    @Test
    void aRequestInWorkKeepsTheLease() throws Exception {
        SessionId session = rig.session("x", 1);
        SlotTurn work = turn(session, 1);
        rig.pass(LEASE.plus(COURTESY).plusSeconds(1));
        rig.clients().reclaimComplete(work.client(), false);
        rig.open(work.client(), "alice", 7, READ, 0);
        work.close();
        rig.pass(LEASE);
        assertThat(rig.pins.total()).isEqualTo(1);
    }

    @Test
    void aLapsedShareGivesWayAndALiveOneDoesNot() throws Exception {
        Client silent = rig.client41("x");
        rig.open(silent, "alice", 7, WRITE, BOTH);
        Client other = rig.client41("y");
        assertStatus(NfsStatus.SHARE_DENIED, () -> rig.open(other, "bob", 7, READ, 0));
        rig.pass(LAPSED);
        rig.open(other, "bob", 7, READ, 0);
        assertThat(rig.pins.of(file(7))).isEqualTo(1);
        assertThat(rig.stable.record(1, "x")).isEmpty();
        assertStatus(NfsStatus.DEADSESSION, () -> rig.open(silent, "alice", 7, READ, 0));
    }

    @Test
    void lapsedLocksGiveWay() throws Exception {
        Client silent = rig.client41("x");
        Stateid held = rig.open(silent, "alice", 7, BOTH, 0);
        granted(rig.files().lock(Optional.of(silent), held, bytes("p"), range(7, LockMode.WRITE, 0, 10)));
        Client other = rig.client41("y");
        Stateid open = rig.open(other, "bob", 7, BOTH, 0);
        rig.pass(LAPSED);
        granted(rig.files().lock(Optional.of(other), open, bytes("q"), range(7, LockMode.WRITE, 0, 10)));
        assertThat(rig.pins.of(file(7))).isEqualTo(1);
    }

    @Test
    void lapsedLocksAreNotReportedByLockTest() throws Exception {
        Client silent = rig.client41("x");
        Stateid held = rig.open(silent, "alice", 7, BOTH, 0);
        granted(rig.files().lock(Optional.of(silent), held, bytes("p"), range(7, LockMode.WRITE, 0, 10)));
        rig.pass(LAPSED);
        assertThat(rig.files().lockTest(rig.client41("y"), bytes("q"), range(7, LockMode.READ, 0, 10)))
                .isEmpty();
    }

    @Test
    void aLapsedDenyDoesNotStopAnonymousIo() throws Exception {
        rig.open(rig.client41("x"), "alice", 7, READ, WRITE);
        rig.pass(LAPSED);
        Optional<Client> other = Optional.of(rig.client41("y"));
        assertThat(rig.files().checkIo(other, Stateid.ANONYMOUS, file(7), IoKind.WRITE, UID))
                .isEqualTo(new IoGrant(false));
    }

    /** Else, after a crash, the silent client could reclaim what the other was given. */
    @Test
    void nothingGivesWayWhileStableStorageCannotNoteIt() throws Exception {
        rig.open(rig.client41("x"), "alice", 7, WRITE, BOTH);
        rig.pass(LAPSED);
        Client other = rig.client41("y");
        rig.stable.fail(true);
        assertStatus(NfsStatus.SHARE_DENIED, () -> rig.open(other, "bob", 7, READ, 0));
        assertThat(rig.pins.of(file(7))).isEqualTo(1);
        rig.stable.fail(false);
        rig.open(other, "bob", 7, READ, 0);
        assertThat(rig.pins.of(file(7))).isEqualTo(1);
    }

    @Test
    void clientsOf40AreRenewedByRenewAndByTheirStateids() throws Exception {
        Client client = rig.client40("x");
        Stateid open = rig.open40(client, "alice", 1, 7, READ);
        for (int i = 0; i < 100; i++) {
            rig.pass(COURTESY);
            rig.files().checkIo(Optional.empty(), open, file(7), IoKind.READ, UID);
        }
        rig.pass(LEASE.plus(COURTESY).plusSeconds(1));
        assertStatus(NfsStatus.EXPIRED, () -> rig.clients().renew(client.id()));
        assertStatus(NfsStatus.EXPIRED, () -> rig.files().checkIo(Optional.empty(), open, file(7), IoKind.READ, UID));
        assertThat(rig.pins.total()).isZero();
    }

    @Test
    void whatWasNeverConfirmedIsForgotten() throws NfsException {
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        SetClientIdResult.Granted granted = rig.setClientId("x", 1, ROOT);
        rig.pass(LAPSED);
        assertStatus(NfsStatus.STALE_CLIENTID, () -> rig.clients().createSession(rig.sessionRequest(exchanged, ROOT)));
        assertStatus(
                NfsStatus.STALE_CLIENTID,
                () -> rig.clients().setClientIdConfirm(ROOT, granted.clientId(), granted.confirm()));
    }

    @Test
    void idleOwnersOf40AreForgottenAndUsedOnesAreNot() throws Exception {
        Client client = rig.client40("x");
        Stateid used = rig.open40(client, "used", 1, 7, READ);
        Stateid idle = rig.open40(client, "idle", 1, 8, READ);
        rig.files().close(Optional.empty(), idle, file(8));
        rig.pass(LEASE);
        rig.clients().renew(client.id());
        rig.files().turn(idle, 2).close();
        rig.pass(Duration.ofSeconds(1));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().turn(idle, 2));
        rig.files().turn(used, 2).close();
    }
}
