package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.state.StateRig.CHANNEL;
import static org.cairnfs.server.nfs.state.StateRig.MALLORY;
import static org.cairnfs.server.nfs.state.StateRig.READ;
import static org.cairnfs.server.nfs.state.StateRig.ROOT;
import static org.cairnfs.server.nfs.state.StateRig.assertStatus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.Test;

/** CREATE_SESSION by the phases of RFC 8881 section 18.36.4, and how sessions are bound and destroyed. */
class SessionTest {
    private final StateRig rig = new StateRig();

    private CreateSessionRequest request(ExchangeIdResult exchanged, int sequence, int flags, ChannelAttributes fore) {
        return new CreateSessionRequest(
                ROOT,
                rig.connection,
                exchanged.clientId(),
                sequence,
                flags,
                fore,
                CHANNEL,
                0x4000_0000,
                Optional.of(CallbackCredential.NONE),
                1);
    }

    @Test
    void theFirstSessionConfirmsTheClientStably() throws NfsException {
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        assertThat(rig.stable.size()).isZero();
        CreateSessionResult created = rig.clients().createSession(rig.sessionRequest(exchanged, ROOT));
        assertThat(created.sequence()).isEqualTo(1);
        assertThat(created.flags()).isEqualTo(CreateSessionRequest.CONN_BACK_CHAN);
        assertThat(created.session().clientId()).isEqualTo(exchanged.clientId());
        assertThat(rig.stable.record(1, "x").orElseThrow().mayReclaim())
                .as("it holds nothing before RECLAIM_COMPLETE")
                .isFalse();
    }

    @Test
    void aResendGetsTheSameSessionAndOtherSequencesNone() throws NfsException {
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        assertStatus(NfsStatus.SEQ_MISORDERED, () -> rig.clients().createSession(request(exchanged, 0, 0, CHANNEL)));
        assertStatus(NfsStatus.SEQ_MISORDERED, () -> rig.clients().createSession(request(exchanged, 2, 0, CHANNEL)));
        CreateSessionResult first = rig.clients().createSession(request(exchanged, 1, 0, CHANNEL));
        assertThat(rig.clients().createSession(request(exchanged, 1, 0, CHANNEL)))
                .isEqualTo(first);
        CreateSessionResult second = rig.clients().createSession(request(exchanged, 2, 0, CHANNEL));
        assertThat(second.session()).isNotEqualTo(first.session());
        assertStatus(NfsStatus.SEQ_MISORDERED, () -> rig.clients().createSession(request(exchanged, 1, 0, CHANNEL)));
        assertThat(rig.exchangeId("x", 1, ROOT, 0).sequence()).isEqualTo(3);
    }

    /** Clients count a CREATE_SESSION that failed, or do not: both must get along. */
    @Test
    void refusedArgumentsMayBeMendedUnderTheSameNumberOrTheNext() throws NfsException {
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        ChannelAttributes tiny = new ChannelAttributes(0, 20, 1 << 16, 2048, 16, 4);
        for (int i = 0; i < 3; i++) {
            assertStatus(NfsStatus.TOOSMALL, () -> rig.clients().createSession(request(exchanged, 1, 0, tiny)));
        }
        assertThat(rig.stable.size()).isZero();
        CreateSessionResult created = rig.clients().createSession(request(exchanged, 1, 0, CHANNEL));
        assertThat(rig.clients().createSession(request(exchanged, 1, 0, tiny))).isEqualTo(created);
        assertStatus(NfsStatus.TOOSMALL, () -> rig.clients().createSession(request(exchanged, 2, 0, tiny)));
        assertThat(rig.clients()
                        .createSession(request(exchanged, 3, 0, CHANNEL))
                        .sequence())
                .isEqualTo(3);
    }

    @Test
    void aRefusalForAnotherReasonIsRepeated() throws NfsException {
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        rig.clients().createSession(request(exchanged, 1, 0, CHANNEL));
        int next = 2;
        while (isGranted(exchanged, next)) {
            next++;
        }
        int refused = next;
        assertStatus(NfsStatus.NOSPC, () -> rig.clients().createSession(request(exchanged, refused, 0, CHANNEL)));
    }

    private boolean isGranted(ExchangeIdResult exchanged, int sequence) throws NfsException {
        try {
            rig.clients().createSession(request(exchanged, sequence, 0, CHANNEL));
            return true;
        } catch (NfsException e) {
            assertThat(e.status()).isEqualTo(NfsStatus.NOSPC);
            return false;
        }
    }

