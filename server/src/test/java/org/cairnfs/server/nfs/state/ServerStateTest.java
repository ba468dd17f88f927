package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import com.google.common.base.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.testing.NoCallbacks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real thing: a scheduler thread, files for records, and many threads at once. */
class ServerStateTest {
    @TempDir
    Path directory;

    private static ServerState start(FileSystem files, long incarnation, Duration lease, StableClients stable)
            throws Exception {
        return ServerState.start(
                StateSettings.defaults().withLease(lease),
                new UUID(1, 2),
                incarnation,
                files,
                new RangeLocks(1000, 1000, Runnable::run),
                new ShareTable(1000, 1000),
                new LeaseTable(),
                new NoCallbacks(),
                stable,
                false);
    }

    @Test
    void graceEndsByItselfAfterARestart() throws Exception {
        FileSystem files = mock(FileSystem.class);
        try (ServerState first = start(files, 1, Duration.ofHours(1), FileStableClients.open(directory))) {
            assertThat(first.inGrace()).isFalse();
            assertThat(first.leaseSeconds()).isEqualTo(3600);
            SetClientIdResult.Granted granted = (SetClientIdResult.Granted) first.clients()
                    .setClientId(new SetClientIdRequest(
                            StateRig.ROOT, 1, StateRig.bytes("x"), new Callback40(1, "tcp", "", 0)));
            first.clients().setClientIdConfirm(StateRig.ROOT, granted.clientId(), granted.confirm());
        }
        FileSystem again = mock(FileSystem.class);
        CountDownLatch ended = new CountDownLatch(1);
        doAnswer(call -> {
                    ended.countDown();
                    return null;
                })
                .when(again)
                .endGrace();
        try (ServerState second = start(again, 2, Duration.ofSeconds(1), FileStableClients.open(directory))) {
            assertThat(second.leaseSeconds()).isEqualTo(1);
            assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(second.inGrace()).isFalse();
        }
    }

    /** Each thread is a client that opens, locks, unlocks and closes one file; at the end nothing is left, pins included. */
    @Test
    void manyClientsAtOnceLeaveNothingBehind() throws Exception {
        StateRig rig = new StateRig(StateSettings.defaults());
        CountingPins counted = new CountingPins();
        ServerState state = new ServerState(
                StateSettings.defaults(),
                new UUID(1, 2),
                9,
                new ServerState.Surroundings(
                        new SynchronizedPins(counted),
                        new RangeLocks(1000, 1000, Runnable::run),
                        new ShareTable(1000, 1000),
                        new LeaseTable(),
                        new NoCallbacks(),
                        new MemoryStableClients(),
                        false,
                        Ticker.systemTicker(),
                        Runnable::run));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String name = "client" + i;
                results.add(threads.submit(() -> work(rig, state, name)));
            }
            int granted = 0;
            for (Future<Integer> result : results) {
                granted += result.get(2, TimeUnit.MINUTES);
            }
            assertThat(granted).isPositive();
        } finally {
            threads.shutdownNow();
        }
        assertThat(state.states()).isZero();
        assertThat(counted.total()).isZero();
    }

    private static int work(StateRig rig, ServerState state, String name) throws Exception {
        ExchangeIdResult exchanged =
                state.clients().exchangeId(new ExchangeIdRequest(StateRig.ROOT, 1, StateRig.bytes(name), 0, 0));
        SessionId session = state.clients()
                .createSession(rig.sessionRequest(exchanged, StateRig.ROOT))
                .session();
        int granted = 0;
        for (int i = 1; i <= 300; i++) {
            SequenceResult sequence = state.clients().sequence(rig.sequence(session, i, 0));
            try (SlotTurn turn = ((SequenceResult.Execute) sequence).turn()) {
                if (i == 1) {
                    state.clients().reclaimComplete(turn.client(), false);
                }
                granted += openLockClose(state, turn.client());
                turn.complete(StateRig.bytes("done"));
            }
        }
        state.clients().destroySession(session, null);
        state.clients().destroyClientId(exchanged.clientId());
        return granted;
    }

    private static int openLockClose(ServerState state, Client client) throws Exception {
        Optional<Client> session = Optional.of(client);
        Stateid open = state.files()
                .open(client, StateRig.request("alice", 7, StateRig.BOTH, 0))
                .stateid();
        LockResult lock =
                state.files().lock(session, open, StateRig.bytes("p"), StateRig.range(7, LockMode.WRITE, 0, 10));
        if (lock instanceof LockResult.Granted held) {
            state.files().unlock(session, held.stateid(), StateRig.range(7, LockMode.WRITE, 0, 10));
        }
        state.files().close(session, open, StateRig.file(7));
        return lock instanceof LockResult.Granted ? 1 : 0;
    }

    private record SynchronizedPins(CountingPins pins) implements InodePins {
        @Override
        public void pin(FileHandle inode) throws FsException {
            synchronized (pins) {
                pins.pin(inode);
            }
        }

        @Override
        public void unpin(FileHandle inode) {
            synchronized (pins) {
                pins.unpin(inode);
            }
        }

        @Override
        public void endGrace() {
            synchronized (pins) {
                pins.endGrace();
            }
        }
    }

    @Test
    void clientIdsOfOneStartAreNotThoseOfTheNext() throws NfsException {
        StateRig rig = new StateRig();
        long before = rig.client40("x").id();
        rig.restart();
        assertThat(rig.client40("x").id()).isNotEqualTo(before);
    }
}
