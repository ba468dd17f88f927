package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.StateOps.READ_LT;
import static org.cairnfs.server.nfs.v4.testing.StateOps.WRITE_LT;
import static org.cairnfs.server.nfs.v4.testing.StateOps.lock;
import static org.cairnfs.server.nfs.v4.testing.StateOps.lockNew;
import static org.cairnfs.server.nfs.v4.testing.StateOps.lockTest;
import static org.cairnfs.server.nfs.v4.testing.StateOps.unlock;

import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LOCK, LOCKT and LOCKU of two clients of 4.1. */
class LocksTest {
    private final Nfs4Fixture server = new Nfs4Fixture();
    private Session41 one;
    private Session41 two;
    private OpenFile first;
    private OpenFile second;

    @BeforeEach
    void open() throws Exception {
        one = Session41.open(server.connection(), "one");
        two = Session41.open(server.connect(), "two");
        first = one.create("file");
        second = two.create("file");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aLockKeepsOthersOutAndSaysWhose() throws Exception {
        lockFirst(10, 20);

        Reply reply = two.run(putFh(second.handle()), lockNew(READ_LT, 15, 1, 0, second.stateid(), 0, 0, "b"));
        reply.ok(OpCode.PUTFH);
        assertThat(reply.next(OpCode.LOCK)).isEqualTo(NfsStatus.DENIED);
        assertThat(reply.denied()).isEqualTo(new Reply.Denied(10, 20, WRITE_LT, one.clientId(), "a"));
        reply.end();
        reply = two.run(putFh(second.handle()), lockTest(WRITE_LT, 0, StateOps.TO_END, 0, "b"));
        reply.ok(OpCode.PUTFH);
        assertThat(reply.next(OpCode.LOCKT)).isEqualTo(NfsStatus.DENIED);
        assertThat(reply.denied().owner()).isEqualTo("a");
        reply.end();
        two.expect(
                NfsStatus.OK,
                putFh(second.handle()),
                lockNew(WRITE_LT, 30, StateOps.TO_END, 0, second.stateid(), 0, 0, "b"));
        two.expect(NfsStatus.OK, putFh(second.handle()), lockTest(READ_LT, 0, 10, 0, "b"));
    }

    @Test
    void anUnlockedRangeIsFreeAndTheRestIsNot() throws Exception {
        Stateid lock = lockFirst(0, 100);
        Reply reply = one.run(putFh(first.handle()), unlock(WRITE_LT, 0, lock, 40, 10));
        Stateid after = reply.ok(OpCode.PUTFH, OpCode.LOCKU).stateid();

        assertThat(after.seqid()).isEqualTo(lock.seqid() + 1);
        two.expect(NfsStatus.OK, putFh(second.handle()), lockTest(WRITE_LT, 40, 10, 0, "b"));
        two.expect(NfsStatus.DENIED, putFh(second.handle()), lockTest(WRITE_LT, 39, 1, 0, "b"));
        two.expect(NfsStatus.DENIED, putFh(second.handle()), lockTest(WRITE_LT, 50, 1, 0, "b"));
        one.expect(NfsStatus.OLD_STATEID, putFh(first.handle()), lock(READ_LT, 0, 1, lock, 0));
        one.expect(NfsStatus.OK, putFh(first.handle()), lock(READ_LT, 40, 10, after, 0));
    }

    @Test
    void theCurrentStateidIsThatOfTheLock() throws Exception {
        one.expect(
                NfsStatus.OK,
                putFh(first.handle()),
                lockNew(WRITE_LT, 0, 5, 0, first.stateid(), 0, 0, "a"),
                lock(WRITE_LT, 10, 5, Stateid.CURRENT, 0),
                unlock(WRITE_LT, 0, Stateid.CURRENT, 0, StateOps.TO_END));
    }

    @Test
    void whatCannotBe() throws Exception {
        one.expect(NfsStatus.INVAL, putFh(first.handle()), lockNew(READ_LT, 5, 0, 0, first.stateid(), 0, 0, "a"));
        one.expect(NfsStatus.INVAL, putFh(first.handle()), lockNew(READ_LT, -5, 9, 0, first.stateid(), 0, 0, "a"));
        one.expect(NfsStatus.INVAL, putFh(first.handle()), lockTest(READ_LT, 5, 0, 0, "a"));
        one.expect(
                NfsStatus.BAD_STATEID,
                putFh(first.handle()),
                lockNew(READ_LT, 0, 1, 0, new Stateid(1, 2, 3, 4), 0, 0, "a"));
        one.expect(NfsStatus.BADXDR, putFh(first.handle()), lockTest(5, 0, 1, 0, "a"));
        OpenFile reader = one.open("file", "reader", StateOps.READ, 0, StateOps.noCreate());
        one.expect(NfsStatus.OPENMODE, putFh(first.handle()), lockNew(WRITE_LT, 0, 1, 0, reader.stateid(), 0, 0, "r"));
    }

    @Test
    void aCloseFreesTheLocksOfItsOpen() throws Exception {
        lockFirst(0, 100);

        one.close(first);

        two.expect(NfsStatus.OK, putFh(second.handle()), lockTest(WRITE_LT, 0, 100, 0, "b"));
    }

    private Stateid lockFirst(long offset, long length) throws Exception {
        Reply reply = one.run(putFh(first.handle()), lockNew(WRITE_LT, offset, length, 0, first.stateid(), 0, 0, "a"));
        return reply.ok(OpCode.PUTFH, OpCode.LOCK).stateid();
    }
}
