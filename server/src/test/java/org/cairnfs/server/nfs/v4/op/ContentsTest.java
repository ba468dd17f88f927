package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.bytes;
import static org.cairnfs.server.nfs.v4.testing.Ops.getAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Ftype4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** READ, WRITE, COMMIT, and SETATTR of a size. */
class ContentsTest {
    private final Nfs4Fixture server = new Nfs4Fixture();
    private Session41 session;
    private OpenFile file;

    @BeforeEach
    void open() throws Exception {
        session = Session41.open(server.connection(), "client");
        file = session.create("file");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        byte[] data = new byte[1 << 20];
        new Random(1).nextBytes(data);
        session.write(file, 3, data);

        byte[] read = session.read(file, 0, 1 << 20);

        assertThat(read).hasSize(1 << 20).startsWith(0, 0, 0);
        assertThat(java.util.Arrays.copyOfRange(read, 3, read.length))
                .isEqualTo(java.util.Arrays.copyOf(data, data.length - 3));
    }

    @Test
    void theEndOfTheFileIsTold() throws Exception {
        session.write(file, 0, bytes("hello"));

        assertThat(data(0, 3).end()).isFalse();
        assertThat(data(0, 5).end()).isTrue();
        assertThat(data(0, 99).bytes()).isEqualTo(bytes("hello"));
        assertThat(data(5, 1)).satisfies(read -> assertThat(read.end()).isTrue());
        assertThat(data(1L << 40, 1).bytes()).isEmpty();
        assertThat(data(-5, 1)).satisfies(read -> assertThat(read.end()).isTrue());
        assertThat(data(0, 0).bytes()).isEmpty();
    }

    private Reply.Data data(long offset, int count) throws Exception {
        Reply reply = session.run(putFh(file.handle()), Ops.read(file.stateid(), offset, count));
        Reply.Data data = reply.ok(OpCode.PUTFH, OpCode.READ).data();
        reply.end();
        return data;
    }

