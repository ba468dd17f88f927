package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.bytes;
import static org.cairnfs.server.nfs.v4.testing.Ops.getAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.cairnfs.server.nfs.v4.testing.Ops42;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SEEK, ALLOCATE, DEALLOCATE, READ_PLUS, and IO_ADVISE. */
class SparseFilesTest {
    private final Nfs4Fixture server = new Nfs4Fixture();
    private Session41 session;
    private OpenFile file;

    @BeforeEach
    void open() throws Exception {
        session = Session41.open42(server.connection(), "client");
        file = session.create("file");
    }

    @AfterEach
    void close() {
        server.close();
    }

    // ---- SEEK

    @Test
    void dataAndHolesAreFound() throws Exception {
        session.write(file, 100, new byte[50]);
        session.write(file, 1000, new byte[24]);

        assertThat(seek(0, Ops42.DATA)).isEqualTo(new Found(false, 100));
        assertThat(seek(120, Ops42.DATA)).isEqualTo(new Found(false, 120));
        assertThat(seek(150, Ops42.DATA)).isEqualTo(new Found(false, 1000));
        assertThat(seek(0, Ops42.HOLE)).isEqualTo(new Found(false, 0));
        assertThat(seek(100, Ops42.HOLE)).isEqualTo(new Found(false, 150));
        assertThat(seek(1010, Ops42.HOLE)).as("the end is a hole").isEqualTo(new Found(true, 1024));
    }

    @Test
    void whereNothingFollowsTheEndIsTold() throws Exception {
        session.write(file, 0, new byte[50]);
        allocate(0, 1000);

        assertThat(seek(50, Ops42.DATA)).isEqualTo(new Found(true, 1000));
        for (long offset : new long[] {1000, 1001, Long.MAX_VALUE, -1}) {
            session.expect(NfsStatus.NXIO, putFh(file.handle()), Ops42.seek(file.stateid(), offset, Ops42.DATA));
            session.expect(NfsStatus.NXIO, putFh(file.handle()), Ops42.seek(file.stateid(), offset, Ops42.HOLE));
        }
        session.expect(NfsStatus.UNION_NOTSUPP, putFh(file.handle()), Ops42.seek(file.stateid(), 0, 2));
    }

    // ---- ALLOCATE, DEALLOCATE

    @Test
    void whatIsAllocatedGrowsTheFileAndChangesNoByte() throws Exception {
        session.write(file, 0, bytes("hello"));
        allocate(2, 10);

        assertThat(session.read(file, 0, 100)).isEqualTo(Arrays.copyOf(bytes("hello"), 12));
        allocate(0, 3);
        assertThat(size()).isEqualTo(12);
        session.expect(NfsStatus.INVAL, putFh(file.handle()), Ops42.allocate(file.stateid(), 0, 0));
        session.expect(NfsStatus.FBIG, putFh(file.handle()), Ops42.allocate(file.stateid(), Long.MAX_VALUE, 1));
        session.expect(NfsStatus.FBIG, putFh(file.handle()), Ops42.allocate(file.stateid(), -1, 1));
        session.expect(NfsStatus.FBIG, putFh(file.handle()), Ops42.allocate(file.stateid(), 0, -1));
        assertThat(size()).isEqualTo(12);
    }

    @Test
    void whatIsDeallocatedIsAHole() throws Exception {
        byte[] data = new byte[10_000];
        new Random(1).nextBytes(data);
        session.write(file, 0, data);
        session.expect(NfsStatus.OK, putFh(file.handle()), Ops42.deallocate(file.stateid(), 1000, 2000));

        Arrays.fill(data, 1000, 3000, (byte) 0);
        assertThat(session.read(file, 0, 10_000)).isEqualTo(data);
        assertThat(seek(0, Ops42.HOLE)).isEqualTo(new Found(false, 1000));
        assertThat(seek(1000, Ops42.DATA)).isEqualTo(new Found(false, 3000));
        session.expect(NfsStatus.OK, putFh(file.handle()), Ops42.deallocate(file.stateid(), 9000, -9001));
        assertThat(seek(3000, Ops42.HOLE)).isEqualTo(new Found(false, 9000));
        assertThat(size()).isEqualTo(10_000);
        session.expect(NfsStatus.INVAL, putFh(file.handle()), Ops42.deallocate(file.stateid(), 0, 0));
        session.expect(NfsStatus.INVAL, putFh(file.handle()), Ops42.deallocate(file.stateid(), 9000, -9000));
        session.expect(NfsStatus.INVAL, putFh(file.handle()), Ops42.deallocate(file.stateid(), -1, 1));
    }