    /** RFC 8881 section 18.36.3: TOOSMALL for a channel that the server could never send a request on. */
    @Test
    void aBackChannelMustHoldACallback() throws NfsException {
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        ChannelAttributes least = new ChannelAttributes(0, 256, 128, 0, 2, 1);
        ChannelAttributes request = new ChannelAttributes(0, 10, 8192, 8192, 128, 8);
        ChannelAttributes response = new ChannelAttributes(0, 8192, 100, 8192, 128, 8);
        ChannelAttributes operations = new ChannelAttributes(0, 8192, 8192, 8192, 1, 8);
        for (ChannelAttributes back : List.of(request, response, operations)) {
            assertStatus(NfsStatus.TOOSMALL, () -> rig.clients().createSession(withBack(exchanged, back)));
        }
        rig.clients().createSession(withBack(exchanged, least));
    }

    @Test
    void aClientMayHaveNoBackChannel() throws NfsException {
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        ChannelAttributes none = new ChannelAttributes(0, 0, 0, 0, 0, 0);
        assertThat(rig.clients().createSession(withBack(exchanged, none)).back().maxRequests())
                .isZero();
    }

    private CreateSessionRequest withBack(ExchangeIdResult exchanged, ChannelAttributes back) {
        return new CreateSessionRequest(
                ROOT,
                rig.connection,
                exchanged.clientId(),
                1,
                0,
                CHANNEL,
                back,
                0x4000_0000,
                Optional.of(CallbackCredential.NONE),
                1);
    }

    @Test
    void anUnconfirmedClientIsOnlyItsOwnPrincipals() throws NfsException {
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        assertStatus(NfsStatus.CLID_INUSE, () -> rig.clients().createSession(rig.sessionRequest(exchanged, MALLORY)));
        assertThat(rig.stable.size()).isZero();
    }

    @Test
    void aFailureOfStableStorageLeavesNothingAndMayBeTriedAgain() throws NfsException {
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        rig.stable.fail(true);
        assertStatus(NfsStatus.DELAY, () -> rig.clients().createSession(request(exchanged, 1, 0, CHANNEL)));
        rig.stable.fail(false);
        rig.clients().createSession(request(exchanged, 1, 0, CHANNEL));
    }

    @Test
    void staleAndForeignClientIds() throws NfsException {
        Client old = rig.client40("x");
        assertStatus(
                NfsStatus.STALE_CLIENTID,
                () -> rig.clients().createSession(request(new ExchangeIdResult(old.id(), 1, 0), 1, 0, CHANNEL)));
        assertStatus(
                NfsStatus.STALE_CLIENTID,
                () -> rig.clients().createSession(request(new ExchangeIdResult(12, 1, 0), 1, 0, CHANNEL)));
    }

    @Test
    void unknownFlagsAreInvalidAndPersistenceAndRdmaAreNotGranted() throws NfsException {
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        assertStatus(NfsStatus.INVAL, () -> rig.clients().createSession(request(exchanged, 1, 8, CHANNEL)));
        int flags = CreateSessionRequest.PERSIST | CreateSessionRequest.CONN_RDMA;
        assertThat(rig.clients()
                        .createSession(request(exchanged, 2, flags, CHANNEL))
                        .flags())
                .isZero();
    }

    @Test
    void channelsAreNegotiatedDownAndNeverUp() throws NfsException {
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        ChannelAttributes greedy = new ChannelAttributes(64, 1L << 31, 1L << 31, 1L << 31, 1 << 20, 1 << 20);
        assertThat(rig.clients().createSession(request(exchanged, 1, 0, greedy)).fore())
                .isEqualTo(CHANNEL);
        ChannelAttributes modest = new ChannelAttributes(0, 1000, 900, 4000, 3, 0);
        assertThat(rig.clients().createSession(request(exchanged, 2, 0, modest)).fore())
                .isEqualTo(new ChannelAttributes(0, 1000, 900, 900, 3, 1));
    }

    @Test
    void aClientHasOnlySoManySessions() throws NfsException {
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        SessionId first =
                rig.clients().createSession(request(exchanged, 1, 0, CHANNEL)).session();
        rig.clients().createSession(request(exchanged, 2, 0, CHANNEL));
        rig.clients().createSession(request(exchanged, 3, 0, CHANNEL));
        assertStatus(NfsStatus.NOSPC, () -> rig.clients().createSession(request(exchanged, 4, 0, CHANNEL)));
        rig.clients().destroySession(first, null);
        rig.clients().createSession(request(exchanged, 5, 0, CHANNEL));
    }

    @Test
    void memoryOfReplyCachesIsSharedOutAndComesBack() {
        ReplyCacheBudget budget = new ReplyCacheBudget(10_000);
        List<Integer> granted = new ArrayList<>();
        for (int slots = budget.take(8, 500); slots > 0; slots = budget.take(8, 500)) {
            granted.add(slots);
        }
        assertThat(granted).startsWith(5, 3, 3).endsWith(1);
        assertThat(granted.stream().mapToInt(Integer::intValue).sum()).isEqualTo(20);
        assertThat(budget.left()).isZero();
        budget.giveBack(3, 500);
        assertThat(budget.take(1, 500)).isEqualTo(1);
        assertThat(budget.left()).isEqualTo(1000);
    }