    /** Where the operations before READ leave no room for one byte, it does not say that there is nothing yet. */
    @Test
    void aReplyWithoutRoomForDataIsTooBig() throws Exception {
        session.write(file, 0, new byte[1000]);
        Session41 narrow = Session41.open(server.connect(), "narrow", 1, 400, 400);
        Set<NfsStatus> seen = EnumSet.noneOf(NfsStatus.class);
        for (int before = 0; before < 60; before++) {
            List<Op> operations = new ArrayList<>(Collections.nCopies(before + 1, putFh(file.handle())));
            operations.add(Ops.read(Stateid.ANONYMOUS, 0, 1000));
            Reply reply = narrow.run(operations.toArray(new Op[0]));
            seen.add(reply.status());
            if (reply.status() == NfsStatus.OK) {
                for (int i = 0; i <= before; i++) {
                    reply.ok(OpCode.PUTFH);
                }
                assertThat(reply.ok(OpCode.READ).data().bytes()).isNotEmpty();
                reply.end();
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(NfsStatus.OK, NfsStatus.REP_TOO_BIG);
    }

    @Test
    void writesTellHowStableTheyAreAndTheVerifierOfTheBoot() throws Exception {
        for (int how : new int[] {Ops.UNSTABLE, 1, Ops.FILE_SYNC}) {
            Reply reply = session.run(putFh(file.handle()), Ops.write(file.stateid(), 0, how, bytes("abc")));
            XdrReader in = reply.ok(OpCode.PUTFH, OpCode.WRITE).in();
            assertThat(in.readInt()).isEqualTo(3);
            assertThat(in.readInt()).isEqualTo(how == Ops.UNSTABLE ? Ops.UNSTABLE : Ops.FILE_SYNC);
            assertThat(in.readHyper()).isEqualTo(server.fileSystem().bootVerifier());
            reply.end();
        }
        Reply reply = session.run(putFh(file.handle()), Ops.commit(0, 0));
        assertThat(reply.ok(OpCode.PUTFH, OpCode.COMMIT).in().readHyper())
                .isEqualTo(server.fileSystem().bootVerifier());
        session.expect(NfsStatus.INVAL, putFh(file.handle()), Ops.commit(-2, 5));
        session.expect(NfsStatus.BADXDR, putFh(file.handle()), Ops.write(file.stateid(), 0, 3, bytes("x")));
        session.expect(NfsStatus.FBIG, putFh(file.handle()), Ops.write(file.stateid(), -1, 0, bytes("x")));
        session.expect(
                NfsStatus.FBIG, putFh(file.handle()), Ops.write(file.stateid(), Long.MAX_VALUE, 0, bytes("xyz")));
    }

    @Test
    void onlyRegularFilesHaveContents() throws Exception {
        session.expect(NfsStatus.OK, putRootFh(), Ops.symlink("l", "x"));
        session.expect(NfsStatus.OK, putRootFh(), Ops.create(Ftype4.NF4FIFO, "p", Fattr.mode(0600)));
        expectNoContents(NfsStatus.ISDIR, server.fileSystem().root().toBytes());
        expectNoContents(NfsStatus.SYMLINK, session.handle("l"));
        expectNoContents(NfsStatus.WRONG_TYPE, session.handle("p"));
    }

    private void expectNoContents(NfsStatus status, byte[] handle) throws Exception {
        session.expect(status, putFh(handle), Ops.read(Stateid.ANONYMOUS, 0, 1));
        session.expect(status, putFh(handle), Ops.read(Stateid.ANONYMOUS, -1, 1));
        session.expect(status, putFh(handle), Ops.write(Stateid.ANONYMOUS, 0, 0, bytes("x")));
        session.expect(status, putFh(handle), Ops.commit(0, 0));
        session.expect(status, putFh(handle), StateOps.lockTest(StateOps.READ_LT, 0, 1, 0, "l"));
        session.expect(NfsStatus.WRONG_TYPE, putFh(handle), Ops.setAttr(Stateid.ANONYMOUS, Fattr.size(1)));
    }

    @Test
    void aSizeIsSetUnderAnOpenForWritingWhateverTheMode() throws Exception {
        session.write(file, 0, bytes("hello"));
        session.expect(NfsStatus.OK, putFh(file.handle()), Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(0)));
        Reply reply = session.run(putFh(file.handle()), Ops.setAttr(file.stateid(), Fattr.size(2)), getAttr(Attr.SIZE));

        reply.ok(OpCode.PUTFH, OpCode.SETATTR).bitmap();
        assertThat(reply.ok(OpCode.GETATTR).attributes(Attr.SIZE).readHyper()).isEqualTo(2);
        OpenFile reader = session.open("file", "reader", StateOps.READ, 0, StateOps.noCreate());
        session.expect(NfsStatus.OPENMODE, putFh(file.handle()), Ops.setAttr(reader.stateid(), Fattr.size(0)));
        session.expect(
                NfsStatus.BAD_STATEID, putFh(file.handle()), Ops.setAttr(new Stateid(1, 2, 3, 4), Fattr.size(0)));
        session.expect(NfsStatus.FBIG, putFh(file.handle()), Ops.setAttr(file.stateid(), Fattr.size(-1)));
    }

    @Test
    void stateidsOfOtherFilesAndClientsAreBad() throws Exception {
        OpenFile other = session.create("other");
        session.expect(NfsStatus.BAD_STATEID, putFh(file.handle()), Ops.read(other.stateid(), 0, 1));
        Session41 stranger = Session41.open(server.connect(), "stranger");
        stranger.expect(NfsStatus.BAD_STATEID, putFh(file.handle()), Ops.read(file.stateid(), 0, 1));
    }

    @Test
    void withoutAnOpenTheModeDecides() throws Exception {
        Session41 nobody = Session41.open(server.connect().as(1000, 1000), "nobody");

        nobody.expect(NfsStatus.OK, putFh(file.handle()), Ops.read(Stateid.ANONYMOUS, 0, 1));
        nobody.expect(NfsStatus.OK, putFh(file.handle()), Ops.read(Stateid.READ_BYPASS, 0, 1));
        nobody.expect(NfsStatus.ACCESS, putFh(file.handle()), Ops.write(Stateid.ANONYMOUS, 0, 0, bytes("x")));
        session.expect(NfsStatus.OK, putFh(file.handle()), Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(0600)));
        nobody.expect(NfsStatus.ACCESS, putFh(file.handle()), Ops.read(Stateid.ANONYMOUS, 0, 1));
    }

    @Test
    void aReadOnlyExportTakesNoWrites() throws Exception {
        server.exportReadOnly();

        session.expect(NfsStatus.ROFS, putFh(file.handle()), Ops.write(file.stateid(), 0, 0, bytes("x")));
        session.expect(
                NfsStatus.ROFS,
                putRootFh(),
                StateOps.open(StateOps.WRITE, 0, "o", StateOps.noCreate(), StateOps.claimNull("file")));
    }
}
