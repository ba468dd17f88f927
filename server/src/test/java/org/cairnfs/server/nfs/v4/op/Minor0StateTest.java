package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.bytes;
import static org.cairnfs.server.nfs.v4.testing.Ops.getAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.getFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;
import static org.cairnfs.server.nfs.v4.testing.StateOps.claimNull;
import static org.cairnfs.server.nfs.v4.testing.StateOps.guarded;
import static org.cairnfs.server.nfs.v4.testing.StateOps.open;

import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Client40;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients of 4.0 hold: their owners count their operations, and a resend gets the kept reply. */
class Minor0StateTest {
    private final Nfs4Fixture server = new Nfs4Fixture();
    private Client40 client;

    @BeforeEach
    void open40() throws Exception {
        client = Client40.open(server.connection(), "client");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void openConfirmWriteReadClose() throws Exception {
        OpenFile file = client.create("f");

        client.expect(NfsStatus.OK, putFh(file.handle()), Ops.write(file.stateid(), 0, 0, bytes("hello")));
        Reply reply = client.run(putFh(file.handle()), Ops.read(file.stateid(), 1, 9));
        assertThat(reply.ok(OpCode.PUTFH, OpCode.READ).data().bytes()).isEqualTo(bytes("ello"));
        client.expect(NfsStatus.OK, putFh(file.handle()), StateOps.close(client.nextSeqid(), file.stateid()));
        client.expect(NfsStatus.OK, StateOps.renew(client.id()));
        client.expect(NfsStatus.STALE_CLIENTID, StateOps.renew(12345));
    }

    @Test
    void aResentOpenIsAnsweredAndNotDoneAgain() throws Exception {
        client.create("first");
        Op open = open(
                client.nextSeqid(),
                StateOps.BOTH,
                0,
                client.id(),
                Client40.OWNER,
                guarded(Fattr.mode(0600)),
                claimNull("once"));
        Reply reply = client.run(putRootFh(), open, getFh(), getAttr(Attr.MODE)).ok(OpCode.PUTROOTFH);
        Stateid stateid = reply.opened().stateid();
        byte[] handle = reply.ok(OpCode.GETFH).handle();

        Reply again = client.run(putRootFh(), open, getFh(), getAttr(Attr.MODE)).ok(OpCode.PUTROOTFH);

        assertThat(again.opened().stateid()).isEqualTo(stateid);
        assertThat(again.ok(OpCode.GETFH).handle())
                .as("the file is current again")
                .isEqualTo(handle);
        assertThat(again.ok(OpCode.GETATTR).attributes(Attr.MODE).readInt()).isEqualTo(0600);
        again.end();
    }

    @Test
    void aResentErrorIsTheSameError() throws Exception {
        client.create("f");
        Op open = open(
                client.nextSeqid(),
                StateOps.BOTH,
                0,
                client.id(),
                Client40.OWNER,
                StateOps.noCreate(),
                claimNull("nothing"));

        client.expect(NfsStatus.NOENT, putRootFh(), open);
        client.expect(NfsStatus.NOENT, putRootFh(), open);
        Op skipped = open(
                client.nextSeqid() + 5,
                StateOps.BOTH,
                0,
                client.id(),
                Client40.OWNER,
                StateOps.noCreate(),
                claimNull("f"));
        client.expect(NfsStatus.BAD_SEQID, putRootFh(), skipped);
    }

    @Test
    void locksAndTheirResends() throws Exception {
        OpenFile file = client.create("f");
        Op lock = StateOps.lockNew(StateOps.WRITE_LT, 0, 10, client.nextSeqid(), file.stateid(), 1, client.id(), "lo");
        Stateid held = client.run(putFh(file.handle()), lock)
                .ok(OpCode.PUTFH, OpCode.LOCK)
                .stateid();

        assertThat(client.run(putFh(file.handle()), lock)
                        .ok(OpCode.PUTFH, OpCode.LOCK)
                        .stateid())
                .isEqualTo(held);
        Client40 other = Client40.open(server.connect(), "other");
        OpenFile same = other.create("f");
        Op denied = StateOps.lockNew(StateOps.READ_LT, 5, 1, other.nextSeqid(), same.stateid(), 1, other.id(), "lo");
        for (int i = 0; i < 2; i++) {
            Reply reply = other.run(putFh(same.handle()), denied).ok(OpCode.PUTFH);
            assertThat(reply.next(OpCode.LOCK)).isEqualTo(NfsStatus.DENIED);
            assertThat(reply.denied()).isEqualTo(new Reply.Denied(0, 10, StateOps.WRITE_LT, client.id(), "lo"));
            reply.end();
        }
        other.expect(
                NfsStatus.DENIED, putFh(same.handle()), StateOps.lockTest(StateOps.READ_LT, 0, 1, other.id(), "lo"));
        client.expect(NfsStatus.LOCKS_HELD, StateOps.releaseLockOwner(client.id(), "lo"));
        client.expect(NfsStatus.OK, putFh(file.handle()), StateOps.unlock(StateOps.WRITE_LT, 2, held, 0, 10));
        client.expect(NfsStatus.OK, StateOps.releaseLockOwner(client.id(), "lo"));
        other.expect(NfsStatus.OK, putFh(same.handle()), StateOps.lockTest(StateOps.READ_LT, 0, 1, other.id(), "lo"));
    }

    /** An owner whose locks were all given back may be one that the server has forgotten. */
    @Test
    void anOwnerWithoutLocksMayBeginAnew() throws Exception {
        OpenFile file = client.create("f");
        Stateid first = lockAsNew(file, client.nextSeqid(), 0)
                .ok(OpCode.PUTFH, OpCode.LOCK)
                .stateid();
        int next = client.nextSeqid();
        assertThat(lockAsNew(file, next, 1).status()).isEqualTo(NfsStatus.BAD_SEQID);
        client.expect(NfsStatus.OK, putFh(file.handle()), StateOps.unlock(StateOps.WRITE_LT, 1, first, 0, 10));

        Stateid second = lockAsNew(file, next, 2).ok(OpCode.PUTFH, OpCode.LOCK).stateid();

        assertThat(lockAsNew(file, client.nextSeqid(), 3).status()).isEqualTo(NfsStatus.BAD_SEQID);
        client.expect(NfsStatus.OK, putFh(file.handle()), StateOps.unlock(StateOps.WRITE_LT, 3, second, 0, 10));
    }

    private Reply lockAsNew(OpenFile file, int openSeqid, int lockSeqid) throws Exception {
        return client.run(
                putFh(file.handle()),
                StateOps.lockNew(StateOps.WRITE_LT, 0, 10, openSeqid, file.stateid(), lockSeqid, client.id(), "lo"));
    }

    @Test
    void aDowngradeInItsTurn() throws Exception {
        OpenFile file = client.create("f");
        Op read = open(
                client.nextSeqid(), StateOps.READ, 0, client.id(), Client40.OWNER, StateOps.noCreate(), claimNull("f"));
        Stateid stateid =
                client.run(putRootFh(), read).ok(OpCode.PUTROOTFH).opened().stateid();
        Op downgrade = StateOps.openDowngrade(stateid, client.nextSeqid(), StateOps.READ, 0);

        Stateid downgraded = client.run(putFh(file.handle()), downgrade)
                .ok(OpCode.PUTFH, OpCode.OPEN_DOWNGRADE)
                .stateid();

        client.expect(NfsStatus.OPENMODE, putFh(file.handle()), Ops.write(downgraded, 0, 0, bytes("x")));
    }

    @Test
    void whoIsNotKnownOpensNothing() throws Exception {
        client.expect(
                NfsStatus.STALE_CLIENTID,
                putRootFh(),
                open(1, StateOps.BOTH, 0, 4711, "o", StateOps.unchecked(Fattr.none()), claimNull("f")));
        client.expect(NfsStatus.NOENT, putRootFh(), Ops.lookup("f"));
        client.expect(
                NfsStatus.NOFILEHANDLE,
                open(1, StateOps.BOTH, 0, client.id(), "o", StateOps.unchecked(Fattr.none()), claimNull("f")));
    }

    @Test
    void anOwnerThatIsNotConfirmedCannotUseItsOpen() throws Exception {
        Op open = open(1, StateOps.BOTH, 0, client.id(), "new", StateOps.unchecked(Fattr.mode(0600)), claimNull("f"));
        Reply reply = client.run(putRootFh(), open, getFh()).ok(OpCode.PUTROOTFH);
        Reply.Opened opened = reply.opened();
        byte[] handle = reply.ok(OpCode.GETFH).handle();

        assertThat(opened.mustConfirm()).isTrue();
        client.expect(NfsStatus.BAD_STATEID, putFh(handle), Ops.write(opened.stateid(), 0, 0, bytes("x")));
        client.expect(NfsStatus.OK, putFh(handle), StateOps.openConfirm(opened.stateid(), 2));
    }
}
