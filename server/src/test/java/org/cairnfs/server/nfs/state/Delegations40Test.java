package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.state.StateRig.READ;
import static org.cairnfs.server.nfs.state.StateRig.ROOT;
import static org.cairnfs.server.nfs.state.StateRig.UID;
import static org.cairnfs.server.nfs.state.StateRig.WRITE;
import static org.cairnfs.server.nfs.state.StateRig.assertStatus;
import static org.cairnfs.server.nfs.state.StateRig.bytes;
import static org.cairnfs.server.nfs.state.StateRig.file;

import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.server.nfs.state.DelegationAnswer.Reason;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.Test;

/** Read delegations of 4.0 clients, which are called over a connection of their own and can be told of a loss by one error only. */
class Delegations40Test {
    private static final Duration MOMENT = Duration.ofSeconds(5);
    private static final Callback40 ELSEWHERE = new Callback40(1, "tcp", "10.0.0.9.3.4", 9, false);

    private final StateRig rig = new StateRig();

    private DelegationAnswer ask(Client client, long inode) throws Exception {
        rig.open(client, "reader", inode, READ, 0);
        return rig.files().delegate(client, new DelegationRequest(file(inode), bytes("file " + inode), UID, false));
    }

    private Stateid delegate(Client client, long inode) throws Exception {
        return ((DelegationAnswer.Granted) ask(client, inode)).stateid();
    }

    private void giveBack(Stateid delegation, long inode) throws NfsException {
        rig.files().returnDelegation(Optional.empty(), delegation, file(inode));
    }

    private Leases.Outcome change(long inode) {
        Leases.Outcome outcome = rig.leases.breakLeases(file(inode), Leases.ANYBODY);
        if (outcome == Leases.Outcome.CLEAR) {
            rig.leases.changed(file(inode));
        }
        return outcome;
    }

    private Client named(String owner, Callback40 service) throws NfsException {
        SetClientIdResult.Granted granted = (SetClientIdResult.Granted)
                rig.clients().setClientId(new SetClientIdRequest(ROOT, 1, bytes(owner), service));
        rig.clients().setClientIdConfirm(ROOT, granted.clientId(), granted.confirm());
        return rig.clients().client40(granted.clientId());
    }

    // ---- who can be called

    @Test
    void theServiceIsProbedBeforeAnythingIsGiven() throws Exception {
        Client alice = rig.client40("alice");
        assertThat(rig.callbacks.probed()).hasSize(1);
        delegate(alice, 7);
        assertThat(rig.callbacks.isQuiet()).isTrue();
    }

    @Test
    void whoDoesNotAnswerTheProbeGetsNone() throws Exception {
        rig.callbacks.setUp(false);
        Client alice = rig.client40("alice");
        assertThat(ask(alice, 7)).isEqualTo(new DelegationAnswer.Refused(Reason.RESOURCE));
        rig.clients().renew(alice.id());
    }

    /** Anybody could have the server call anybody else. */
    @Test
    void aServiceOfAnotherHostIsNotEvenProbed() throws Exception {
        Client alice = named("alice", ELSEWHERE);
        assertThat(rig.callbacks.probed()).isEmpty();
        assertThat(ask(alice, 7)).isEqualTo(new DelegationAnswer.Refused(Reason.RESOURCE));
    }

    @Test
    void aServiceThatIsNamedLaterIsProbedThen() throws Exception {
        Client alice = named("alice", ELSEWHERE);
        assertThat(rig.client40("alice")).as("an update of its callback").isSameAs(alice);
        delegate(alice, 7);
        named("alice", ELSEWHERE);
        assertThat(ask(alice, 8)).isEqualTo(new DelegationAnswer.Refused(Reason.RESOURCE));
    }

    // ---- recalls

    @Test
    void itIsRecalledByItsServiceAndReturned() throws Exception {
        Client alice = rig.client40("alice");
        Stateid delegation = delegate(alice, 7);
        assertThat(change(7)).isEqualTo(Leases.Outcome.DELAY);
        PlayedCallbacks.Sent recall = rig.callbacks.next();
        assertThat(recall.service()).isEqualTo(((ClientEntry) alice).callback());
        assertThat(recall.recall()).isEqualTo(new Callbacks.Recall(delegation, bytes("file 7")));
        recall.answer(NfsStatus.OK);
        rig.pass(MOMENT);
        assertThat(rig.callbacks.isQuiet()).as("asked once").isTrue();
        giveBack(delegation, 7);
        assertThat(change(7)).isEqualTo(Leases.Outcome.CLEAR);
        assertStatus(NfsStatus.BAD_STATEID, () -> giveBack(delegation, 7));
    }

    @Test
    void soManyRecallsAtATimeAndNoMore() throws Exception {
        StateRig wide = new StateRig(new StateSettings(
                StateRig.LEASE,
                StateRig.COURTESY,
                Duration.ofMillis(20),
                6,
                4,
                3,
                5,
                100,
                100,
                StateRig.CHANNEL,
                1 << 20,
                new DelegationSettings(40, 40)));
        Client alice = wide.client40("alice");
        for (int inode = 1; inode <= 20; inode++) {
            assertThat(wide.files().delegate(alice, new DelegationRequest(file(inode), bytes("f"), UID, false)))
                    .isInstanceOf(DelegationAnswer.Granted.class);
        }
        for (int inode = 1; inode <= 20; inode++) {
            wide.leases.breakLeases(file(inode), Leases.ANYBODY);
        }
        assertThat(wide.callbacks.waiting()).isEqualTo(16);
        for (int answered = 0; answered < 20; answered++) {
            wide.callbacks.next().answer(NfsStatus.OK);
        }
        assertThat(wide.callbacks.isQuiet()).isTrue();
    }

