package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.bytes;
import static org.cairnfs.server.nfs.v4.testing.Ops.getAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.saveFh;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
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
import org.cairnfs.server.nfs.v4.testing.Verbs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CLONE and COPY. */
class CopiesTest {
    private final List<CloneRequest> cloned = new ArrayList<>();
    private long mostAtOnce = Long.MAX_VALUE;
    private final Nfs4Fixture server = new Nfs4Fixture(model -> Verbs.intercepted(model, (verb, arguments, usual) -> {
        if (verb.equals("cloneRange")) {
            CloneRequest request = (CloneRequest) arguments[1];
            if (request.length() > mostAtOnce) {
                throw new FsException(Errno.EFBIG, "too many pieces");
            }
            cloned.add(request);
        }
        return usual.call();
    }));
    private Session41 session;
    private OpenFile source;
    private OpenFile target;

    @BeforeEach
    void open() throws Exception {
        session = Session41.open42(server.connection(), "client");
        source = session.create("source");
        target = session.create("target");
        session.write(source, 0, bytes("0123456789"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    // ---- CLONE

    @Test
    void aRangeAppearsElsewhere() throws Exception {
        session.write(target, 0, bytes("abcdefghijklmnop"));
        expect(NfsStatus.OK, cloneRange(2, 4, 3));
        assertThat(read(target)).isEqualTo("abcd234hijklmnop");
        expect(NfsStatus.OK, cloneRange(5, 14, 0));
        assertThat(read(target)).isEqualTo("abcd234hijklmn56789");
        expect(NfsStatus.OK, cloneRange(10, 0, 0));
        assertThat(read(target)).isEqualTo("abcd234hijklmn56789");
        expect(NfsStatus.OK, cloneRange(0, 20, 1));
        assertThat(read(target)).isEqualTo("abcd234hijklmn56789\0000");
    }

    @Test
    void withinOneFileTheRangesMustNotOverlap() throws Exception {
        Op[] within = {
            Ops42.cloneRange(source.stateid(), source.stateid(), 0, 10, 0),
            Ops42.cloneRange(source.stateid(), source.stateid(), 0, 5, 6),
            Ops42.copy(source.stateid(), source.stateid(), 5, 4, 2)
        };
        assertThat(status(source, source, within[0])).isEqualTo(NfsStatus.OK);
        assertThat(read(source)).isEqualTo("01234567890123456789");
        assertThat(status(source, source, within[1])).isEqualTo(NfsStatus.INVAL);
        assertThat(status(source, source, within[2])).isEqualTo(NfsStatus.INVAL);
        assertThat(read(source)).isEqualTo("01234567890123456789");
    }

    @Test
    void rangesThatCannotBeAreRefused() throws Exception {
        for (boolean copy : new boolean[] {false, true}) {
            expect(NfsStatus.INVAL, op(copy, 0, 0, 11));
            expect(NfsStatus.INVAL, op(copy, 11, 0, 0));
            expect(NfsStatus.INVAL, op(copy, -1, 0, 1));
            expect(NfsStatus.INVAL, op(copy, 1, 0, -1));
            expect(NfsStatus.FBIG, op(copy, 0, Long.MAX_VALUE - 8, 0));
            expect(NfsStatus.FBIG, op(copy, 0, -1, 1));
        }
        assertThat(cloned).isEmpty();
        assertThat(read(target)).isEmpty();
    }

    @Test
    void theSizeOfBlocksIsAByte() throws Exception {
        Reply reply = session.run(putFh(target.handle()), getAttr(Attr.CLONE_BLKSIZE));
        assertThat(reply.ok(OpCode.PUTFH, OpCode.GETATTR)
                        .attributes(Attr.CLONE_BLKSIZE)
                        .readInt())
                .isEqualTo(1);
    }

    // ---- COPY

    @Test
    void aCopyIsDoneWhenItIsAnswered() throws Exception {
        Reply reply = run(source, target, Ops42.copy(source.stateid(), target.stateid(), 1, 2, 0));
        reply.ok(OpCode.COPY);
        assertThat(reply.in().readInt()).as("stateids of the copy under way").isZero();
        assertThat(reply.in().readHyper()).as("bytes").isEqualTo(9);
        assertThat(reply.in().readInt()).isEqualTo(Ops.UNSTABLE);
        assertThat(reply.in().readHyper()).isEqualTo(server.fileSystem().bootVerifier());
        assertThat(reply.in().readBoolean()).as("consecutive").isTrue();
        assertThat(reply.in().readBoolean()).as("synchronous").isTrue();
        reply.end();
        assertThat(read(target)).isEqualTo("\0\000123456789");
    }

    @Test
    void aLongCopyIsMadeInParts() throws Exception {
        session.expect(NfsStatus.OK, putFh(source.handle()), Ops.setAttr(source.stateid(), Fattr.size(20L << 30)));
        assertThat(copied(0, 0, 0)).isEqualTo(16L << 30);
        assertThat(cloned).hasSize(16);
        assertThat(copied(16L << 30, 16L << 30, 4L << 30)).isEqualTo(4L << 30);
        assertThat(cloned).hasSize(20);
        assertThat(cloned.get(19).targetOffset()).isEqualTo(19L << 30);
        assertThat(read(target)).startsWith("0123456789\0");
    }

    @Test
    void whatIsInTooManyPiecesIsCopiedInSmallerParts() throws Exception {
        session.expect(NfsStatus.OK, putFh(source.handle()), Ops.setAttr(source.stateid(), Fattr.size(100L << 20)));
        mostAtOnce = 30L << 20;
        assertThat(copied(0, 0, 0)).isEqualTo(100L << 20);
        assertThat(cloned).allMatch(part -> part.length() <= 25L << 20).hasSize(4);
        mostAtOnce = 1000;
        expect(NfsStatus.FBIG, Ops42.copy(source.stateid(), target.stateid(), 0, 0, 0));
        expect(NfsStatus.FBIG, cloneRange(0, 0, 0));
    }

    @Test
    void noServerButThisOneIsCopiedFrom() throws Exception {
        expect(NfsStatus.NOTSUPP, Ops42.copy(source.stateid(), target.stateid(), 0, 0, 0, "elsewhere"));
    }

    // ---- who may, and on what

    @Test
    void bothStateidsAreChecked() throws Exception {
        Session41 user = Session41.open42(server.connect().as(1000, 1000), "user");
        session.expect(NfsStatus.OK, putFh(source.handle()), Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(0666)));
        session.expect(NfsStatus.OK, putFh(target.handle()), Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(0666)));
        OpenFile reader = user.open("source", "reader", StateOps.READ, 0, StateOps.noCreate());
        OpenFile writer = user.open("target", "writer", StateOps.WRITE, 0, StateOps.noCreate());
        session.expect(NfsStatus.OK, putFh(source.handle()), Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(0)));
        session.expect(NfsStatus.OK, putFh(target.handle()), Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(0)));

