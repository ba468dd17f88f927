package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.state.StateRig.READ;
import static org.cairnfs.server.nfs.state.StateRig.UID;
import static org.cairnfs.server.nfs.state.StateRig.WRITE;
import static org.cairnfs.server.nfs.state.StateRig.assertStatus;
import static org.cairnfs.server.nfs.state.StateRig.bytes;
import static org.cairnfs.server.nfs.state.StateRig.file;

import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.server.nfs.state.DelegationAnswer.Reason;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Read delegations of 4.1 clients: who gets one, how it is called back, and what becomes of one that is not returned. */
class DelegationsTest {
    private static final Duration MOMENT = Duration.ofSeconds(5);

    private final StateRig rig = new StateRig();
    private SessionId session;
    private Client alice;
    private Client bob;
    private int sequence = 1;

    @BeforeEach
    void begin() throws NfsException {
        session = rig.session("alice", 1);
        alice = rig.clientOf(session);
        rig.clients().reclaimComplete(alice, false);
        bob = rig.client41("bob");
    }

    /** How the client knows a file. */
    private static Bytes handle(long inode) {
        return bytes("file " + inode);
    }

    private static DelegationRequest request(long inode) {
        return new DelegationRequest(file(inode), handle(inode), UID, false);
    }

    private DelegationAnswer ask(Client client, long inode) throws Exception {
        rig.open(client, "reader", inode, READ, 0);
        return rig.files().delegate(client, request(inode));
    }

    private Stateid delegate(Client client, long inode) throws Exception {
        DelegationAnswer answer = ask(client, inode);
        assertThat(answer).isInstanceOf(DelegationAnswer.Granted.class);
        assertThat(((DelegationAnswer.Granted) answer).recall()).isFalse();
        return ((DelegationAnswer.Granted) answer).stateid();
    }

    private void giveBack(Client client, Stateid delegation, long inode) throws NfsException {
        rig.files().returnDelegation(Optional.of(client), delegation, file(inode));
    }

    private static DelegationAnswer refused(Reason reason) {
        return new DelegationAnswer.Refused(reason);
    }

    /** The flags of a SEQUENCE of Alice's. */
    private int flags() throws NfsException {
        SequenceResult result = rig.clients().sequence(rig.sequence(session, ++sequence, 0));
        try (SlotTurn turn = ((SequenceResult.Execute) result).turn()) {
            return turn.sequence().statusFlags();
        }
    }

    private DelegationCounts counts() {
        return rig.state.delegations();
    }

    /** Bob wants to write. */
    private void disturb() {
        assertStatus(NfsStatus.DELAY, () -> rig.open(bob, "writer", 7, WRITE, 0));
    }

    // ---- given