    // ---- READ_PLUS

    @Test
    void holesAreReadByTheirLength() throws Exception {
        session.write(file, 1000, bytes("data"));
        allocate(0, 5000);

        assertThat(readPlus(0, 9999))
                .isEqualTo(new Plus(true, List.of("hole 0+1000", "data 1000 data", "hole 1004+3996")));
        assertThat(readPlus(500, 502)).isEqualTo(new Plus(false, List.of("hole 500+500", "data 1000 da")));
        assertThat(readPlus(2000, 3000)).isEqualTo(new Plus(true, List.of("hole 2000+3000")));
        assertThat(readPlus(2000, 2999).end()).isFalse();
        assertThat(readPlus(5000, 10)).isEqualTo(new Plus(true, List.of()));
        assertThat(readPlus(-1, 10)).isEqualTo(new Plus(true, List.of()));
        assertThat(readPlus(0, 0)).isEqualTo(new Plus(false, List.of()));
        assertThat(readPlus(1 << 20, -1)).isEqualTo(new Plus(true, List.of()));
    }

    /** A client has room for the bytes that it asks for and the head of one segment. */
    @Test
    void aHoleThatSavesNothingIsReadAsZeros() throws Exception {
        for (int i = 0; i < 20; i++) {
            session.write(file, 50L * i, bytes("some data"));
        }
        String expected = ("some data" + "\0".repeat(41)).repeat(19) + "some data";
        assertThat(readPlus(0, 1 << 20)).isEqualTo(new Plus(true, List.of("data 0 " + expected)));
        allocate(0, 1000);
        assertThat(readPlus(900, 1 << 20))
                .isEqualTo(new Plus(true, List.of("data 900 " + (expected + "\0".repeat(41)).substring(900))));
        allocate(0, 1023);
        assertThat(readPlus(955, 1 << 20)).isEqualTo(new Plus(true, List.of("data 955 data", "hole 959+64")));
    }

    @Test
    void whatDoesNotFitIsLeftForTheNextTime() throws Exception {
        for (int i = 0; i < 200; i++) {
            session.write(file, 100L * i, bytes("some data"));
        }
        Session41 narrow = Session41.open(server.connect(), 2, "narrow", 1, 1000, 1000);
        StringBuilder seen = new StringBuilder();
        boolean end = false;
        int parts = 0;
        while (!end) {
            Plus part = readPlus(narrow, Stateid.ANONYMOUS, seen.length(), 1 << 20);
            for (String segment : part.segments()) {
                List<String> words = Splitter.onPattern("[ +]").limit(3).splitToList(segment);
                assertThat(words.get(1)).isEqualTo(String.valueOf(seen.length()));
                seen.append(
                        words.get(0).equals("hole")
                                ? "-".repeat(Integer.parseInt(words.get(2)))
                                : words.get(2).replace('\0', '-'));
            }
            end = part.end();
            parts++;
        }

        assertThat(seen.toString()).isEqualTo(("some data" + "-".repeat(91)).repeat(199) + "some data");
        assertThat(parts).isBetween(10, 40);
    }