        expect(user, NfsStatus.OK, reader, writer, reader.stateid(), writer.stateid());
        expect(user, NfsStatus.OPENMODE, writer, reader, writer.stateid(), reader.stateid());
        expect(user, NfsStatus.BAD_STATEID, reader, writer, writer.stateid(), writer.stateid());
        expect(user, NfsStatus.ACCESS, reader, writer, Stateid.ANONYMOUS, writer.stateid());
        expect(user, NfsStatus.ACCESS, reader, writer, reader.stateid(), Stateid.ANONYMOUS);
    }

    private static void expect(
            Session41 who, NfsStatus status, OpenFile from, OpenFile to, Stateid source, Stateid target)
            throws Exception {
        Op[] both = {Ops42.cloneRange(source, target, 0, 0, 0), Ops42.copy(source, target, 0, 0, 0)};
        for (Op op : both) {
            who.expect(status, putFh(from.handle()), saveFh(), putFh(to.handle()), op);
        }
    }

    @Test
    void onlyRegularFilesHaveContents() throws Exception {
        session.expect(NfsStatus.OK, putRootFh(), Ops.create(Ftype4.NF4FIFO, "p", Fattr.mode(0600)));
        byte[] pipe = session.handle("p");
        byte[] root = server.fileSystem().root().toBytes();
        Op[] both = {
            Ops42.cloneRange(Stateid.ANONYMOUS, Stateid.ANONYMOUS, 0, 0, 0),
            Ops42.copy(Stateid.ANONYMOUS, Stateid.ANONYMOUS, 0, 0, 0)
        };
        for (Op op : both) {
            session.expect(NfsStatus.WRONG_TYPE, putFh(pipe), saveFh(), putFh(target.handle()), op);
            session.expect(NfsStatus.WRONG_TYPE, putFh(source.handle()), saveFh(), putFh(pipe), op);
            session.expect(NfsStatus.ISDIR, putFh(root), saveFh(), putFh(target.handle()), op);
            session.expect(NfsStatus.ISDIR, putFh(source.handle()), saveFh(), putFh(root), op);
            session.expect(NfsStatus.NOFILEHANDLE, putFh(target.handle()), op);
        }
    }

    @Test
    void aReadOnlyExportIsNotChanged() throws Exception {
        server.exportReadOnly();

        expect(NfsStatus.ROFS, cloneRange(0, 0, 0));
        expect(NfsStatus.ROFS, Ops42.copy(source.stateid(), target.stateid(), 0, 0, 0));
    }

    // ---- what the tests do all the time

    private Op op(boolean copy, long from, long to, long count) {
        return copy ? Ops42.copy(source.stateid(), target.stateid(), from, to, count) : cloneRange(from, to, count);
    }

    private Op cloneRange(long from, long to, long count) {
        return Ops42.cloneRange(source.stateid(), target.stateid(), from, to, count);
    }

    private void expect(NfsStatus status, Op op) throws Exception {
        assertThat(status(source, target, op)).isEqualTo(status);
    }

    private NfsStatus status(OpenFile from, OpenFile to, Op op) throws Exception {
        return run(from, to, op).status();
    }

    private Reply run(OpenFile from, OpenFile to, Op op) throws Exception {
        Reply reply = session.run(putFh(from.handle()), saveFh(), putFh(to.handle()), op);
        return reply.ok(OpCode.PUTFH, OpCode.SAVEFH, OpCode.PUTFH);
    }

    private long copied(long from, long to, long count) throws Exception {
        Reply reply = run(source, target, Ops42.copy(source.stateid(), target.stateid(), from, to, count));
        reply.ok(OpCode.COPY).in().readInt();
        return reply.in().readHyper();
    }

    private String read(OpenFile file) throws Exception {
        return new String(session.read(file, 0, 100), java.nio.charset.StandardCharsets.UTF_8);
    }
}