    @Test
    void aReaderGetsOneAndMayReadUnderIt() throws Exception {
        Stateid delegation = delegate(alice, 7);
        Optional<Client> by = Optional.of(alice);
        assertThat(rig.files().checkIo(by, delegation, file(7), IoKind.READ, UID))
                .isEqualTo(new IoGrant(true));
        assertThat(rig.files().checkIo(by, delegation, file(7), IoKind.READ, UID + 1))
                .isEqualTo(new IoGrant(false));
        assertStatus(NfsStatus.OPENMODE, () -> rig.files().checkIo(by, delegation, file(7), IoKind.WRITE, UID));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().checkIo(by, delegation, file(8), IoKind.READ, UID));
        assertStatus(NfsStatus.BAD_STATEID, () -> giveBack(bob, delegation, 7));
        assertStatus(NfsStatus.BAD_STATEID, () -> giveBack(alice, delegation, 8));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().close(by, delegation, file(7)));
        giveBack(alice, delegation, 7);
        assertStatus(NfsStatus.BAD_STATEID, () -> giveBack(alice, delegation, 7));
        assertThat(counts()).isEqualTo(new DelegationCounts(0, 1, 0, 0));
    }

    @Test
    void aNamedAttributeHasNone() throws Exception {
        FileHandle attribute = file(7).withAttribute(3);
        assertThat(rig.files().delegate(alice, new DelegationRequest(attribute, handle(7), UID, false)))
                .isEqualTo(refused(Reason.RESOURCE));
        delegate(alice, 7);
    }

    @Test
    void manyReadersGetOneEachAndNobodyTwo() throws Exception {
        delegate(alice, 7);
        delegate(bob, 7);
        assertThat(ask(alice, 7)).isEqualTo(refused(Reason.RESOURCE));
        assertThat(counts().held()).isEqualTo(2);
    }

    @Test
    void whatOthersWriteIsNotDelegatedButWhatOneWritesOneselfIs() throws Exception {
        Stateid writing = rig.open(bob, "writer", 7, WRITE, 0);
        assertThat(ask(alice, 7)).isEqualTo(refused(Reason.CONTENTION));
        rig.files().close(Optional.of(bob), writing, file(7));
        rig.open(alice, "writer", 7, WRITE, 0);
        delegate(alice, 7);
        assertThat(rig.callbacks.isQuiet()).isTrue();
    }

    @Test
    void whatIsChangingIsNotDelegated() throws Exception {
        assertThat(rig.leases.breakLeases(file(7), Leases.ANYBODY)).isEqualTo(Leases.Outcome.CLEAR);
        assertThat(ask(alice, 7)).isEqualTo(refused(Reason.CONTENTION));
        rig.leases.changed(file(7));
        delegate(alice, 7);
    }

    @Test
    void whoCannotBeCalledGetsNone() throws Exception {
        rig.state.connectionClosed(rig.connection);
        assertThat(ask(alice, 7)).isEqualTo(refused(Reason.RESOURCE));
        assertThat(flags()).isEqualTo(SequenceReply.CB_PATH_DOWN | SequenceReply.CB_PATH_DOWN_SESSION);
        rig.clients().bindConnection(session, new Connection() {}, ChannelDirection.BOTH);
        assertThat(flags()).isZero();
        delegate(alice, 7);
    }

    @Test
    void thereIsALimitForEachClientAndForAll() throws Exception {
        delegate(alice, 1);
        delegate(alice, 2);
        Stateid third = delegate(alice, 3);
        assertThat(rig.files().delegate(alice, request(4))).isEqualTo(refused(Reason.RESOURCE));
        delegate(bob, 1);
        delegate(bob, 2);
        assertThat(rig.files().delegate(bob, request(3))).isEqualTo(refused(Reason.RESOURCE));
        giveBack(alice, third, 3);
        assertThat(rig.files().delegate(bob, request(3))).isInstanceOf(DelegationAnswer.Granted.class);
        assertThat(rig.leases.breakLeases(file(4), Leases.ANYBODY))
                .as("what was refused left nothing")
                .isEqualTo(Leases.Outcome.CLEAR);
    }

    @Test
    void aServerMayGiveNone() throws Exception {
        StateRig off = new StateRig(StateRig.SETTINGS.withDelegations(DelegationSettings.OFF));
        Client carol = off.client41("carol");
        off.open(carol, "reader", 7, READ, 0);
        assertThat(off.files().delegate(carol, request(7))).isEqualTo(refused(Reason.RESOURCE));
    }

    // ---- called back

    @Test
    void whoWantsToWriteWaitsUntilItIsReturned() throws Exception {
        Stateid delegation = delegate(alice, 7);
        Stateid denying = rig.open(bob, "reader", 7, READ, WRITE);
        assertThat(rig.callbacks.isQuiet()).as("nothing that disturbs").isTrue();
        rig.files().close(Optional.of(bob), denying, file(7));
        disturb();
        PlayedCallbacks.Sent recall = rig.callbacks.next();
        assertThat(recall.recall()).isEqualTo(new Callbacks.Recall(delegation, handle(7)));
        assertThat(recall.call().session()).isEqualTo(session);
        assertThat(recall.call().over()).isSameAs(rig.connection);
        assertThat(recall.call().sequence()).isEqualTo(1);
        recall.answer(NfsStatus.OK);
        disturb();
        rig.pass(MOMENT);
        assertThat(rig.callbacks.isQuiet()).as("asked once").isTrue();
        giveBack(alice, delegation, 7);
        rig.open(bob, "writer", 7, WRITE, 0);
        assertThat(counts()).isEqualTo(new DelegationCounts(0, 1, 1, 0));
    }

    @Test
    void whoIsRefusedCallsNothingBack() throws Exception {
        rig.open(alice, "denier", 7, READ, WRITE);
        rig.files().delegate(alice, request(7));
        assertStatus(NfsStatus.SHARE_DENIED, () -> rig.open(bob, "writer", 7, WRITE, 0));
        assertThat(rig.callbacks.isQuiet()).isTrue();
    }

    @Test
    void onesOwnOpenForWritingCallsNothingBackButThatOfOthers() throws Exception {
        delegate(alice, 7);
        delegate(bob, 7);
        assertStatus(NfsStatus.DELAY, () -> rig.open(alice, "writer", 7, WRITE, 0));
        assertThat(rig.callbacks.next().call().session()).isNotEqualTo(session);
        assertThat(rig.callbacks.isQuiet()).isTrue();
    }

    @Test
    void whoeverChangesTheFileSystemHasItCalledBack() throws Exception {
        Stateid delegation = delegate(alice, 7);
        assertThat(rig.leases.breakLeases(file(7), alice.id())).isEqualTo(Leases.Outcome.CLEAR);
        rig.leases.changed(file(7));
        assertThat(rig.leases.breakLeases(file(7), Leases.ANYBODY)).isEqualTo(Leases.Outcome.DELAY);
        rig.callbacks.next().answer(NfsStatus.OK);
        giveBack(alice, delegation, 7);
        assertThat(rig.leases.breakLeases(file(7), Leases.ANYBODY)).isEqualTo(Leases.Outcome.CLEAR);
    }

    @Test
    void aFileThatWasFoughtOverIsNotDelegatedForAWhile() throws Exception {
        Stateid delegation = delegate(alice, 7);
        disturb();
        giveBack(alice, delegation, 7);
        assertThat(ask(alice, 7)).isEqualTo(refused(Reason.CONTENTION));
        rig.pass(StateRig.LEASE.dividedBy(3));
        delegate(alice, 7);
    }

    /** As many recalls at a time as there are slots; the next goes when one is answered, with the next number. */
    @Test
    void recallsShareTheSlotsOfTheBackChannel() throws Exception {
        StateRig wide = new StateRig(StateRig.SETTINGS.withDelegations(new DelegationSettings(8, 8)));
        Client carol = wide.client41("carol");
        for (int inode = 1; inode <= 6; inode++) {
            assertThat(wide.files().delegate(carol, request(inode))).isInstanceOf(DelegationAnswer.Granted.class);
        }
        for (int inode = 1; inode <= 6; inode++) {
            wide.leases.breakLeases(file(inode), Leases.ANYBODY);
        }
        assertThat(wide.callbacks.waiting()).isEqualTo((int) StateRig.CHANNEL.maxRequests());
        PlayedCallbacks.Sent first = wide.callbacks.next();
        assertThat(first.call().slot()).isZero();
        assertThat(wide.callbacks.next().call().slot()).isEqualTo(1);
        assertThat(wide.callbacks.next().call().highestSlot()).isEqualTo(2);
        assertThat(wide.callbacks.next().call().sequence()).isEqualTo(1);
        first.answer(NfsStatus.OK);
        PlayedCallbacks.Sent fifth = wide.callbacks.next();
        assertThat(fifth.call().slot()).isZero();
        assertThat(fifth.call().sequence()).isEqualTo(2);
        assertThat(fifth.recall().handle()).isEqualTo(handle(5));
        assertThat(wide.callbacks.isQuiet()).isTrue();
    }

    @Test
    void aRecallThatIsLostIsRepeatedOverAnotherConnection() throws Exception {
        Stateid delegation = delegate(alice, 7);
        Connection another = new Connection() {};
        disturb();
        rig.callbacks.next().lose();
        assertThat(flags()).isEqualTo(SequenceReply.CB_PATH_DOWN | SequenceReply.CB_PATH_DOWN_SESSION);
        rig.pass(MOMENT);
        assertThat(rig.callbacks.isQuiet()).isTrue();
        rig.clients().bindConnection(session, another, ChannelDirection.BOTH);
        rig.pass(MOMENT);
        PlayedCallbacks.Sent again = rig.callbacks.next();
        assertThat(again.call().over()).isSameAs(another);
        assertThat(again.call().sequence())
                .as("the lost one may have been taken")
                .isEqualTo(2);
        again.refuse(NfsStatus.SEQ_MISORDERED);
        rig.pass(MOMENT);
        PlayedCallbacks.Sent third = rig.callbacks.next();
        assertThat(third.call().sequence()).as("it was not").isEqualTo(1);
        third.answer(NfsStatus.OK);
        giveBack(alice, delegation, 7);
        assertThat(flags()).isZero();
    }

    @Test
    void aBackChannelThatDoesNotAgreeIsAtFault() throws Exception {
        delegate(alice, 7);
        disturb();
        rig.callbacks.next().refuse(NfsStatus.BADSESSION);
        assertThat(flags()).isEqualTo(SequenceReply.CB_PATH_DOWN | SequenceReply.BACKCHANNEL_FAULT);
        rig.pass(MOMENT);
        assertThat(rig.callbacks.isQuiet()).isTrue();
    }

    @Test
    void aClientThatWantsItLaterIsAskedLater() throws Exception {
        delegate(alice, 7);
        disturb();
        rig.callbacks.next().refuse(NfsStatus.DELAY);
        rig.pass(MOMENT);
        PlayedCallbacks.Sent again = rig.callbacks.next();
        assertThat(again.call().sequence()).isEqualTo(1);
        again.answer(NfsStatus.DELAY);
        rig.pass(MOMENT);
        assertThat(rig.callbacks.next().call().sequence()).isEqualTo(2);
        assertThat(flags()).isZero();
    }

    /** The recall may have overtaken the answer of OPEN; but not twice. */
    @Test
    void aClientThatDoesNotKnowItIsAskedAgainAndThenBelieved() throws Exception {
        delegate(alice, 7);
        disturb();
        rig.callbacks.next().answer(NfsStatus.BADHANDLE);
        disturb();
        rig.pass(MOMENT);
        rig.callbacks.next().answer(NfsStatus.BAD_STATEID);
        rig.open(bob, "writer", 7, WRITE, 0);
    }

    // ---- revoked

    @Test
    void whatIsNotReturnedWithinALeaseIsRevokedAndTheClientHearsOfIt() throws Exception {
        Stateid delegation = delegate(alice, 7);
        Stateid open = rig.open(alice, "reader", 7, READ, 0);
        disturb();
        rig.callbacks.next().answer(NfsStatus.OK);
        rig.pass(StateRig.LEASE.minus(MOMENT));
        assertThat(flags()).isZero();
        disturb();
        rig.pass(MOMENT);
        rig.open(bob, "writer", 7, WRITE, 0);

        assertThat(flags()).isEqualTo(SequenceReply.RECALLABLE_STATE_REVOKED);
        Optional<Client> by = Optional.of(alice);
        assertStatus(NfsStatus.DELEG_REVOKED, () -> rig.files().checkIo(by, delegation, file(7), IoKind.READ, UID));
        assertStatus(NfsStatus.DELEG_REVOKED, () -> giveBack(alice, delegation, 7));
        assertStatus(NfsStatus.DELEG_REVOKED, () -> rig.files().checkClaim(alice, delegation, file(7), READ));
        assertThat(rig.files().test(alice, delegation)).isEqualTo(NfsStatus.DELEG_REVOKED);
        assertThat(rig.files().test(alice, open)).isEqualTo(NfsStatus.OK);
        rig.files().free(alice, delegation);
        assertThat(flags()).isZero();
        assertThat(rig.files().test(alice, delegation)).isEqualTo(NfsStatus.BAD_STATEID);
        assertThat(counts()).isEqualTo(new DelegationCounts(0, 1, 1, 1));
    }

    @Test
    void oneThatIsHeldIsNotFreed() throws Exception {
        Stateid delegation = delegate(alice, 7);
        assertThat(rig.files().test(alice, delegation)).isEqualTo(NfsStatus.OK);
        assertStatus(NfsStatus.LOCKS_HELD, () -> rig.files().free(alice, delegation));
    }

    /** Nobody waits for a client that is gone; what nobody wants, it keeps. */
    @Test
    void aSilentClientLosesItsDelegationAtOnceAndNothingElse() throws Exception {
        Stateid delegation = delegate(alice, 7);
        rig.pass(StateRig.LEASE.plus(MOMENT));
        rig.clients().sequence(rig.sequence(session(bob), 1, 1));
        disturb();
        assertThat(rig.callbacks.isQuiet()).isTrue();
        rig.open(bob, "writer", 7, WRITE, 0);
        assertThat(flags()).isEqualTo(SequenceReply.RECALLABLE_STATE_REVOKED);
        assertThat(rig.files().test(alice, delegation)).isEqualTo(NfsStatus.DELEG_REVOKED);
    }

    private static SessionId session(Client client) {
        return ((ClientEntry) client).sessions().iterator().next().id();
    }

    @Test
    void aClientThatGoesSilentWhileItIsCalledIsNotWaitedFor() throws Exception {
        delegate(alice, 7);
        rig.pass(StateRig.LEASE.minus(MOMENT));
        rig.clients().sequence(rig.sequence(session(bob), 1, 1));
        disturb();
        rig.pass(MOMENT.multipliedBy(2));
        rig.open(bob, "writer", 7, WRITE, 0);
    }

    @Test
    void whatAClientHadIsFreeWhenItIsGone() throws Exception {
        delegate(alice, 7);
        rig.pass(StateRig.LEASE.plus(StateRig.COURTESY).plus(MOMENT));
        Client carol = rig.client41("carol");
        rig.open(carol, "writer", 7, WRITE, 0);
        assertThat(counts().held()).isZero();
        assertThat(rig.state.states()).isEqualTo(1);
    }

    /** What is not stable must not be: else the client could reclaim it after a crash. */
    @Test
    void aDelegationIsRevokedOnlyWhenThatIsStable() throws Exception {
        delegate(alice, 7);
        disturb();
        rig.callbacks.next().answer(NfsStatus.OK);
        rig.stable.fail(true);
        rig.pass(StateRig.LEASE);
        disturb();
        rig.stable.fail(false);
        rig.pass(MOMENT);
        rig.open(bob, "writer", 7, WRITE, 0);
        assertThat(rig.stable.record(1, "alice").orElseThrow().delegations()).isEqualTo(DelegationRecord.LOST);
    }

    // ---- opens by the right of one

    @Test
    void aClientOpensByTheRightOfItsDelegationWhatThatAllows() throws Exception {
        Stateid delegation = delegate(alice, 7);
        disturb();
        rig.files().checkClaim(alice, delegation, file(7), READ);
        rig.open(alice, "late", 7, READ, 0);
        assertStatus(NfsStatus.OPENMODE, () -> rig.files().checkClaim(alice, delegation, file(7), WRITE));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().checkClaim(alice, delegation, file(8), READ));
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().checkClaim(bob, delegation, file(7), READ));
        Stateid open = rig.open(alice, "reader", 7, READ, 0);
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().checkClaim(alice, open, file(7), READ));
    }

    // ---- reclaimed

    private DelegationAnswer reclaim(Client client, long inode) throws Exception {
        FileHandle inodeOf = file(inode);
        rig.files().open(client, new OpenRequest(bytes("reader"), inodeOf, READ, 0, true, UID));
        return rig.files().delegate(client, new DelegationRequest(inodeOf, handle(inode), UID, true));
    }

    @Test
    void itIsReclaimedAfterARestartAndProtectsAgain() throws Exception {
        delegate(alice, 7);
        rig.restart();
        alice = rig.reconnected41("alice");
        DelegationAnswer again = reclaim(alice, 7);
        assertThat(again).isInstanceOf(DelegationAnswer.Granted.class);
        assertThat(reclaim(alice, 7)).as("its answer was lost").isEqualTo(again);
        rig.clients().reclaimComplete(alice, false);
        bob = rig.reconnected41("bob");
        rig.clients().reclaimComplete(bob, false);
        disturb();
        assertThat(rig.callbacks.next().recall().stateid()).isEqualTo(((DelegationAnswer.Granted) again).stateid());
    }

    @Test
    void whoCannotBeCalledReclaimsItToGiveItBack() throws Exception {
        delegate(alice, 7);
        rig.restart();
        SessionId mute = rig.session("alice", 1);
        alice = rig.clientOf(mute);
        rig.state.connectionClosed(rig.connection);
        DelegationAnswer.Granted again = (DelegationAnswer.Granted) reclaim(alice, 7);
        assertThat(again.recall()).isTrue();
        giveBack(alice, again.stateid(), 7);
    }

    private boolean isAwaited(long client) {
        return rig.leases.isAwaited(file(7), client);
    }

    @Test
    void filesOfBeforeWaitForThoseWhoMayReclaimOne() throws Exception {
        delegate(alice, 7);
        delegate(bob, 8);
        assertThat(isAwaited(Leases.ANYBODY)).as("no grace").isFalse();
        rig.restart();
        assertThat(isAwaited(Leases.ANYBODY)).isTrue();
        FileHandle newFile = new FileHandle(file(9).fileSystem(), 9, rig.incarnation(), 0);
        assertThat(rig.leases.isAwaited(newFile, Leases.ANYBODY)).isFalse();
        alice = rig.reconnected41("alice");
        bob = rig.reconnected41("bob");
        assertThat(isAwaited(alice.id())).as("for Bob").isTrue();

        rig.clients().reclaimComplete(bob, false);
        assertThat(isAwaited(alice.id())).as("for herself").isFalse();
        assertThat(isAwaited(bob.id())).isTrue();
        assertThat(isAwaited(Leases.ANYBODY)).isTrue();
        reclaim(alice, 7);
        rig.clients().reclaimComplete(alice, false);
        assertThat(isAwaited(Leases.ANYBODY)).isFalse();
    }

    @Test
    void whoDoesNotComeBackIsAwaitedNoLongerThanGrace() throws Exception {
        delegate(alice, 7);
        rig.restart();
        alice = rig.reconnected41("alice");
        rig.restart();
        assertThat(isAwaited(Leases.ANYBODY)).as("after the second crash").isTrue();
        rig.pass(StateRig.LEASE);
        assertThat(isAwaited(Leases.ANYBODY)).isFalse();
    }

    @Test
    void whoHasHadNoneIsNotAwaited() throws Exception {
        rig.open(alice, "reader", 7, READ, 0);
        rig.restart();
        assertThat(isAwaited(Leases.ANYBODY)).isFalse();
    }

    @Test
    void noneIsGivenThatWouldBeForgotten() throws Exception {
        rig.stable.fail(true);
        assertThat(ask(alice, 7)).isEqualTo(refused(Reason.RESOURCE));
        rig.stable.fail(false);
        delegate(alice, 8);
        assertThat(rig.stable.record(1, "alice").orElseThrow().delegations()).isEqualTo(DelegationRecord.GIVEN);
    }

    /** Should it have come to that: it is the last moment at which the one who had it can be told. */
    @Test
    void whatOthersChangedBeforeItIsReclaimedIsRecalledAtOnce() throws Exception {
        delegate(alice, 7);
        delegate(alice, 8);
        rig.restart();
        alice = rig.reconnected41("alice");
        change(7, Leases.ANYBODY);
        change(8, alice.id());
        DelegationAnswer.Granted changed = (DelegationAnswer.Granted) reclaim(alice, 7);
        assertThat(changed.recall()).isTrue();
        assertThat(rig.callbacks.next().recall().stateid()).isEqualTo(changed.stateid());
        assertThat(((DelegationAnswer.Granted) reclaim(alice, 8)).recall())
                .as("its own change")
                .isFalse();
        giveBack(alice, changed.stateid(), 7);
        rig.clients().reclaimComplete(alice, false);
    }

    private void change(long inode, long client) {
        assertThat(rig.leases.breakLeases(file(inode), client)).isEqualTo(Leases.Outcome.CLEAR);
        rig.leases.changed(file(inode));
    }

    @Test
    void afterGraceNothingIsRememberedOfWhatChanged() throws Exception {
        change(7, Leases.ANYBODY);
        assertThat(rig.leases.hasChanged(file(7), alice.id())).as("no grace").isFalse();
        rig.restart();
        change(7, Leases.ANYBODY);
        assertThat(rig.leases.hasChanged(file(7), alice.id())).isTrue();
        rig.pass(StateRig.LEASE);
        assertThat(rig.leases.hasChanged(file(7), alice.id())).isFalse();
    }

    @Test
    void whoLostOneReclaimsNoneButItsOpens() throws Exception {
        delegate(alice, 7);
        delegate(alice, 8);
        disturb();
        rig.callbacks.next().answer(NfsStatus.OK);
        rig.pass(StateRig.LEASE);
        rig.restart();
        alice = rig.reconnected41("alice");
        assertThat(reclaim(alice, 7)).isEqualTo(refused(Reason.RESOURCE));
        assertThat(reclaim(alice, 8)).isEqualTo(refused(Reason.RESOURCE));
        rig.clients().reclaimComplete(alice, false);
        assertThat(rig.stable.record(1, "alice").orElseThrow().delegations()).isEqualTo(DelegationRecord.NONE);
    }
}
