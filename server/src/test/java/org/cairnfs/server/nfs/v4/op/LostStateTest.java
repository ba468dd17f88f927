package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.bytes;
import static org.cairnfs.server.nfs.v4.testing.Ops.getFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;
import static org.cairnfs.server.nfs.v4.testing.StateOps.claimNull;
import static org.cairnfs.server.nfs.v4.testing.StateOps.claimPrevious;
import static org.cairnfs.server.nfs.v4.testing.StateOps.noCreate;
import static org.cairnfs.server.nfs.v4.testing.StateOps.open;

import java.time.Duration;
import org.cairnfs.server.nfs.state.SequenceReply;
import org.cairnfs.server.nfs.state.StateSettings;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Client40;
import org.cairnfs.server.nfs.v4.testing.DirectConnection;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Nfs4TestClient;
import org.cairnfs.server.nfs.v4.testing.NoCallbacks;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.cairnfs.server.nfs.v4.testing.TakenCallbacks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A client that lost what it had, or believes that it has more: each error tells it what to do next, and having done so, it does not
 * meet that error again.
 */
@Timeout(120)
class LostStateTest {
    private static final String LOCKER = "process";

    /** Who is silent for so long keeps what it has until somebody wants it. */
    private static final StateSettings HASTY = StateSettings.defaults().withLease(Duration.ofSeconds(1));

    private static Op lock(int type, OpenFile file, int openSeqid, int lockSeqid, long client) {
        return StateOps.lockNew(type, 0, 10, openSeqid, file.stateid(), lockSeqid, client, LOCKER);
    }

    private static Op openAgain(Client40 client) {
        return open(client.nextSeqid(), StateOps.BOTH, 0, client.id(), Client40.OWNER, noCreate(), claimNull("file"));
    }

    // ---- a lock stateid after CLOSE

    private static OpenFile reopen(Client40 client, OpenFile file) throws Exception {
        Reply reply = client.run(putRootFh(), openAgain(client)).ok(OpCode.PUTROOTFH);
        return OpenFile.of(file.handle(), reply.opened().stateid());
    }

    private static Stateid lockOnce(Client40 client, OpenFile file) throws Exception {
        Op lock = lock(StateOps.WRITE_LT, file, client.nextSeqid(), 0, client.id());
        return client.run(putFh(file.handle()), lock)
                .ok(OpCode.PUTFH, OpCode.LOCK)
                .stateid();
    }

    private static Stateid unlock(Client40 client, OpenFile file, int seqid, Stateid held) throws Exception {
        return client.run(putFh(file.handle()), StateOps.unlock(StateOps.WRITE_LT, seqid, held, 0, 10))
                .ok(OpCode.PUTFH, OpCode.LOCKU)
                .stateid();
    }

    private static void close(Client40 client, OpenFile file) throws Exception {
        client.expect(NfsStatus.OK, putFh(file.handle()), StateOps.close(client.nextSeqid(), file.stateid()));
    }

    /** As macOS does it, whose lock owners outlive the CLOSE of a file (issue 43 of nfs4j): with each open it would have to recover. */
    @Test
    void aLockOwnerGoesOnWithItsStateidOnceTheFileIsOpenAgain() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            Client40 client = Client40.open(server.connect(), "client");
            OpenFile file = client.create("file");
            Stateid known = unlock(client, file, 1, lockOnce(client, file));
            close(client, file);
            Op again = StateOps.lock(StateOps.WRITE_LT, 0, 10, known, 2);
            client.expect(NfsStatus.BAD_STATEID, putFh(file.handle()), again);