    @Test
    void aReplyWithoutRoomForDataIsTooBig() throws Exception {
        session.write(file, 0, new byte[1000]);
        Session41 narrow = Session41.open(server.connect(), 2, "narrow", 1, 400, 400);
        Set<NfsStatus> seen = EnumSet.noneOf(NfsStatus.class);
        for (int before = 0; before < 60; before++) {
            List<Op> operations = new ArrayList<>(Collections.nCopies(before + 1, putFh(file.handle())));
            operations.add(Ops42.readPlus(Stateid.ANONYMOUS, 0, 1000));
            Reply reply = narrow.run(operations.toArray(new Op[0]));
            seen.add(reply.status());
            if (reply.status() == NfsStatus.OK) {
                for (int i = 0; i <= before; i++) {
                    reply.ok(OpCode.PUTFH);
                }
                reply.ok(OpCode.READ_PLUS);
                assertThat(reply.in().readBoolean()).as("the end").isFalse();
                assertThat(reply.in().readInt()).as("segments").isPositive();
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(NfsStatus.OK, NfsStatus.REP_TOO_BIG);
    }

    @Test
    void muchDataIsReadInPartsOfTheLimit() throws Exception {
        byte[] data = new byte[1 << 20];
        new Random(1).nextBytes(data);
        session.write(file, 0, data);
        session.write(file, 1 << 20, data);
        Reply reply = session.run(putFh(file.handle()), Ops42.readPlus(file.stateid(), 0, 2 << 20));
        reply.ok(OpCode.PUTFH, OpCode.READ_PLUS);

        assertThat(reply.in().readBoolean()).isFalse();
        assertThat(reply.in().readInt()).isEqualTo(1);
        assertThat(reply.in().readInt()).isZero();
        assertThat(reply.in().readHyper()).isZero();
        assertThat(reply.in().readOpaque(1 << 20)).isEqualTo(data);
        reply.end();
    }

    // ---- who may, and on what

    @Test
    void onlyRegularFilesHaveContents() throws Exception {
        session.expect(NfsStatus.OK, putRootFh(), Ops.symlink("l", "x"));
        session.expect(NfsStatus.OK, putRootFh(), Ops.create(Ftype4.NF4FIFO, "p", Fattr.mode(0600)));
        expectNoContents(NfsStatus.ISDIR, server.fileSystem().root().toBytes());
        expectNoContents(NfsStatus.SYMLINK, session.handle("l"));
        expectNoContents(NfsStatus.WRONG_TYPE, session.handle("p"));
    }

    private void expectNoContents(NfsStatus status, byte[] handle) throws Exception {
        for (long offset : new long[] {0, -1}) {
            session.expect(status, putFh(handle), Ops42.seek(Stateid.ANONYMOUS, offset, Ops42.DATA));
            session.expect(status, putFh(handle), Ops42.readPlus(Stateid.ANONYMOUS, offset, 1));
            session.expect(status, putFh(handle), Ops42.allocate(Stateid.ANONYMOUS, offset, 1));
            session.expect(status, putFh(handle), Ops42.deallocate(Stateid.ANONYMOUS, offset, 1));
        }
        session.expect(status, putFh(handle), Ops42.ioAdvise(Stateid.ANONYMOUS, 0, 1));
    }

    @Test
    void anOpenCountsMoreThanTheMode() throws Exception {
        session.write(file, 0, bytes("hello"));
        Session41 user = Session41.open42(server.connect().as(1000, 1000), "user");
        session.expect(NfsStatus.OK, putFh(file.handle()), Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(0666)));
        OpenFile reader = user.open("file", "reader", StateOps.READ, 0, StateOps.noCreate());
        OpenFile writer = user.open("file", "writer", StateOps.WRITE, 0, StateOps.noCreate());
        session.expect(NfsStatus.OK, putFh(file.handle()), Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(0)));

        user.expect(NfsStatus.OK, putFh(file.handle()), Ops42.seek(reader.stateid(), 0, Ops42.DATA));
        user.expect(NfsStatus.OK, putFh(file.handle()), Ops42.readPlus(reader.stateid(), 0, 1));
        user.expect(NfsStatus.OK, putFh(file.handle()), Ops42.allocate(writer.stateid(), 0, 1));
        user.expect(NfsStatus.OK, putFh(file.handle()), Ops42.deallocate(writer.stateid(), 0, 1));
        user.expect(NfsStatus.OK, putFh(file.handle()), Ops42.ioAdvise(writer.stateid(), 0, 1));
        user.expect(NfsStatus.OPENMODE, putFh(file.handle()), Ops42.allocate(reader.stateid(), 0, 1));
        user.expect(NfsStatus.OPENMODE, putFh(file.handle()), Ops42.deallocate(reader.stateid(), 0, 1));
        user.expect(NfsStatus.ACCESS, putFh(file.handle()), Ops42.seek(Stateid.ANONYMOUS, 0, Ops42.DATA));
        user.expect(NfsStatus.ACCESS, putFh(file.handle()), Ops42.readPlus(Stateid.ANONYMOUS, 0, 1));
        user.expect(NfsStatus.ACCESS, putFh(file.handle()), Ops42.allocate(Stateid.ANONYMOUS, 0, 1));
        user.expect(NfsStatus.ACCESS, putFh(file.handle()), Ops42.deallocate(Stateid.ANONYMOUS, 0, 1));
    }

