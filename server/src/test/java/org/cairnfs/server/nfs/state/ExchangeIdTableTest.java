package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.state.ExchangeIdRequest.CONFIRMED;
import static org.cairnfs.server.nfs.state.ExchangeIdRequest.UPDATE_CONFIRMED_RECORD;
import static org.cairnfs.server.nfs.state.ExchangeIdRequest.USE_NON_PNFS;
import static org.cairnfs.server.nfs.state.StateRig.LEASE;
import static org.cairnfs.server.nfs.state.StateRig.MALLORY;
import static org.cairnfs.server.nfs.state.StateRig.READ;
import static org.cairnfs.server.nfs.state.StateRig.ROOT;
import static org.cairnfs.server.nfs.state.StateRig.assertStatus;
import static org.cairnfs.server.nfs.state.StateRig.bytes;

import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The nine rows of RFC 8881 section 18.35.4, in its order. */
class ExchangeIdTableTest {
    private final StateRig rig = new StateRig();

    private Client confirmed() throws NfsException {
        return rig.client41("x");
    }

    @Test
    void row1NewOwnerId() throws NfsException {
        ExchangeIdResult result = rig.exchangeId("x", 1, ROOT, 0);
        assertThat(result.clientId() >>> 32).isEqualTo(rig.incarnation());
        assertThat(result.sequence()).isEqualTo(1);
        assertThat(result.flags()).isEqualTo(USE_NON_PNFS);
    }

    @Test
    void row2NonUpdateOnExistingClientId() throws NfsException {
        Client client = confirmed();
        ExchangeIdResult again = rig.exchangeId("x", 1, ROOT, 0);
        assertThat(again).isEqualTo(new ExchangeIdResult(client.id(), 2, USE_NON_PNFS | CONFIRMED));
    }

    @Test
    void row3ClientCollision() throws Exception {
        Client client = confirmed();
        assertStatus(NfsStatus.CLID_INUSE, () -> rig.exchangeId("x", 1, MALLORY, 0));
        rig.pass(LEASE.plusSeconds(1));
        ExchangeIdResult taken = rig.exchangeId("x", 1, MALLORY, 0);
        assertThat(taken.clientId()).isNotEqualTo(client.id());
        assertStatus(
                NfsStatus.STALE_CLIENTID,
                () -> rig.clients().createSession(rig.sessionRequest(new ExchangeIdResult(client.id(), 2, 0), ROOT)));
    }

    @Test
    void row3WithoutStateTheNameIsFree() throws Exception {
        SessionId session = rig.session("x", 1);
        rig.clients().destroySession(session, null);
        assertThat(rig.exchangeId("x", 1, MALLORY, 0).flags()).isEqualTo(USE_NON_PNFS);
        assertThat(rig.stable.record(1, "x")).isEmpty();
    }

    @Test
    void row4ReplacementOfUnconfirmedRecord() throws NfsException {
        ExchangeIdResult first = rig.exchangeId("x", 1, ROOT, 0);
        ExchangeIdResult second = rig.exchangeId("x", 1, ROOT, 0);
        assertThat(second.clientId()).isNotEqualTo(first.clientId());
        assertStatus(NfsStatus.STALE_CLIENTID, () -> rig.clients().createSession(rig.sessionRequest(first, ROOT)));
        rig.clients().createSession(rig.sessionRequest(second, ROOT));
    }

    @Test
    void row5ClientRestart() throws Exception {
        Client client = confirmed();
        rig.open(client, "alice", 7, READ, 0);
        ExchangeIdResult restarted = rig.exchangeId("x", 2, ROOT, 0);
        assertThat(restarted.clientId()).isNotEqualTo(client.id());
        assertThat(restarted.flags()).isEqualTo(USE_NON_PNFS);
        assertThat(rig.pins.total())
                .as("the old instance is there until the new one confirms")
                .isEqualTo(1);

        rig.clients().createSession(rig.sessionRequest(restarted, ROOT));
        assertThat(rig.pins.total()).isZero();
        assertThat(rig.stable.record(1, "x").orElseThrow().verifier()).isEqualTo(2);
    }

    @Test
    void row6Update() throws NfsException {
        Client client = confirmed();
        assertThat(rig.exchangeId("x", 1, ROOT, UPDATE_CONFIRMED_RECORD))
                .isEqualTo(new ExchangeIdResult(client.id(), 2, USE_NON_PNFS | CONFIRMED));
    }

    @Test
    void row7UpdateButNoConfirmedRecord() throws NfsException {
        assertStatus(NfsStatus.NOENT, () -> rig.exchangeId("x", 1, ROOT, UPDATE_CONFIRMED_RECORD));
        rig.exchangeId("x", 1, ROOT, 0);
        assertStatus(NfsStatus.NOENT, () -> rig.exchangeId("x", 1, ROOT, UPDATE_CONFIRMED_RECORD));
    }

    @Test
    void row8UpdateButWrongVerifier() throws NfsException {
        confirmed();
        assertStatus(NfsStatus.NOT_SAME, () -> rig.exchangeId("x", 2, ROOT, UPDATE_CONFIRMED_RECORD));
    }

    @Test
    void row9UpdateButWrongPrincipal() throws NfsException {
        confirmed();
        assertStatus(NfsStatus.PERM, () -> rig.exchangeId("x", 1, MALLORY, UPDATE_CONFIRMED_RECORD));
        assertStatus(NfsStatus.PERM, () -> rig.exchangeId("x", 2, MALLORY, UPDATE_CONFIRMED_RECORD));
    }

    @ParameterizedTest
    @ValueSource(ints = {CONFIRMED, 0x8, 0x0100_0000})
    void flagsThatNoClientMaySend(int flags) {
        assertStatus(NfsStatus.INVAL, () -> rig.exchangeId("x", 1, ROOT, flags));
    }

    @Test
    void onlyNoStateProtectionIsThere() {
        assertStatus(NfsStatus.INVAL, () -> rig.clients().exchangeId(new ExchangeIdRequest(ROOT, 1, bytes("x"), 0, 1)));
        assertStatus(
                NfsStatus.ENCR_ALG_UNSUPP,
                () -> rig.clients().exchangeId(new ExchangeIdRequest(ROOT, 1, bytes("x"), 0, 2)));
    }

    @Test
    void theServerIsTheSameAfterARestart() {
        ServerIdentity before = rig.state.identity();
        rig.restart();
        assertThat(rig.state.identity()).isEqualTo(before);
        assertThat(before.ownerMajor().length()).isBetween(1, 1024);
    }
}
