package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.state.StateRig.LEASE;
import static org.cairnfs.server.nfs.state.StateRig.MALLORY;
import static org.cairnfs.server.nfs.state.StateRig.READ;
import static org.cairnfs.server.nfs.state.StateRig.ROOT;
import static org.cairnfs.server.nfs.state.StateRig.assertStatus;
import static org.cairnfs.server.nfs.state.StateRig.bytes;

import java.time.Duration;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.Test;

/** The rows of RFC 7530 sections 16.33.5 and 16.34.5, one by one; {v, x, c, k, s} as there. */
class SetClientIdTableTest {
    private final StateRig rig = new StateRig();

    private void confirm(SetClientIdResult.Granted granted) throws NfsException {
        rig.clients().setClientIdConfirm(ROOT, granted.clientId(), granted.confirm());
    }

    // ---- SETCLIENTID

    @Test
    void aNewNameGetsANewIdThatIsNotYetGoodForAnything() throws NfsException {
        SetClientIdResult.Granted granted = rig.setClientId("x", 1, ROOT);
        assertThat(granted.clientId() >>> 32).isEqualTo(rig.incarnation());
        assertStatus(NfsStatus.EXPIRED, () -> rig.clients().client40(granted.clientId()));
        assertThat(rig.stable.size()).isZero();
    }

    @Test
    void anUnconfirmedRecordGivesWayToANewOne() throws NfsException {
        SetClientIdResult.Granted first = rig.setClientId("x", 1, ROOT);
        SetClientIdResult.Granted second = rig.setClientId("x", 1, MALLORY);
        assertThat(second.clientId()).isNotEqualTo(first.clientId());
        assertStatus(NfsStatus.STALE_CLIENTID, () -> confirm(first));
    }

    @Test
    void theSameInstanceKeepsItsIdAndGetsAnotherConfirmVerifier() throws NfsException {
        SetClientIdResult.Granted first = rig.setClientId("x", 1, ROOT);
        confirm(first);
        SetClientIdResult.Granted update = rig.setClientId("x", 1, ROOT);
        assertThat(update.clientId()).isEqualTo(first.clientId());
        assertThat(update.confirm()).isNotEqualTo(first.confirm());
    }

    @Test
    void aRestartedClientGetsANewIdAndKeepsTheOldOneUntilItConfirms() throws NfsException {
        SetClientIdResult.Granted first = rig.setClientId("x", 1, ROOT);
        confirm(first);
        SetClientIdResult.Granted second = rig.setClientId("x", 2, ROOT);
        assertThat(second.clientId()).isNotEqualTo(first.clientId());
        assertThat(rig.clients().client40(first.clientId()).id()).isEqualTo(first.clientId());
    }

    @Test
    void anotherPrincipalIsRefusedWhileTheHolderHasState() throws Exception {
        Client holder = rig.client40("x");
        rig.open40(holder, "alice", 1, 7, READ);
        assertThat(rig.clients()
                        .setClientId(new SetClientIdRequest(
                                MALLORY, 1, bytes("x"), new Callback40(1, "tcp", "10.9.9.9.3.4", 0))))
                .isEqualTo(new SetClientIdResult.InUse("tcp", "10.0.0.1.3.4"));
    }

    @Test
    void anotherPrincipalMayTakeANameWithoutStateOrWhoseHolderIsSilent() throws Exception {
        Client holder = rig.client40("x");
        assertThat(rig.setClientId("x", 1, MALLORY).clientId()).isNotEqualTo(holder.id());
        rig.open40(holder, "alice", 1, 7, READ);
        rig.pass(LEASE.plusSeconds(1));
        SetClientIdResult.Granted taken = rig.setClientId("x", 1, MALLORY);
        rig.clients().setClientIdConfirm(MALLORY, taken.clientId(), taken.confirm());
        assertStatus(NfsStatus.EXPIRED, () -> rig.clients().renew(holder.id()));
        assertThat(rig.pins.total()).isZero();
    }

    @Test
    void namesOf40And41AreApart() throws NfsException {
        Client old = rig.client40("x");
        Client current = rig.client41("x");
        assertThat(old.originKey()).isNotEqualTo(current.originKey());
        rig.clients().renew(old.id());
        assertStatus(NfsStatus.EXPIRED, () -> rig.clients().renew(current.id()));
    }

    @Test
    void ownersOfImpossibleLength() {
        for (int length : new int[] {0, 1025}) {
            assertStatus(
                    NfsStatus.INVAL,
                    () -> rig.clients()
                            .setClientId(new SetClientIdRequest(
                                    ROOT, 1, Bytes.ofTrusted(new byte[length]), new Callback40(1, "tcp", "", 0))));
        }
    }

    // ---- SETCLIENTID_CONFIRM

