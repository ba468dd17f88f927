package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.bytes;
import static org.cairnfs.server.nfs.v4.testing.Ops.getAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Ops42;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** GETXATTR, SETXATTR, LISTXATTRS and REMOVEXATTR, and what else 4.2 says of extended attributes. */
class ExtendedAttributesTest {
    private static final int XATTR_READ = 0x40;
    private static final int XATTR_WRITE = 0x80;
    private static final int XATTR_LIST = 0x100;
    private static final int ALL = XATTR_READ | XATTR_WRITE | XATTR_LIST;

    private final Nfs4Fixture server = new Nfs4Fixture();
    private Session41 session;
    private byte[] file;

    @BeforeEach
    void open() throws Exception {
        session = Session41.open42(server.connection(), "client");
        file = session.create("file").handle();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whatIsSetIsRead() throws Exception {
        set(Ops42.EITHER, "k", bytes("value"));
        set(Ops42.EITHER, "empty", new byte[0]);
        byte[] largest = new byte[FileSystem.MAX_XATTR_BYTES];
        largest[7] = 1;
        set(Ops42.EITHER, "large", largest);

        assertThat(get("k")).isEqualTo(bytes("value"));
        assertThat(get("empty")).isEmpty();
        assertThat(get("large")).isEqualTo(largest);
        assertThat(server.fileSystem().getXattr(root(), FileHandle.ofBytes(file), Name.of("user.k")))
                .isEqualTo(Bytes.copyOf(bytes("value")));
    }

    @Test
    void theChangeAttributeIsToldBeforeAndAfter() throws Exception {
        long before = change();
        DirectoryChange set = set(Ops42.EITHER, "k", bytes("value"));
        assertThat(set.before()).isEqualTo(before);
        assertThat(set.after()).isEqualTo(change()).isGreaterThan(before);

        Reply reply = session.run(putFh(file), Ops42.removeXattr("k"));
        DirectoryChange removed = reply.ok(OpCode.PUTFH, OpCode.REMOVEXATTR).change();
        reply.end();
        assertThat(removed.before()).isEqualTo(set.after());
        assertThat(removed.after()).isEqualTo(change()).isGreaterThan(set.after());
        session.expect(NfsStatus.NOXATTR, putFh(file), Ops42.getXattr("k"));
        session.expect(NfsStatus.NOXATTR, putFh(file), Ops42.removeXattr("k"));
    }

    @Test
    void createAndReplaceAskWhetherItIsThere() throws Exception {
        session.expect(NfsStatus.NOXATTR, putFh(file), Ops42.setXattr(Ops42.REPLACE, "k", bytes("a")));
        set(Ops42.CREATE, "k", bytes("b"));
        session.expect(NfsStatus.EXIST, putFh(file), Ops42.setXattr(Ops42.CREATE, "k", bytes("c")));
        assertThat(get("k")).isEqualTo(bytes("b"));
        set(Ops42.REPLACE, "k", bytes("d"));
        assertThat(get("k")).isEqualTo(bytes("d"));
        session.expect(NfsStatus.BADXDR, putFh(file), Ops42.setXattr(3, "k", bytes("e")));
    }

    @Test
    void tooMuchIsToldByAnErrorOfItsOwn() throws Exception {
        session.expect(
                NfsStatus.XATTR2BIG,
                putFh(file),
                Ops42.setXattr(Ops42.EITHER, "k", new byte[FileSystem.MAX_XATTR_BYTES + 1]));
        String longest = "n".repeat(250);
        set(Ops42.EITHER, longest, bytes("x"));
        session.expect(NfsStatus.NAMETOOLONG, putFh(file), Ops42.setXattr(0, longest + "n", bytes("x")));
        session.expect(NfsStatus.INVAL, putFh(file), Ops42.getXattr(""));
        session.expect(NfsStatus.BADCHAR, putFh(file), Ops42.getXattr("a\0b"));
        NfsStatus status = NfsStatus.OK;
        for (int i = 0; i < 260 && status == NfsStatus.OK; i++) {
            status = session.run(
                            putFh(file),
                            Ops42.setXattr(Ops42.CREATE, "%03d".formatted(i) + "n".repeat(247), bytes("x")))
                    .status();
        }
        assertThat(status).isEqualTo(NfsStatus.XATTR2BIG);
    }

    @Test
    void dotsAndSlashesAreNamesLikeAnyOther() throws Exception {
        set(Ops42.CREATE, ".", bytes("dot"));
        set(Ops42.CREATE, "..", bytes("dots"));
        set(Ops42.CREATE, "a/b", bytes("slash"));

        assertThat(get(".")).isEqualTo(bytes("dot"));
        assertThat(get("a/b")).isEqualTo(bytes("slash"));
        assertThat(list(4096)).containsExactlyInAnyOrder(".", "..", "a/b");
    }

    @Test
    void onlyTheUserNamespaceIsSeen() throws Exception {
        FileHandle handle = FileHandle.ofBytes(file);
        for (String name : List.of("trusted.k", "security.k", "user.seen")) {
            server.fileSystem().setXattr(root(), handle, Name.of(name), Bytes.EMPTY, XattrFlag.CREATE);
        }

        assertThat(list(4096)).containsExactly("seen");
        session.expect(NfsStatus.NOXATTR, putFh(file), Ops42.getXattr("trusted.k"));
    }

    @Test
    void aListComesInPartsOfAnySize() throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            names.add("name" + "x".repeat(i));
            set(Ops42.CREATE, names.get(i), bytes("v"));
        }