    @Test
    void aReadOnlyExportIsNotChanged() throws Exception {
        server.exportReadOnly();

        session.expect(NfsStatus.ROFS, putFh(file.handle()), Ops42.allocate(file.stateid(), 0, 1));
        session.expect(NfsStatus.ROFS, putFh(file.handle()), Ops42.deallocate(file.stateid(), 0, 1));
    }

    @Test
    void noHintIsTakenAndNoCopyIsUnderWay() throws Exception {
        Reply reply = session.run(putFh(file.handle()), Ops42.ioAdvise(file.stateid(), 0, 0, 1, 4));
        assertThat(reply.ok(OpCode.PUTFH, OpCode.IO_ADVISE).bitmap().next(0)).isNegative();
        reply.end();
        session.expect(NfsStatus.INVAL, putFh(file.handle()), Ops42.ioAdvise(file.stateid(), 2, -1));
        for (OpCode code : List.of(OpCode.OFFLOAD_STATUS, OpCode.OFFLOAD_CANCEL)) {
            session.expect(NfsStatus.BAD_STATEID, putFh(file.handle()), Ops42.offload(code, file.stateid()));
        }
        for (OpCode code : List.of(OpCode.WRITE_SAME, OpCode.COPY_NOTIFY, OpCode.LAYOUTERROR, OpCode.LAYOUTSTATS)) {
            session.expect(NfsStatus.NOTSUPP, putFh(file.handle()), Op.of(code, out -> {}));
        }
    }

    // ---- what the tests do all the time

    private record Found(boolean end, long offset) {}

    private Found seek(long offset, int what) throws Exception {
        Reply reply = session.run(putFh(file.handle()), Ops42.seek(file.stateid(), offset, what));
        reply.ok(OpCode.PUTFH, OpCode.SEEK);
        Found found = new Found(reply.in().readBoolean(), reply.in().readHyper());
        reply.end();
        return found;
    }

    private void allocate(long offset, long length) throws Exception {
        session.expect(NfsStatus.OK, putFh(file.handle()), Ops42.allocate(file.stateid(), offset, length));
    }

    private long size() throws Exception {
        Reply reply = session.run(putFh(file.handle()), getAttr(Attr.SIZE));
        return reply.ok(OpCode.PUTFH, OpCode.GETATTR).attributes(Attr.SIZE).readHyper();
    }

    private record Plus(boolean end, List<String> segments) {}

    private Plus readPlus(long offset, int count) throws Exception {
        return readPlus(session, file.stateid(), offset, count);
    }

    private Plus readPlus(Session41 who, Stateid stateid, long offset, int count) throws Exception {
        Reply reply = who.run(putFh(file.handle()), Ops42.readPlus(stateid, offset, count));
        reply.ok(OpCode.PUTFH, OpCode.READ_PLUS);
        boolean end = reply.in().readBoolean();
        List<String> segments = new ArrayList<>();
        for (int left = reply.in().readInt(); left > 0; left--) {
            segments.add(
                    reply.in().readInt() == Ops42.DATA
                            ? "data " + reply.in().readHyper() + " "
                                    + reply.in().readUtf8(1 << 20)
                            : "hole " + reply.in().readHyper() + "+"
                                    + reply.in().readHyper());
        }
        reply.end();
        return new Plus(end, segments);
    }
}
