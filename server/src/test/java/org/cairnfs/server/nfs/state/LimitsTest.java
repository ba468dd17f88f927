package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.state.StateRig.BOTH;
import static org.cairnfs.server.nfs.state.StateRig.LEASE;
import static org.cairnfs.server.nfs.state.StateRig.READ;
import static org.cairnfs.server.nfs.state.StateRig.ROOT;
import static org.cairnfs.server.nfs.state.StateRig.assertStatus;
import static org.cairnfs.server.nfs.state.StateRig.bytes;
import static org.cairnfs.server.nfs.state.StateRig.file;
import static org.cairnfs.server.nfs.state.StateRig.granted;
import static org.cairnfs.server.nfs.state.StateRig.range;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.Test;

/**
 * Every table has an end: 6 clients, 4 unconfirmed ones, 5 owners and 8 states of a client, 20 states in all; 8 ranges of a
 * client, 16 in all (see {@link StateRig}).
 */
class LimitsTest {
    private final StateRig rig = new StateRig();

    @Test
    void unconfirmedClientsPushOutTheOldest() throws Exception {
        List<ExchangeIdResult> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(rig.exchangeId("x" + i, 1, ROOT, 0));
        }
        assertStatus(NfsStatus.STALE_CLIENTID, () -> rig.clients().createSession(rig.sessionRequest(all.get(0), ROOT)));
        for (ExchangeIdResult later : all.subList(1, 5)) {
            rig.clients().createSession(rig.sessionRequest(later, ROOT));
        }
    }

    @Test
    void confirmedClientsAreAsManyAsThereMayBeAndSilentOnesMakeRoom() throws Exception {
        Client first = rig.client41("x0");
        for (int i = 1; i < 6; i++) {
            rig.client41("x" + i);
        }
        assertStatus(NfsStatus.NOSPC, () -> rig.client41("one more"));
        assertStatus(NfsStatus.RESOURCE, () -> rig.client40("one more"));
        rig.clientOf(rig.session("x3", 2)); // a restarted client takes no second place
        rig.open(first, "alice", 7, READ, 0);
        rig.pass(LEASE.plusSeconds(1));
        rig.client41("one more");
        rig.client40("and another");
        assertThat(rig.stable.size()).isLessThanOrEqualTo(6);
    }

    @Test
    void openOwnersOf40MakeRoomWhenTheyHaveNothing() throws Exception {
        Client client = rig.client40("x");
        List<Stateid> opens = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            opens.add(rig.open40(client, "o" + i, 1, i + 1, READ));
        }
        assertStatus(NfsStatus.RESOURCE, () -> rig.files().openTurn(client, bytes("o5"), 1));
        rig.files().close(Optional.empty(), opens.get(2), file(3));
        rig.open40(client, "o5", 1, 9, READ);
        assertStatus(NfsStatus.BAD_STATEID, () -> rig.files().turn(opens.get(2), 2));
        assertThat(rig.pins.total()).isEqualTo(5);
    }

    @Test
    void ownersOf41AreGoneWithTheirLastOpen() throws Exception {
        Client client = rig.client41("x");
        for (int i = 0; i < 50; i++) {
            Stateid open = rig.open(client, "o" + i, 7, BOTH, 0);
            granted(rig.files().lock(Optional.of(client), open, bytes("p" + i), range(7, LockMode.WRITE, 0, 1)));
            rig.files().close(Optional.of(client), open, file(7));
        }
        for (int i = 0; i < 5; i++) {
            rig.open(client, "o" + i, 7, READ, 0);
        }
        assertStatus(NfsStatus.DELAY, () -> rig.open(client, "o5", 7, READ, 0));
        assertThat(rig.pins.total()).isEqualTo(5);
    }

    @Test
    void opensOfAClientAndOfAll() throws Exception {
        Client x = rig.client41("x");
        Client y = rig.client41("y");
        Client z = rig.client41("z");
        for (int i = 1; i <= 8; i++) {
            rig.open(x, "alice", i, READ, 0);
            rig.open(y, "alice", i, READ, 0);
        }
        assertStatus(NfsStatus.DELAY, () -> rig.open(x, "alice", 9, READ, 0));
        rig.open(x, "alice", 8, BOTH, 0);
        for (int i = 1; i <= 4; i++) {
            rig.open(z, "alice", i, READ, 0);
        }
        assertStatus(NfsStatus.DELAY, () -> rig.open(z, "alice", 5, READ, 0));
        assertThat(rig.state.states()).isEqualTo(20);
        assertThat(rig.pins.total()).isEqualTo(20);
    }

    @Test
    void rangesOfAClient() throws Exception {
        Client x = rig.client41("x");
        Optional<Client> session = Optional.of(x);
        Stateid open = rig.open(x, "alice", 7, BOTH, 0);
        Stateid lock = granted(rig.files().lock(session, open, bytes("p"), range(7, LockMode.WRITE, 0, 5)));
        for (int i = 1; i < 8; i++) {
            lock = granted(rig.files().lock(session, lock, range(7, LockMode.WRITE, i * 10L, 5)));
        }
        Stateid full = lock;
        assertStatus(NfsStatus.DELAY, () -> rig.files().lock(session, full, range(7, LockMode.WRITE, 100, 5)));
        assertStatus(NfsStatus.DELAY, () -> rig.files().unlock(session, full, range(7, LockMode.WRITE, 2, 1)));
        assertThat(rig.files().test(x, full)).isEqualTo(NfsStatus.OK);
        rig.files().unlock(session, full, range(7, LockMode.WRITE, 0, LockRange.TO_END));
        assertThat(rig.locks.count(((ClientEntry) x).holder())).isZero();
    }
}
