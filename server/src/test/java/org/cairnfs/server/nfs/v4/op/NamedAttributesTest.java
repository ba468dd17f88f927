package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.bytes;
import static org.cairnfs.server.nfs.v4.testing.Ops.getAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.getFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.lookup;
import static org.cairnfs.server.nfs.v4.testing.Ops.lookupParent;
import static org.cairnfs.server.nfs.v4.testing.Ops.openAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.read;
import static org.cairnfs.server.nfs.v4.testing.Ops.remove;
import static org.cairnfs.server.nfs.v4.testing.Ops.setAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.write;
import static org.cairnfs.server.nfs.v4.testing.StateOps.claimFh;
import static org.cairnfs.server.nfs.v4.testing.StateOps.claimNull;
import static org.cairnfs.server.nfs.v4.testing.StateOps.exclusive;
import static org.cairnfs.server.nfs.v4.testing.StateOps.guarded;
import static org.cairnfs.server.nfs.v4.testing.StateOps.noCreate;
import static org.cairnfs.server.nfs.v4.testing.StateOps.open;
import static org.cairnfs.server.nfs.v4.testing.StateOps.unchecked;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Client40;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Ops42;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OPENATTR, and the files that it leads to (RFC 8881 sections 5.3 and 18.17, RFC 7530 sections 5.3 and 16.17). */
class NamedAttributesTest {
    private static final int NF4ATTRDIR = 8;
    private static final int NF4NAMEDATTR = 9;

    private final Nfs4Fixture server = new Nfs4Fixture();
    private Session41 session;
    private byte[] file;

    @BeforeEach
    void makeAFile() throws Exception {
        session = Session41.open(server.connection(), "client");
        OpenFile made = session.create("f");
        file = made.handle();
        session.close(made);
    }

    @AfterEach
    void close() {
        server.close();
    }

    // ---- what is there

    @Test
    void aFileWithoutAttributesHasADirectoryOnlyToMakeSomeIn() throws Exception {
        assertThat(hasNamedAttributes()).isFalse();
        session.expect(NfsStatus.NOENT, putFh(file), openAttr(false));
        assertThat(names(directory())).isEmpty();

        put("com.apple.FinderInfo", bytes("info"));

        assertThat(hasNamedAttributes()).isTrue();
        session.expect(NfsStatus.OK, putFh(file), openAttr(false));
        assertThat(names(directory())).containsExactly("com.apple.FinderInfo");
    }

    @Test
    void otherNamespacesAreNotShown() throws Exception {
        set("security.selinux", "label");
        set("trusted.overlay", "y");

        assertThat(hasNamedAttributes()).isFalse();
        session.expect(NfsStatus.NOENT, putFh(file), openAttr(false));
        session.expect(NfsStatus.NOENT, putFh(directory()), lookup("security.selinux"));
        session.expect(NfsStatus.NOENT, putFh(directory()), lookup("selinux"));
    }

    @Test
    void attributesAreTheSameAsThoseOf42() throws Exception {
        Session41 newer = Session41.open42(server.connect(), "newer");
        newer.expect(NfsStatus.OK, putFh(file), Ops42.setXattr(0, "color", bytes("blue")));

        session.expect(NfsStatus.OK, putFh(directory()), lookup("color"));
        assertThat(session.read(openAttribute("color", StateOps.READ, noCreate()), 0, 100))
                .isEqualTo(bytes("blue"));
        put("shape", bytes("round"));
        assertThat(get("user.shape")).isEqualTo("round");
    }

    @Test
    void aDirectoryHasAttributesTooAndASymlinkNone() throws Exception {
        session.expect(NfsStatus.OK, putRootFh(), Ops.mkdir("d", Fattr.mode(0755)));
        session.expect(NfsStatus.OK, putRootFh(), Ops.symlink("s", "f"));
        byte[] attributes = session.run(putRootFh(), lookup("d"), openAttr(true), getFh())
                .ok(OpCode.PUTROOTFH, OpCode.LOOKUP, OpCode.OPENATTR, OpCode.GETFH)
                .handle();

        session.expect(
                NfsStatus.OK, putFh(attributes), open(StateOps.WRITE, 0, "o", guarded(Fattr.none()), claimNull("x")));
        assertThat(names(attributes)).containsExactly("x");
        assertThat(session.run(putFh(attributes), Ops.commit(0, 0)).status()).isEqualTo(NfsStatus.ISDIR);
        session.expect(NfsStatus.NOTSUPP, putRootFh(), lookup("s"), openAttr(true));
    }