        for (int maxBytes : new int[] {16 + 4 + 44, 100, 333, 1 << 20, -1}) {
            assertThat(list(maxBytes)).as("%d bytes", maxBytes).containsExactlyInAnyOrderElementsOf(names);
        }
        session.expect(NfsStatus.TOOSMALL, putFh(file), Ops42.listXattrs(0, 15));
        session.expect(NfsStatus.TOOSMALL, putFh(file), Ops42.listXattrs(0, 16 + 4));
    }

    @Test
    void anEmptyListEndsAtOnce() throws Exception {
        Reply reply = session.run(putFh(file), Ops42.listXattrs(0, 16)).ok(OpCode.PUTFH, OpCode.LISTXATTRS);

        assertThat(reply.in().readHyper()).isZero();
        assertThat(reply.in().readInt()).isZero();
        assertThat(reply.in().readBoolean()).isTrue();
        reply.end();
    }

    @Test
    void aListMissesNothingThatWasThereThroughout() throws Exception {
        List<String> stay = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            stay.add("stays" + i);
            set(Ops42.CREATE, "stays" + i, bytes("v"));
            set(Ops42.CREATE, "goes" + i, bytes("v"));
        }
        List<String> seen = new ArrayList<>();
        Page page = page(0, 64);
        for (int i = 0; !page.end(); i++) {
            seen.addAll(page.names());
            if (i < 30) {
                session.run(putFh(file), Ops42.removeXattr("goes" + i));
                set(Ops42.EITHER, "comes" + i, bytes("v"));
            }
            page = page(page.cookie(), 64);
        }
        seen.addAll(page.names());

        assertThat(seen).doesNotHaveDuplicates().containsAll(stay);
    }

    @Test
    void accessTellsTheRightsToAttributes() throws Exception {
        session.expect(NfsStatus.OK, putFh(file), Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(0604)));
        session.expect(NfsStatus.OK, putRootFh(), Ops.symlink("link", "x"));
        Session41 other = Session41.open42(server.connect().as(1000, 1000), "other");

        assertThat(access(session, file)).containsExactly(ALL, ALL);
        assertThat(access(other, file)).containsExactly(ALL, XATTR_READ | XATTR_LIST);
        assertThat(access(session, session.handle("link"))).containsExactly(0, 0);
        other.expect(NfsStatus.ACCESS, putFh(file), Ops42.setXattr(Ops42.EITHER, "k", bytes("v")));
        Session41 older = Session41.open(server.connect(), "older");
        assertThat(access(older, file)).as("in 4.1").containsExactly(0, 0);
    }

    @Test
    void theyExistFromMinorVersion2OnOnly() throws Exception {
        Session41 older = Session41.open(server.connect(), "older");
        for (Op op : List.of(Ops42.getXattr("k"), Ops42.listXattrs(0, 99), Ops42.removeXattr("k"))) {
            Reply reply = older.run(op);
            assertThat(reply.next(OpCode.ILLEGAL)).isEqualTo(NfsStatus.OP_ILLEGAL);
        }
        Reply reply = session.run(putFh(file), getAttr(Attr.CHANGE_ATTR_TYPE, Attr.XATTR_SUPPORT));
        reply.ok(OpCode.PUTFH, OpCode.GETATTR);
        var in = reply.attributes(Attr.CHANGE_ATTR_TYPE, Attr.XATTR_SUPPORT);
        assertThat(in.readInt()).as("monotonic").isZero();
        assertThat(in.readBoolean()).isTrue();
        reply = older.run(putFh(file), getAttr(Attr.XATTR_SUPPORT));
        reply.ok(OpCode.PUTFH, OpCode.GETATTR).attributes();
    }

    @Test
    void aReadOnlyExportLetsNoneBeSet() throws Exception {
        set(Ops42.EITHER, "k", bytes("value"));
        server.exportReadOnly();

        assertThat(get("k")).isEqualTo(bytes("value"));
        session.expect(NfsStatus.ROFS, putFh(file), Ops42.setXattr(Ops42.EITHER, "k", bytes("v")));
        session.expect(NfsStatus.ROFS, putFh(file), Ops42.removeXattr("k"));
    }

    // ---- what the tests do all the time

    private DirectoryChange set(int option, String key, byte[] value) throws Exception {
        Reply reply = session.run(putFh(file), Ops42.setXattr(option, key, value));
        DirectoryChange change = reply.ok(OpCode.PUTFH, OpCode.SETXATTR).change();
        reply.end();
        return change;
    }

    private byte[] get(String key) throws Exception {
        Reply reply = session.run(putFh(file), Ops42.getXattr(key));
        byte[] value = reply.ok(OpCode.PUTFH, OpCode.GETXATTR).in().readOpaque(1 << 20);
        reply.end();
        return value;
    }

    private record Page(long cookie, List<String> names, boolean end) {}

    private Page page(long cookie, int maxBytes) throws Exception {
        Reply reply = session.run(putFh(file), Ops42.listXattrs(cookie, maxBytes));
        reply.ok(OpCode.PUTFH, OpCode.LISTXATTRS);
        int from = reply.in().position();
        long next = reply.in().readHyper();
        List<String> names = new ArrayList<>();
        for (int left = reply.in().readInt(); left > 0; left--) {
            names.add(new String(reply.in().readOpaque(255), StandardCharsets.UTF_8));
        }
        boolean end = reply.in().readBoolean();
        assertThat((long) reply.in().position() - from).isLessThanOrEqualTo(Integer.toUnsignedLong(maxBytes));
        reply.end();
        return new Page(next, names, end);
    }

    private List<String> list(int maxBytes) throws Exception {
        List<String> names = new ArrayList<>();
        Page page = page(0, maxBytes);
        names.addAll(page.names());
        while (!page.end()) {
            page = page(page.cookie(), maxBytes);
            names.addAll(page.names());
        }
        return names;
    }

    private long change() throws Exception {
        Reply reply = session.run(putFh(file), getAttr(Attr.CHANGE));
        return reply.ok(OpCode.PUTFH, OpCode.GETATTR).attributes(Attr.CHANGE).readHyper();
    }

    /** Which of the rights to attributes are told of, and which are there. */
    private static List<Integer> access(Session41 who, byte[] handle) throws Exception {
        Reply reply = who.run(putFh(handle), Ops.access(ALL));
        reply.ok(OpCode.PUTFH, OpCode.ACCESS);
        return List.of(reply.in().readInt(), reply.in().readInt());
    }

    private static OpContext root() {
        return new OpContext(Credentials.ROOT);
    }
}