    @Test
    void confirmingPutsTheRecordIntoStableStorage() throws NfsException {
        confirm(rig.setClientId("x", 5, ROOT));
        assertThat(rig.stable.record(0, "x"))
                .contains(new ClientRecord(
                        new ClientName(0, bytes("x")), 5, ROOT, rig.incarnation(), true, DelegationRecord.NONE));
    }

    @Test
    void confirmingAnUpdateKeepsTheState() throws Exception {
        Client client = rig.client40("x");
        rig.open40(client, "alice", 1, 7, READ);
        SetClientIdResult.Granted update = rig.setClientId("x", 1, ROOT);
        confirm(update);
        confirm(update); // resent
        assertThat(rig.pins.total()).isEqualTo(1);
        rig.clients().renew(client.id());
    }

    @Test
    void aResentConfirmOfWhatIsConfirmedIsFineEvenWhileAnUpdateWaits() throws NfsException {
        SetClientIdResult.Granted first = rig.setClientId("x", 1, ROOT);
        confirm(first);
        rig.setClientId("x", 1, ROOT);
        confirm(first);
    }

    @Test
    void confirmingTheNextInstanceDropsTheStateOfTheOneBefore() throws Exception {
        Client old = rig.client40("x");
        rig.open40(old, "alice", 1, 7, READ);
        confirm(rig.setClientId("x", 2, ROOT));
        assertThat(rig.pins.total()).isZero();
        assertStatus(NfsStatus.EXPIRED, () -> rig.clients().renew(old.id()));
        assertThat(rig.stable.record(0, "x").orElseThrow().verifier()).isEqualTo(2);
    }

    @Test
    void anotherPrincipalCannotConfirm() throws NfsException {
        SetClientIdResult.Granted granted = rig.setClientId("x", 1, ROOT);
        assertStatus(
                NfsStatus.CLID_INUSE,
                () -> rig.clients().setClientIdConfirm(MALLORY, granted.clientId(), granted.confirm()));
        confirm(granted);
        assertStatus(
                NfsStatus.CLID_INUSE,
                () -> rig.clients().setClientIdConfirm(MALLORY, granted.clientId(), granted.confirm()));
    }

    @Test
    void aNameThatGotStateMeanwhileIsNotTaken() throws Exception {
        Client holder = rig.client40("x");
        SetClientIdResult.Granted waiting = rig.setClientId("x", 1, MALLORY);
        rig.open40(holder, "alice", 1, 7, READ);
        assertStatus(
                NfsStatus.CLID_INUSE,
                () -> rig.clients().setClientIdConfirm(MALLORY, waiting.clientId(), waiting.confirm()));
        rig.clients().renew(holder.id());
    }

    @Test
    void unknownIdsAndVerifiersAreStale() throws NfsException {
        SetClientIdResult.Granted granted = rig.setClientId("x", 1, ROOT);
        assertStatus(
                NfsStatus.STALE_CLIENTID,
                () -> rig.clients().setClientIdConfirm(ROOT, granted.clientId(), granted.confirm() + 1));
        assertStatus(
                NfsStatus.STALE_CLIENTID,
                () -> rig.clients().setClientIdConfirm(ROOT, granted.clientId() + 1, granted.confirm()));
        confirm(granted);
        assertStatus(
                NfsStatus.STALE_CLIENTID,
                () -> rig.clients().setClientIdConfirm(ROOT, granted.clientId(), granted.confirm() + 1));
    }

    @Test
    void withoutStableStorageNobodyIsConfirmed() throws NfsException {
        SetClientIdResult.Granted granted = rig.setClientId("x", 1, ROOT);
        rig.stable.fail(true);
        assertStatus(NfsStatus.DELAY, () -> confirm(granted));
        assertStatus(NfsStatus.EXPIRED, () -> rig.clients().client40(granted.clientId()));
        rig.stable.fail(false);
        confirm(granted);
        rig.clients().renew(granted.clientId());
    }

    // ---- RENEW and ids

    @Test
    void idsOfBeforeARestartAreStale() throws NfsException {
        Client client = rig.client40("x");
        rig.restart();
        assertStatus(NfsStatus.STALE_CLIENTID, () -> rig.clients().renew(client.id()));
        assertStatus(NfsStatus.STALE_CLIENTID, () -> rig.clients().client40(client.id()));
        assertStatus(NfsStatus.STALE_CLIENTID, () -> rig.clients().renew(rig.incarnation() << 32 | 77));
        assertStatus(NfsStatus.STALE_CLIENTID, () -> rig.clients().renew(0));
    }

    @Test
    void renewingKeepsAClientForever() throws Exception {
        Client client = rig.client40("x");
        rig.open40(client, "alice", 1, 7, READ);
        for (int i = 0; i < 100; i++) {
            rig.pass(Duration.ofSeconds(80));
            rig.clients().renew(client.id());
        }
        assertThat(rig.pins.total()).isEqualTo(1);
    }
}