    @Test
    void typesAndAttributesOfAttributes() throws Exception {
        put("a", bytes("12345"));

        XdrReader directory = session.run(putFh(directory()), getAttr(Attr.TYPE, Attr.NAMED_ATTR, Attr.MODE))
                .ok(OpCode.PUTFH, OpCode.GETATTR)
                .attributes(Attr.TYPE, Attr.NAMED_ATTR, Attr.MODE);
        assertThat(directory.readInt()).isEqualTo(NF4ATTRDIR);
        assertThat(directory.readBoolean()).isFalse();
        assertThat(directory.readInt()).isEqualTo(0755);
        XdrReader attribute = session.run(
                        putFh(directory()), lookup("a"), getAttr(Attr.TYPE, Attr.CHANGE, Attr.SIZE, Attr.MODE))
                .ok(OpCode.PUTFH, OpCode.LOOKUP, OpCode.GETATTR)
                .attributes(Attr.TYPE, Attr.CHANGE, Attr.SIZE, Attr.MODE);
        assertThat(attribute.readInt()).isEqualTo(NF4NAMEDATTR);
        assertThat(attribute.readHyper()).isEqualTo(changeOf(file));
        assertThat(attribute.readHyper()).isEqualTo(5);
        assertThat(attribute.readInt()).isEqualTo(0644);
        assertThat(fileIds()).doesNotHaveDuplicates();
    }

    private List<Long> fileIds() throws Exception {
        List<Long> ids = new ArrayList<>();
        for (byte[] handle : List.of(file, directory(), handleOf("a"))) {
            ids.add(session.run(putFh(handle), getAttr(Attr.FILEID))
                    .ok(OpCode.PUTFH, OpCode.GETATTR)
                    .attributes(Attr.FILEID)
                    .readHyper());
        }
        return ids;
    }