            for (int seqid = 2; seqid < 8; seqid += 2) {
                file = reopen(client, file);
                Op lock = StateOps.lock(StateOps.WRITE_LT, 0, 10, known, seqid);
                Stateid held = client.run(putFh(file.handle()), lock)
                        .ok(OpCode.PUTFH, OpCode.LOCK)
                        .stateid();
                assertThat(held.seqid()).isEqualTo(known.seqid() + 1);
                assertThat(held.number()).isEqualTo(known.number());
                Client40 other = Client40.open(server.connect(), "other " + seqid);
                OpenFile same = other.create("file");
                other.expect(
                        NfsStatus.DENIED,
                        putFh(same.handle()),
                        lock(StateOps.WRITE_LT, same, other.nextSeqid(), 0, other.id()));
                known = unlock(client, file, seqid + 1, held);
                close(client, file);
            }
        }
    }

    @Test
    void itGoesOnWithItForThatFileAndWhileItIsNotReleased() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            Client40 client = Client40.open(server.connect(), "client");
            OpenFile file = client.create("file");
            Stateid known = lockOnce(client, file);
            close(client, file);
            OpenFile another = client.create("another file");
            Op again = StateOps.lock(StateOps.WRITE_LT, 0, 10, known, 1);
            client.expect(NfsStatus.BAD_STATEID, putFh(another.handle()), again);
            file = reopen(client, file);
            client.expect(
                    NfsStatus.OLD_STATEID,
                    putFh(file.handle()),
                    StateOps.lock(
                            StateOps.WRITE_LT,
                            0,
                            10,
                            new Stateid(known.seqid() - 1, known.boot(), known.client(), known.number()),
                            1));
            client.expect(NfsStatus.OK, StateOps.releaseLockOwner(client.id(), LOCKER));
            client.expect(NfsStatus.BAD_STATEID, putFh(file.handle()), again);
            assertThat(lockOnce(client, file)).isNotEqualTo(known);
        }
    }

    /** RFC 8881 section 8.2.4: there it is gone. */
    @Test
    void inASessionItIsGone() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            Session41 session = Session41.open(server.connect(), "client");
            OpenFile file = session.create("file");
            Stateid held = session.run(putFh(file.handle()), lock(StateOps.WRITE_LT, file, 0, 0, 0))
                    .ok(OpCode.PUTFH, OpCode.LOCK)
                    .stateid();
            session.close(file);
            session.create("file");
            session.expect(
                    NfsStatus.BAD_STATEID,
                    putFh(file.handle()),
                    StateOps.lock(
                            StateOps.WRITE_LT, 0, 10, new Stateid(0, held.boot(), held.client(), held.number()), 0));
        }
    }

    // ---- a restart

    /** As macOS does it that was writing (issue 160 of nfs4j): the stateid of all ones is one of its own (RFC 7530 section 9.1.4.3). */
    @Test
    void aWriterWithoutAStateidGoesOnAfterGrace() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            Client40 before = Client40.open(server.connect(), "client");
            OpenFile file = before.create("file");
            server.restart();
            Op[] write = {putFh(file.handle()), Ops.write(Stateid.READ_BYPASS, 0, 0, bytes("x"))};
            Nfs4TestClient lost = new Nfs4TestClient(server.connect());
            assertThat(lost.call(0, write).status()).isEqualTo(NfsStatus.GRACE);
            assertThat(lost.call(0, putFh(file.handle()), Ops.write(file.stateid(), 0, 0, bytes("x")))
                            .status())
                    .isEqualTo(NfsStatus.STALE_STATEID);
            assertThat(lost.call(0, StateOps.renew(before.id())).status()).isEqualTo(NfsStatus.STALE_CLIENTID);

            Client40 after = Client40.open(server.connect(), "client");
            Op reclaim =
                    open(after.nextSeqid(), StateOps.BOTH, 0, after.id(), Client40.OWNER, noCreate(), claimPrevious());
            Reply.Opened opened =
                    after.run(putFh(file.handle()), reclaim).ok(OpCode.PUTFH).opened();
            assertThat(opened.mustConfirm()).as("RFC 7530 section 9.1.11").isFalse();
            after.expect(NfsStatus.OK, putFh(file.handle()), Ops.write(opened.stateid(), 0, 0, bytes("y")));
            after.expect(NfsStatus.OK, StateOps.renew(after.id()));
        }
        try (Nfs4Fixture server = new Nfs4Fixture(HASTY, new NoCallbacks())) {
            OpenFile file = Client40.open(server.connect(), "client").create("file");
            server.restart();
            server.awaitEndOfGrace();
            Nfs4TestClient lost = new Nfs4TestClient(server.connect());
            assertThat(lost.call(0, putFh(file.handle()), Ops.write(Stateid.READ_BYPASS, 0, 0, bytes("x")))
                            .status())
                    .isEqualTo(NfsStatus.OK);
            assertThat(lost.call(0, putFh(file.handle()), Ops.write(Stateid.INVALID, 0, 0, bytes("x")))
                            .status())
                    .isEqualTo(NfsStatus.BAD_STATEID);
        }
    }

    @Test
    void aSessionOfBeforeTheRestartTellsSoWithItsFirstRequest() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            Session41 before = Session41.open(server.connect(), "client");
            OpenFile file = before.create("file");
            server.restart();
            Nfs4TestClient lost = new Nfs4TestClient(server.connect());
            assertThat(lost.call(1, StateOps.sequence(before.id(), 5, 0, 0, false))
                            .status())
                    .isEqualTo(NfsStatus.BADSESSION);
            assertThat(lost.call(1, StateOps.destroySession(before.id())).status())
                    .isEqualTo(NfsStatus.BADSESSION);
            assertThat(lost.call(1, StateOps.createSession(before.clientId(), 2, 8192, 8192, 1))
                            .status())
                    .isEqualTo(NfsStatus.STALE_CLIENTID);
            Session41 after = Session41.openInGrace(server.connect(), "client", 1);
            Op reclaim = open(StateOps.BOTH, 0, "owner", noCreate(), claimPrevious());
            after.expect(NfsStatus.OK, putFh(file.handle()), reclaim);
            after.expect(NfsStatus.OK, StateOps.reclaimComplete(false));
            Reply tested = after.run(StateOps.testStateid(file.stateid())).ok(OpCode.TEST_STATEID);
            assertThat(tested.in().readInt()).isEqualTo(1);
            assertThat(tested.in().readInt())
                    .as("never STALE_STATEID (RFC 8881 section 15.1.16.5), at which Linux would try for ever")
                    .isEqualTo(NfsStatus.BAD_STATEID.code());
        }
    }

    // ---- a lease that ran out

    /** Takes the lock of somebody who is silent for longer than the lease. */
    private static void takeLock(Client40 client, OpenFile file) throws Exception {
        NfsStatus status = NfsStatus.DENIED;
        while (status == NfsStatus.DENIED) {
            Op lock = lock(StateOps.WRITE_LT, file, client.nextSeqid(), 0, client.id());
            status = client.run(putFh(file.handle()), lock).status();
        }
        assertThat(status).isEqualTo(NfsStatus.OK);
    }

    @Test
    void whoseLockSomebodyTookHearsOfItOnceAndBeginsAnew() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture(HASTY, new NoCallbacks())) {
            Client40 silent = Client40.open(server.connect(), "silent");
            OpenFile file = silent.create("file");
            Stateid held = lockOnce(silent, file);
            Client40 other = Client40.open(server.connect(), "other");
            OpenFile same = other.create("file");
            takeLock(other, same);

            silent.expect(NfsStatus.EXPIRED, putFh(file.handle()), Ops.write(held, 0, 0, bytes("x")));
            silent.expect(NfsStatus.EXPIRED, putFh(file.handle()), Ops.write(file.stateid(), 0, 0, bytes("x")));
            silent.expect(NfsStatus.EXPIRED, putFh(file.handle()), StateOps.unlock(StateOps.WRITE_LT, 1, held, 0, 10));
            silent.expect(NfsStatus.EXPIRED, StateOps.renew(silent.id()));
            silent.expect(NfsStatus.EXPIRED, putRootFh(), openAgain(silent));

            Client40 again = Client40.open(server.connect(), "silent");
            OpenFile anew = again.create("file");
            again.expect(NfsStatus.OK, StateOps.renew(again.id()));
            again.expect(NfsStatus.OK, putFh(file.handle()), Ops.write(anew.stateid(), 0, 0, bytes("x")));
        }
    }

    /** It hears of it by each of its requests, until it has freed the stateid (RFC 8881 section 18.46.3). */
    @Test
    void aDelegationThatWasRevokedIsToldOfUntilItIsFreed() throws Exception {
        TakenCallbacks callbacks = new TakenCallbacks();
        try (Nfs4Fixture server = new Nfs4Fixture(HASTY, callbacks)) {
            Session41 writer = Session41.open(server.connect(), "writer");
            OpenFile file = writer.create("file");
            writer.close(file);
            DirectConnection connection = server.connect();
            Session41 reader = Session41.open(connection, "reader");
            int back = 2;
            reader.client().call(1, StateOps.bindConnToSession(reader.id(), back));
            Op read = open(StateOps.READ, 0, "owner", noCreate(), claimNull("file"));
            Reply.Opened opened =
                    reader.run(putRootFh(), read).ok(OpCode.PUTROOTFH).opened();
            Stateid delegation = opened.read().stateid();
            assertThat(reader.flags()).isZero();
            Op write = open(StateOps.WRITE, 0, "owner", noCreate(), claimNull("file"));
            writer.expect(NfsStatus.DELAY, putRootFh(), write);
            callbacks.next();
            int flags = 0;
            while (flags == 0) {
                flags = reader.flags();
            }
            assertThat(flags).isEqualTo(SequenceReply.RECALLABLE_STATE_REVOKED);
            writer.expect(NfsStatus.OK, putRootFh(), write);
            reader.expect(NfsStatus.DELEG_REVOKED, putFh(file.handle()), Ops.read(delegation, 0, 1));
            reader.expect(NfsStatus.DELEG_REVOKED, putFh(file.handle()), StateOps.delegReturn(delegation));
            Reply tested = reader.run(StateOps.testStateid(delegation, opened.stateid()))
                    .ok(OpCode.TEST_STATEID);
            assertThat(new int[] {
                        tested.in().readInt(),
                        tested.in().readInt(),
                        tested.in().readInt()
                    })
                    .containsExactly(2, NfsStatus.DELEG_REVOKED.code(), NfsStatus.OK.code());
            assertThat(reader.flags()).isEqualTo(SequenceReply.RECALLABLE_STATE_REVOKED);
            reader.expect(NfsStatus.OK, StateOps.freeStateid(delegation));
            assertThat(reader.flags()).isZero();
            reader.expect(NfsStatus.BAD_STATEID, putFh(file.handle()), Ops.read(delegation, 0, 1));
        }
    }

    @Test
    void aSessionWhoseClientExpiredTellsSoWithItsFirstRequest() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture(HASTY, new NoCallbacks())) {
            Session41 silent = Session41.open(server.connect(), "silent");
            OpenFile file = silent.create("file");
            silent.expect(NfsStatus.OK, putFh(file.handle()), lock(StateOps.WRITE_LT, file, 0, 0, 0));
            Client40 other = Client40.open(server.connect(), "other");
            takeLock(other, other.create("file"));

            Op sequence = StateOps.sequence(silent.id(), silent.sequence() + 1, 0, 0, false);
            assertThat(silent.client().call(1, sequence, putRootFh(), getFh()).status())
                    .isEqualTo(NfsStatus.BADSESSION);
            assertThat(silent.client()
                            .call(1, StateOps.createSession(silent.clientId(), 2, 8192, 8192, 1))
                            .status())
                    .isEqualTo(NfsStatus.STALE_CLIENTID);

            Session41 again = Session41.open(server.connect(), "silent");
            OpenFile anew = again.create("file");
            again.write(anew, 0, bytes("x"));
            Reply tested = again.run(StateOps.testStateid(file.stateid())).ok(OpCode.TEST_STATEID);
            assertThat(tested.in().readInt()).isEqualTo(1);
            assertThat(tested.in().readInt()).isEqualTo(NfsStatus.BAD_STATEID.code());
        }
    }
}