    @Test
    void aSessionThatFailedToStartGivesItsMemoryBack() throws NfsException {
        for (int i = 1; i < 1000; i++) {
            ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
            rig.stable.fail(true);
            assertStatus(NfsStatus.DELAY, () -> rig.clients().createSession(request(exchanged, 1, 0, CHANNEL)));
            rig.stable.fail(false);
        }
        ExchangeIdResult exchanged = rig.exchangeId("x", 1, ROOT, 0);
        assertThat(rig.clients()
                        .createSession(request(exchanged, 1, 0, CHANNEL))
                        .fore()
                        .maxRequests())
                .isEqualTo(4);
    }

    @Test
    void aDestroyedSessionIsGoneAndOneInWorkStays() throws NfsException {
        SessionId session = rig.session("x", 1);
        SlotTurn own = turn(session, 1, 0);
        SlotTurn other = turn(session, 1, 1);
        assertStatus(NfsStatus.DELAY, () -> rig.clients().destroySession(session, own));
        other.close();
        assertStatus(NfsStatus.DELAY, () -> rig.clients().destroySession(session, null));
        rig.clients().destroySession(session, own);
        own.complete(StateRig.bytes("too late to be kept"));
        assertStatus(NfsStatus.BADSESSION, () -> rig.clients().destroySession(session, null));
        assertStatus(NfsStatus.BADSESSION, () -> turn(session, 2, 0));
    }

    @Test
    void aTurnOfAnotherSessionDoesNotExcuse() throws NfsException {
        SessionId session = rig.session("x", 1);
        SessionId another = rig.session("y", 1);
        SlotTurn work = turn(session, 1, 0);
        SlotTurn asking = turn(another, 1, 0);
        assertStatus(NfsStatus.DELAY, () -> rig.clients().destroySession(session, asking));
        work.close();
        rig.clients().destroySession(session, asking);
    }

    @Test
    void destroyClientId() throws Exception {
        SessionId session = rig.session("x", 1);
        Client client = rig.clientOf(session);
        rig.clients().reclaimComplete(client, false);
        Stateid open = rig.open(client, "alice", 7, READ, 0);
        assertStatus(NfsStatus.CLIENTID_BUSY, () -> rig.clients().destroyClientId(client.id()));
        rig.clients().destroySession(session, null);
        assertStatus(NfsStatus.CLIENTID_BUSY, () -> rig.clients().destroyClientId(client.id()));
        rig.files().close(Optional.of(client), open, StateRig.file(7));
        rig.clients().destroyClientId(client.id());
        assertThat(rig.stable.size()).isZero();
        assertStatus(NfsStatus.STALE_CLIENTID, () -> rig.clients().destroyClientId(client.id()));

        ExchangeIdResult unconfirmed = rig.exchangeId("y", 1, ROOT, 0);
        rig.clients().destroyClientId(unconfirmed.clientId());
        assertStatus(NfsStatus.STALE_CLIENTID, () -> rig.clients().destroyClientId(unconfirmed.clientId()));
    }

    @Test
    void connectionsAreBoundToTheBackChannelAndForgotten() throws NfsException {
        SessionId id = rig.session("x", 1);
        Connection another = new Connection() {};
        assertThat(rig.clients().bindConnection(id, another, ChannelDirection.FORE))
                .isEqualTo(ChannelDirection.FORE);
        assertThat(rig.clients().bindConnection(id, another, ChannelDirection.BOTH))
                .isEqualTo(ChannelDirection.BOTH);
        SlotTurn turn = turn(id, 1, 0);
        rig.state.connectionClosed(rig.connection);
        CallbackCredential other = CallbackCredential.sys("host", Credentials.of(17, 19));
        rig.clients().changeCallbacks(turn, 99, Optional.of(other));
        Callbacks.BackCall call = Session.of(turn).back().begin().orElseThrow();
        assertThat(call.over()).isSameAs(another);
        assertThat(call.program()).isEqualTo(99);
        assertThat(call.credential()).isEqualTo(other);
        for (int i = 0; i < 15; i++) {
            rig.clients().bindConnection(id, new Connection() {}, ChannelDirection.BACK);
        }
        assertThat(rig.clients().bindConnection(id, new Connection() {}, ChannelDirection.BOTH))
                .as("a session has only so many")
                .isEqualTo(ChannelDirection.FORE);
        assertStatus(
                NfsStatus.BADSESSION,
                () -> rig.clients().bindConnection(new SessionId(1, 2), another, ChannelDirection.FORE));
    }

    @Test
    void sessionsDoNotSurviveARestart() throws NfsException {
        SessionId session = rig.session("x", 1);
        rig.restart();
        assertStatus(NfsStatus.BADSESSION, () -> turn(session, 1, 0));
    }

    private SlotTurn turn(SessionId session, int sequence, long slot) throws NfsException {
        return ((SequenceResult.Execute) rig.clients().sequence(rig.sequence(session, sequence, slot))).turn();
    }
}