    @Test
    void manyAttributesAreListedInPages() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            set("user.attribute-" + i, "v");
            expected.add("attribute-" + i);
        }

        assertThat(names(directory())).containsExactlyInAnyOrderElementsOf(expected);
    }

    // ---- making, reading, writing, removing

    @Test
    void writeReadTruncateRemove() throws Exception {
        OpenFile attribute = openAttribute("a", StateOps.BOTH, guarded(Fattr.mode(0600)));
        session.write(attribute, 0, bytes("hello"));
        session.write(attribute, 8, bytes("world"));
        assertThat(session.read(attribute, 0, 100)).isEqualTo(bytes("hello\0\0\0world"));
        assertThat(session.read(attribute, 8, 3)).isEqualTo(bytes("wor"));
        session.expect(NfsStatus.OK, putFh(attribute.handle()), Ops.commit(0, 0));

        session.expect(NfsStatus.OK, putFh(attribute.handle()), setAttr(attribute.stateid(), Fattr.size(2)));
        assertThat(get("user.a")).isEqualTo("he");
        long before = changeOf(file);
        Reply removed = session.run(putFh(directory()), remove("a"));
        DirectoryChange change = removed.ok(OpCode.PUTFH, OpCode.REMOVE).change();
        assertThat(change).isEqualTo(new DirectoryChange(before, changeOf(file)));
        assertThat(change.after()).isGreaterThan(change.before());

        session.expect(NfsStatus.STALE, putFh(attribute.handle()), read(attribute.stateid(), 0, 1));
        session.expect(NfsStatus.OK, putFh(attribute.handle()), StateOps.close(0, attribute.stateid()));
        session.expect(NfsStatus.NOENT, putFh(directory()), remove("a"));
        assertThat(hasNamedAttributes()).isFalse();
    }

    @Test
    void createModes() throws Exception {
        put("a", bytes("old"));
        expectOpen(NfsStatus.EXIST, guarded(Fattr.none()), "a");
        expectOpen(NfsStatus.OK, unchecked(Fattr.none()), "a");
        assertThat(get("user.a")).isEqualTo("old");
        expectOpen(NfsStatus.OK, unchecked(Fattr.size(0)), "a");
        assertThat(get("user.a")).isEmpty();
        expectOpen(NfsStatus.NOENT, noCreate(), "b");
        expectOpen(NfsStatus.INVAL, exclusive(7), "b");
        expectOpen(NfsStatus.INVAL, StateOps.exclusive41(7, Fattr.none()), "b");
        expectOpen(NfsStatus.NAMETOOLONG, guarded(Fattr.none()), "x".repeat(251));
        expectOpen(NfsStatus.OK, guarded(Fattr.none()), "x".repeat(250));
    }

    /** Of what cannot be kept, the client is told so, and the state of the file is not said to outlive its name. */
    @Test
    void whatAnOpenSays() throws Exception {
        Reply reply = session.run(
                putFh(directory()),
                open(
                        StateOps.BOTH,
                        0,
                        "o",
                        guarded(Fattr.mode(0600).with(Attr.SIZE, out -> out.writeHyper(3))),
                        claimNull("a")));
        Reply.Opened opened = reply.ok(OpCode.PUTFH).opened();

        assertThat(opened.set()).isEqualTo(Bitmap4.of(Attr.SIZE.number()));
        assertThat(opened.flags() & 8).as("PRESERVE_UNLINKED").isZero();
        assertThat(opened.delegation() % 3).as("OPEN_DELEGATE_NONE or NONE_EXT").isZero();
        assertThat(get("user.a")).isEqualTo("\0\0\0");
    }

    @Test
    void aValueHasAnEnd() throws Exception {
        OpenFile attribute = openAttribute("com.apple.ResourceFork", StateOps.BOTH, guarded(Fattr.none()));
        byte[] most = new byte[FileSystem.MAX_XATTR_BYTES];
        Arrays.fill(most, (byte) 'r');
        session.write(attribute, 0, most);
        assertThat(session.read(attribute, 0, 1 << 20)).isEqualTo(most);

        byte[] handle = attribute.handle();
        session.expect(NfsStatus.FBIG, putFh(handle), write(attribute.stateid(), most.length, 0, new byte[1]));
        session.expect(NfsStatus.FBIG, putFh(handle), write(attribute.stateid(), Long.MAX_VALUE, 0, new byte[1]));
        session.expect(NfsStatus.FBIG, putFh(handle), setAttr(attribute.stateid(), Fattr.size(most.length + 1L)));
        expectOpen(NfsStatus.FBIG, guarded(Fattr.size(most.length + 1L)), "b");
        assertThat(session.read(attribute, most.length - 1L, 5)).isEqualTo(bytes("r"));
        assertThat(session.run(putFh(handle), read(attribute.stateid(), most.length, 5))
                        .ok(OpCode.PUTFH, OpCode.READ)
                        .data()
                        .end())
                .isTrue();
    }

    @Test
    void sharesAndLocksAreOfTheAttributeAlone() throws Exception {
        OpenFile a = openAttribute("a", StateOps.BOTH, guarded(Fattr.none()));
        Session41 other = Session41.open(server.connect(), "other");
        other.open("f", "o", StateOps.BOTH, StateOps.BOTH, noCreate());
        session.write(a, 0, bytes("x"));

        session.expect(
                NfsStatus.OK,
                putFh(a.handle()),
                StateOps.lockNew(StateOps.WRITE_LT, 0, 10, 0, a.stateid(), 0, 0, "lo"));
        other.expect(
                NfsStatus.DENIED, putFh(a.handle()), StateOps.lockTest(StateOps.WRITE_LT, 0, 1, other.clientId(), "l"));
        other.expect(NfsStatus.OK, putFh(file), StateOps.lockTest(StateOps.WRITE_LT, 0, 1, other.clientId(), "l"));
        session.expect(
                NfsStatus.OPENMODE, putFh(a.handle()), write(openForReading("a").stateid(), 0, 0, bytes("y")));
    }

    private OpenFile openForReading(String name) throws Exception {
        return openAttribute(name, "reader", StateOps.READ, noCreate());
    }

    @Test
    void handlesOutliveTheServer() throws Exception {
        put("a", bytes("kept"));
        byte[] directory = directory();
        byte[] attribute = handleOf("a");
        server.restart();
        session = Session41.open(server.connection(), "client");
        server.awaitEndOfGrace();

        assertThat(names(directory)).containsExactly("a");
        Reply reply = session.run(putFh(attribute), open(StateOps.READ, 0, "o", noCreate(), claimFh()));
        Stateid stateid = reply.ok(OpCode.PUTFH).opened().stateid();
        assertThat(session.read(OpenFile.of(attribute, stateid), 0, 10)).isEqualTo(bytes("kept"));
    }

    // ---- what cannot be

    @Test
    void attributesHaveNoAttributes() throws Exception {
        put("a", bytes("x"));
        session.expect(NfsStatus.WRONG_TYPE, putFh(directory()), openAttr(true));
        session.expect(NfsStatus.WRONG_TYPE, putFh(handleOf("a")), openAttr(true));
        session.expect(NfsStatus.ATTRNOTSUPP, putFh(handleOf("a")), setAttr(Stateid.ANONYMOUS, Fattr.mode(0600)));
        session.expect(NfsStatus.ATTRNOTSUPP, putFh(directory()), setAttr(Stateid.ANONYMOUS, Fattr.mode(0600)));
        Session41 newer = Session41.open42(server.connect(), "newer");
        newer.expect(NfsStatus.NOTSUPP, putFh(handleOf("a")), Ops42.getXattr("x"));
    }

    @Test
    void aDirectoryOfAttributesHoldsNothingElse() throws Exception {
        put("a", bytes("x"));
        byte[] directory = directory();
        session.expect(NfsStatus.NOTSUPP, putFh(directory), Ops.mkdir("d", Fattr.none()));
        session.expect(NfsStatus.NOTSUPP, putFh(directory), Ops.symlink("s", "t"));
        session.expect(NfsStatus.NOTSUPP, putFh(file), Ops.saveFh(), putFh(directory), Ops.link("b"));
        session.expect(NfsStatus.NOTSUPP, putFh(directory), Ops.saveFh(), putFh(directory), Ops.rename("a", "b"));
        session.expect(NfsStatus.ISDIR, putFh(directory), read(Stateid.ANONYMOUS, 0, 1));
        session.expect(NfsStatus.NOTDIR, putFh(handleOf("a")), lookup("x"));
        session.expect(NfsStatus.NOTDIR, putFh(handleOf("a")), lookupParent());
        Reply up = session.run(putFh(directory), lookupParent(), getFh());
        assertThat(up.ok(OpCode.PUTFH, OpCode.LOOKUPP, OpCode.GETFH).handle()).isEqualTo(file);
    }

    @Test
    void impossibleHandlesAreRefused() throws Exception {
        byte[] directory = directory();
        assertThat(directory).hasSize(FileHandle.ATTRIBUTE_BYTES);
        byte[] zero = directory.clone();
        Arrays.fill(zero, FileHandle.BYTES, zero.length, (byte) 0);
        byte[] unknown = zero.clone();
        unknown[unknown.length - 1] = 77;
        byte[] longer = Arrays.copyOf(directory, directory.length + 1);
        byte[] shorter = Arrays.copyOf(directory, FileHandle.BYTES);

        for (byte[] bad : List.of(zero, longer, shorter)) {
            session.expect(NfsStatus.BADHANDLE, putFh(bad));
        }
        session.expect(NfsStatus.STALE, putFh(unknown), getAttr(Attr.SIZE));
        session.expect(NfsStatus.OK, putRootFh(), remove("f"));
        session.expect(NfsStatus.STALE, putFh(directory), getAttr(Attr.TYPE));
    }

    // ---- who may

    @Test
    void theModeOfTheFileSaysWho() throws Exception {
        put("a", bytes("x"));
        session.expect(NfsStatus.OK, putFh(file), setAttr(Stateid.ANONYMOUS, Fattr.mode(0604)));
        server.connection().as(1000, 1000);

        expectOpen(NfsStatus.ACCESS, guarded(Fattr.none()), "b");
        assertThat(names(directory())).containsExactly("a");
        assertThat(session.read(openAttribute("a", StateOps.READ, noCreate()), 0, 9))
                .isEqualTo(bytes("x"));
        session.expect(NfsStatus.ACCESS, putFh(directory()), open(StateOps.WRITE, 0, "o", noCreate(), claimNull("a")));
        session.expect(NfsStatus.ACCESS, putFh(directory()), remove("a"));
        session.expect(NfsStatus.ACCESS, putFh(handleOf("a")), write(Stateid.ANONYMOUS, 0, 0, bytes("y")));
        assertThat(get("user.a")).isEqualTo("x");
    }

    @Test
    void aReadOnlyExportIsReadOnlyHereToo() throws Exception {
        session.expect(NfsStatus.NOENT, putFh(file), openAttr(false));
        server.exportReadOnly();
        session.expect(NfsStatus.ROFS, putFh(file), openAttr(true));
        set("user.a", "x");

        expectOpen(NfsStatus.ROFS, guarded(Fattr.none()), "b");
        session.expect(NfsStatus.ROFS, putFh(directory()), remove("a"));
        session.expect(NfsStatus.ROFS, putFh(handleOf("a")), write(Stateid.ANONYMOUS, 0, 0, bytes("y")));
        assertThat(names(directory())).containsExactly("a");
    }

    @Test
    void theSameIn40() throws Exception {
        put("a", bytes("old"));
        Client40 old = Client40.open(server.connect(), "old");
        Op open = open(old.nextSeqid(), StateOps.BOTH, 0, old.id(), Client40.OWNER, noCreate(), claimNull("a"));
        Reply reply = old.run(putFh(file), openAttr(false), open, getFh());
        Stateid stateid = reply.ok(OpCode.PUTFH, OpCode.OPENATTR).opened().stateid();
        byte[] handle = reply.ok(OpCode.GETFH).handle();
        Stateid confirmed = old.run(putFh(handle), StateOps.openConfirm(stateid, old.nextSeqid()))
                .ok(OpCode.PUTFH, OpCode.OPEN_CONFIRM)
                .stateid();

        old.expect(NfsStatus.OK, putFh(handle), write(confirmed, 0, Ops.FILE_SYNC, bytes("new")));
        assertThat(get("user.a")).isEqualTo("new");
        old.expect(NfsStatus.OK, putFh(handle), StateOps.close(old.nextSeqid(), confirmed));
        old.expect(NfsStatus.NOTSUPP, putFh(handle), openAttr(true));
    }

    // ---- what tests do all the time

    private byte[] directory() throws Exception {
        return session.run(putFh(file), openAttr(true), getFh())
                .ok(OpCode.PUTFH, OpCode.OPENATTR, OpCode.GETFH)
                .handle();
    }

    private byte[] handleOf(String name) throws Exception {
        return session.run(putFh(file), openAttr(false), lookup(name), getFh())
                .ok(OpCode.PUTFH, OpCode.OPENATTR, OpCode.LOOKUP, OpCode.GETFH)
                .handle();
    }

    private OpenFile openAttribute(String name, int access, Op.Arguments how) throws Exception {
        return openAttribute(name, "owner", access, how);
    }

    private OpenFile openAttribute(String name, String owner, int access, Op.Arguments how) throws Exception {
        Reply reply = session.run(putFh(directory()), open(access, 0, owner, how, claimNull(name)), getFh());
        Stateid stateid = reply.ok(OpCode.PUTFH).opened().stateid();
        return OpenFile.of(reply.ok(OpCode.GETFH).handle(), stateid);
    }

    private void expectOpen(NfsStatus status, Op.Arguments how, String name) throws Exception {
        session.expect(status, putFh(directory()), open(StateOps.BOTH, 0, "opener", how, claimNull(name)));
    }

    private void put(String name, byte[] value) throws Exception {
        OpenFile attribute = openAttribute(name, StateOps.WRITE, guarded(Fattr.none()));
        session.write(attribute, 0, value);
        session.close(attribute);
    }

    private List<String> names(byte[] directory) throws Exception {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        boolean end = false;
        while (!end) {
            Reply reply = session.run(putFh(directory), Ops.readDir(cookie, 0, 0, 600, Attr.TYPE));
            XdrReader in = reply.ok(OpCode.PUTFH, OpCode.READDIR).in();
            in.readHyper();
            while (in.readBoolean()) {
                cookie = in.readHyper();
                names.add(in.readUtf8(255));
                assertThat(reply.attributes(Attr.TYPE).readInt()).isEqualTo(NF4NAMEDATTR);
            }
            end = in.readBoolean();
        }
        return names;
    }

    private boolean hasNamedAttributes() throws Exception {
        return session.run(putFh(file), getAttr(Attr.NAMED_ATTR))
                .ok(OpCode.PUTFH, OpCode.GETATTR)
                .attributes(Attr.NAMED_ATTR)
                .readBoolean();
    }

    private long changeOf(byte[] handle) throws Exception {
        return session.run(putFh(handle), getAttr(Attr.CHANGE))
                .ok(OpCode.PUTFH, OpCode.GETATTR)
                .attributes(Attr.CHANGE)
                .readHyper();
    }

    private void set(String name, String value) throws Exception {
        server.fileSystem()
                .setXattr(
                        new OpContext(Credentials.ROOT),
                        FileHandle.ofBytes(file),
                        Name.of(name),
                        Bytes.copyOf(bytes(value)),
                        XattrFlag.EITHER);
    }

    private String get(String name) throws Exception {
        Bytes value =
                server.fileSystem().getXattr(new OpContext(Credentials.ROOT), FileHandle.ofBytes(file), Name.of(name));
        return new String(value.toArray(), StandardCharsets.UTF_8);
    }
}