    // ---- who cannot be reached

    @Test
    void itsRenewalSaysThatItCannotBeReachedWhileItHoldsSome() throws Exception {
        Client alice = rig.client40("alice");
        Stateid delegation = delegate(alice, 7);
        rig.clients().renew(alice.id());
        change(7);
        rig.callbacks.next().lose();
        assertStatus(NfsStatus.CB_PATH_DOWN, () -> rig.clients().renew(alice.id()));
        assertThat(ask(alice, 8)).isEqualTo(new DelegationAnswer.Refused(Reason.RESOURCE));
        giveBack(delegation, 7);
        rig.clients().renew(alice.id());
    }

    /** RFC 7530 section 16.28.4: that renewal is one all the same. */
    @Test
    void suchARenewalRenews() throws Exception {
        Client alice = rig.client40("alice");
        delegate(alice, 7);
        Stateid open = rig.open40(alice, "owner", 1, 9, READ);
        change(7);
        rig.callbacks.next().lose();
        for (int i = 0; i < 4; i++) {
            rig.pass(StateRig.LEASE.dividedBy(2).minus(MOMENT));
            if (i < 2) {
                assertStatus(NfsStatus.CB_PATH_DOWN, () -> rig.clients().renew(alice.id()));
            } else {
                rig.clients().renew(alice.id());
            }
        }
        assertThat(change(7)).as("revoked a lease after the recall").isEqualTo(Leases.Outcome.CLEAR);
        assertThat(rig.files().checkIo(Optional.empty(), open, file(9), IoKind.READ, UID))
                .as("it keeps what it has else")
                .isEqualTo(new IoGrant(true));
    }

    @Test
    void aServiceThatIsUpAgainIsCalledAgain() throws Exception {
        Client alice = rig.client40("alice");
        Stateid delegation = delegate(alice, 7);
        change(7);
        rig.callbacks.next().lose();
        rig.client40("alice");
        assertThat(rig.callbacks.probed()).hasSize(2);
        rig.clients().renew(alice.id());
        rig.pass(MOMENT);
        PlayedCallbacks.Sent again = rig.callbacks.next();
        assertThat(again.recall().stateid()).isEqualTo(delegation);
        again.answer(NfsStatus.OK);
    }

    // ---- revoked

    /** It is alive, so it loses this one only; a 4.0 stateid of one that is revoked is unknown. */
    @Test
    void whoDoesNotReturnItLosesItWithOneError() throws Exception {
        Client alice = rig.client40("alice");
        Stateid delegation = delegate(alice, 7);
        Stateid another = delegate(alice, 8);
        change(7);
        rig.callbacks.next().answer(NfsStatus.OK);
        rig.pass(StateRig.LEASE.minus(MOMENT));
        rig.clients().renew(alice.id());
        assertThat(change(7)).isEqualTo(Leases.Outcome.DELAY);
        rig.pass(MOMENT);
        assertThat(change(7)).isEqualTo(Leases.Outcome.CLEAR);
        assertStatus(
                NfsStatus.BAD_STATEID,
                () -> rig.files().checkIo(Optional.empty(), delegation, file(7), IoKind.READ, UID));
        assertStatus(NfsStatus.BAD_STATEID, () -> giveBack(delegation, 7));
        rig.clients().renew(alice.id());
        giveBack(another, 8);
        assertThat(rig.state.delegations()).isEqualTo(new DelegationCounts(0, 2, 1, 1));
        assertThat(rig.stable.record(0, "alice").orElseThrow().delegations())
                .as("after a crash it must not reclaim it")
                .isEqualTo(DelegationRecord.LOST);
    }

    /** Else it would believe its cache when it comes back: nothing could tell it of one delegation. */
    @Test
    void whoIsSilentLosesEverything() throws Exception {
        Client alice = rig.client40("alice");
        Stateid delegation = delegate(alice, 7);
        Stateid open = rig.open40(alice, "owner", 1, 9, WRITE);
        rig.pass(StateRig.LEASE.plus(MOMENT));
        assertThat(change(7)).isEqualTo(Leases.Outcome.DELAY);
        assertThat(rig.callbacks.isQuiet()).as("not waited for").isTrue();
        assertThat(change(7)).isEqualTo(Leases.Outcome.CLEAR);
        assertStatus(NfsStatus.EXPIRED, () -> giveBack(delegation, 7));
        assertStatus(NfsStatus.EXPIRED, () -> rig.files().checkIo(Optional.empty(), open, file(9), IoKind.WRITE, UID));
        assertStatus(NfsStatus.EXPIRED, () -> rig.clients().renew(alice.id()));
        Client again = rig.client40("alice");
        delegate(again, 8);
        rig.clients().renew(again.id());
    }

    @Test
    void whoseServiceIsDownReclaimsOneToGiveItBack() throws Exception {
        delegate(rig.client40("alice"), 7);
        rig.restart();
        rig.callbacks.setUp(false);
        Client alice = rig.client40("alice");
        rig.files().open(alice, StateRig.reclaim("reader", 7, READ, 0));
        DelegationAnswer.Granted again = (DelegationAnswer.Granted)
                rig.files().delegate(alice, new DelegationRequest(file(7), bytes("file 7"), UID, true));
        assertThat(again.recall()).isTrue();
        giveBack(again.stateid(), 7);
    }
}
