package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.getAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.getFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.lookup;
import static org.cairnfs.server.nfs.v4.testing.Ops.lookupParent;
import static org.cairnfs.server.nfs.v4.testing.Ops.mkdir;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.remove;
import static org.cairnfs.server.nfs.v4.testing.Ops.rename;
import static org.cairnfs.server.nfs.v4.testing.Ops.restoreFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.saveFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.symlink;

import java.util.Arrays;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.attr.Ftype4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.junit.jupiter.api.Test;

/** Operations on names and handles; in 4.0, where each compound stands for itself. */
class NamespaceOperationsTest extends OnSmallTree {
    // ---- file handles

    @Test
    void anOperationWithoutAFileHandleIsRefused() throws Exception {
        for (Op op : Arrays.asList(getFh(), saveFh(), getAttr(1), lookup("a"), lookupParent(), Ops.readLink())) {
            expect(NfsStatus.NOFILEHANDLE, op);
        }
        expect(NfsStatus.NOFILEHANDLE, Ops.access(1));
        expect(NfsStatus.NOFILEHANDLE, mkdir("a", Fattr.none()));
        expect(NfsStatus.NOFILEHANDLE, remove("a"));
        expect(NfsStatus.NOFILEHANDLE, Ops.readDir(0, 0, 0, 4096));
        expect(NfsStatus.NOFILEHANDLE, Ops.commit(0, 0));
        expect(NfsStatus.RESTOREFH, restoreFh());
        expect(NfsStatus.NOFILEHANDLE, putRootFh(), rename("file", "x"));
        expect(NfsStatus.NOFILEHANDLE, putRootFh(), Ops.link("x"));
    }

    @Test
    void handlesThatAreNotOursAreBadAndThoseOfRemovedFilesStale() throws Exception {
        expect(NfsStatus.BADHANDLE, putFh(new byte[] {1, 2, 3}));
        expect(NfsStatus.BADHANDLE, putFh(new byte[0]));
        FileHandle root = server.fileSystem().root();
        FileHandle gone = new FileHandle(root.fileSystem(), 999_999, 1, 0);
        expect(NfsStatus.STALE, putFh(gone.toBytes()), getAttr(Attr.TYPE));
        byte[] directory = handle("dir");
        run(putRootFh(), remove("dir"));
        expect(NfsStatus.STALE, putFh(directory), getAttr(Attr.TYPE));
    }

    @Test
    void savedHandlesComeBack() throws Exception {
        Reply reply = run(putRootFh(), lookup("dir"), saveFh(), putRootFh(), restoreFh(), getFh());

        reply.ok(OpCode.PUTROOTFH, OpCode.LOOKUP, OpCode.SAVEFH, OpCode.PUTROOTFH, OpCode.RESTOREFH);
        assertThat(reply.ok(OpCode.GETFH).handle()).isEqualTo(handle("dir"));
        reply.end();
    }

    @Test
    void thePublicFileHandleIsTheRoot() throws Exception {
        assertThat(run(Ops.putPubFh(), getFh())
                        .ok(OpCode.PUTPUBFH, OpCode.GETFH)
                        .handle())
                .isEqualTo(server.fileSystem().root().toBytes());
    }

    // ---- lookup

    @Test
    void lookUpAndBackUp() throws Exception {
        Reply reply = run(putRootFh(), lookup("dir"), lookupParent(), getFh());

        reply.ok(OpCode.PUTROOTFH, OpCode.LOOKUP, OpCode.LOOKUPP);
        assertThat(reply.ok(OpCode.GETFH).handle())
                .isEqualTo(server.fileSystem().root().toBytes());
        expect(NfsStatus.NOENT, putRootFh(), lookupParent());
        expect(NfsStatus.NOENT, putRootFh(), lookup("nothing"));
        expect(NfsStatus.NOTDIR, putRootFh(), lookup("file"), lookup("x"));
        expect(NfsStatus.NOTDIR, putRootFh(), lookup("file"), lookupParent());
        expect(NfsStatus.SYMLINK, putRootFh(), lookup("sym"), lookupParent());
        expect(NfsStatus.SYMLINK, putRootFh(), lookup("sym"), lookup("x"));
    }

    @Test
    void namesThatCannotBeAreToldApart() throws Exception {
        expect(NfsStatus.INVAL, putRootFh(), lookup(""));
        expect(NfsStatus.BADNAME, putRootFh(), lookup("."));
        expect(NfsStatus.BADNAME, putRootFh(), lookup(".."));
        expect(NfsStatus.BADCHAR, putRootFh(), lookup("a/b"));
        expect(NfsStatus.BADCHAR, putRootFh(), lookup("a\0b"));
        expect(NfsStatus.NAMETOOLONG, putRootFh(), lookup("x".repeat(256)));
        expect(NfsStatus.NOENT, putRootFh(), lookup("x".repeat(255)));
        expect(NfsStatus.BADXDR, putRootFh(), lookup("x".repeat(9000)));
        expect(NfsStatus.BADNAME, putRootFh(), mkdir("..", Fattr.none()));
        expect(NfsStatus.INVAL, putRootFh(), remove(""));
        expect(NfsStatus.NAMETOOLONG, putRootFh(), saveFh(), rename("file", "x".repeat(256)));
    }

    @Test
    void namesAreBytesWhateverTheyMean() throws Exception {
        byte[] notUtf8 = {(byte) 0xff, 'a', (byte) 0xc0};
        server.fileSystem()
                .create(
                        new OpContext(Credentials.ROOT),
                        server.fileSystem().root(),
                        Name.of(notUtf8),
                        CreateRequest.file(0600));

        assertThat(run(putRootFh(), lookup(notUtf8)).status()).isEqualTo(NfsStatus.OK);
    }

    // ---- create, remove, rename, link

    @Test
    void everyTypeButRegularFilesIsMade() throws Exception {
        expectMade(Ops.mknod(Ftype4.NF4BLK, "b", 8, 1), "b", Ftype4.NF4BLK);
        expectMade(Ops.mknod(Ftype4.NF4CHR, "c", 5, 0), "c", Ftype4.NF4CHR);
        expectMade(Ops.create(Ftype4.NF4SOCK, "s", Fattr.mode(0600)), "s", Ftype4.NF4SOCK);
        expectMade(Ops.create(Ftype4.NF4FIFO, "f", Fattr.mode(0600)), "f", Ftype4.NF4FIFO);
        expectMade(mkdir("d", Fattr.mode(0700)), "d", Ftype4.NF4DIR);
        expectMade(symlink("l", "target"), "l", Ftype4.NF4LNK);
        for (int type : new int[] {Ftype4.NF4REG, 8, 9, 0, 77}) {
            expect(NfsStatus.BADTYPE, putRootFh(), Ops.create(type, "x", Fattr.none()));
        }
    }

    private void expectMade(Op create, String name, int type) throws Exception {
        Reply reply = run(putRootFh(), create, getFh(), getAttr(Attr.TYPE)).ok(OpCode.PUTROOTFH);
        DirectoryChange change = reply.ok(OpCode.CREATE).change();
        assertThat(change.after()).isNotEqualTo(change.before());
        reply.bitmap();
        assertThat(reply.ok(OpCode.GETFH).handle()).isEqualTo(handle(name));
        assertThat(reply.ok(OpCode.GETATTR).attributes(Attr.TYPE).readInt()).isEqualTo(type);
        reply.end();
    }

    @Test
    void createTellsWhichAttributesItHasSet() throws Exception {
        Reply reply = run(putRootFh(), mkdir("d", Fattr.mode(0750).owner("7").group("8")), getAttr(36, 37));

        reply.ok(OpCode.PUTROOTFH, OpCode.CREATE).change();
        assertThat(reply.bitmap()).isEqualTo(Bitmap4.of(33, 36, 37));
        XdrReader values = reply.ok(OpCode.GETATTR).attributes(Attr.OWNER, Attr.OWNER_GROUP);
        assertThat(values.readUtf8(9)).isEqualTo("7");
        assertThat(values.readUtf8(9)).isEqualTo("8");
    }

    @Test
    void createThatCannotBe() throws Exception {
        expect(NfsStatus.EXIST, putRootFh(), mkdir("dir", Fattr.none()));
        expect(NfsStatus.NOTDIR, putRootFh(), lookup("file"), mkdir("x", Fattr.none()));
        expect(NfsStatus.INVAL, putRootFh(), symlink("x", ""));
        expect(NfsStatus.NAMETOOLONG, putRootFh(), symlink("x", "y".repeat(4096)));
        expect(NfsStatus.INVAL, putRootFh(), mkdir("x", Fattr.size(5)));
        expect(NfsStatus.ATTRNOTSUPP, putRootFh(), mkdir("x", Fattr.none().with(46, out -> out.writeInt(1))));
        expect(NfsStatus.BADOWNER, putRootFh(), mkdir("x", Fattr.none().owner("nobody knows me")));
        server.connection().as(1000, 1000);
        expect(NfsStatus.ACCESS, putRootFh(), mkdir("x", Fattr.none()));
    }

    @Test
    void readLinkTellsTheTarget() throws Exception {
        Reply reply = run(putRootFh(), lookup("sym"), Ops.readLink());

        assertThat(reply.ok(OpCode.PUTROOTFH, OpCode.LOOKUP, OpCode.READLINK)
                        .in()
                        .readUtf8(99))
                .isEqualTo("dir/x");
        expect(NfsStatus.INVAL, putRootFh(), Ops.readLink());
    }

    @Test
    void removeTakesFilesAndEmptyDirectories() throws Exception {
        run(putRootFh(), lookup("dir"), mkdir("in", Fattr.none()));

        expect(NfsStatus.NOTEMPTY, putRootFh(), remove("dir"));
        expect(NfsStatus.OK, putRootFh(), lookup("dir"), remove("in"));
        Reply reply = run(putRootFh(), remove("dir")).ok(OpCode.PUTROOTFH, OpCode.REMOVE);
        DirectoryChange change = reply.change();
        assertThat(change.after()).isNotEqualTo(change.before());
        reply.end();
        expect(NfsStatus.OK, putRootFh(), remove("file"));
        expect(NfsStatus.NOENT, putRootFh(), remove("file"));
    }

    @Test
    void renameMovesAndReplaces() throws Exception {
        byte[] file = handle("file");
        Reply reply = run(putRootFh(), saveFh(), lookup("dir"), rename("file", "moved"));
        reply.ok(OpCode.PUTROOTFH, OpCode.SAVEFH, OpCode.LOOKUP, OpCode.RENAME);
        DirectoryChange source = reply.change();
        DirectoryChange target = reply.change();
        reply.end();

        assertThat(source.after()).isNotEqualTo(source.before());
        assertThat(target.after()).isNotEqualTo(target.before());
        assertThat(handle("dir", "moved")).isEqualTo(file);
        expect(NfsStatus.NOENT, putRootFh(), saveFh(), rename("file", "x"));
        expect(NfsStatus.EXIST, putRootFh(), saveFh(), rename("sym", "dir"));
        expect(NfsStatus.EXIST, putRootFh(), saveFh(), rename("dir", "sym"));
        expect(NfsStatus.INVAL, putRootFh(), saveFh(), lookup("dir"), rename("dir", "self"));
        expect(NfsStatus.NOTDIR, putRootFh(), saveFh(), lookup("sym"), rename("dir", "x"));
    }

    @Test
    void linkGivesAnotherName() throws Exception {
        Reply reply =
                run(putRootFh(), lookup("file"), saveFh(), putRootFh(), Ops.link("again"), restoreFh(), getAttr(35));
        reply.ok(OpCode.PUTROOTFH, OpCode.LOOKUP, OpCode.SAVEFH, OpCode.PUTROOTFH, OpCode.LINK);
        DirectoryChange change = reply.change();
        assertThat(change.after()).isNotEqualTo(change.before());
        assertThat(reply.ok(OpCode.RESTOREFH, OpCode.GETATTR)
                        .attributes(Attr.NUMLINKS)
                        .readInt())
                .isEqualTo(2);

        assertThat(handle("again")).isEqualTo(handle("file"));
        expect(NfsStatus.EXIST, putRootFh(), lookup("file"), saveFh(), putRootFh(), Ops.link("sym"));
        expect(NfsStatus.ISDIR, putRootFh(), lookup("dir"), saveFh(), putRootFh(), Ops.link("x"));
        expect(NfsStatus.NOTDIR, putRootFh(), lookup("file"), saveFh(), Ops.link("x"));
    }

    // ---- exports

    @Test
    void aReadOnlyExportIsReadOnly() throws Exception {
        server.exportReadOnly();

        expect(NfsStatus.OK, putRootFh(), lookup("file"), getAttr(Attr.TYPE));
        expect(NfsStatus.ROFS, putRootFh(), mkdir("x", Fattr.none()));
        expect(NfsStatus.ROFS, putRootFh(), remove("file"));
        expect(NfsStatus.ROFS, putRootFh(), saveFh(), rename("file", "x"));
        expect(NfsStatus.ROFS, putRootFh(), lookup("file"), Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(0)));
    }

    @Test
    void whoIsNotLetInGetsNoFileHandle() throws Exception {
        server.exportToNobody();

        expect(NfsStatus.ACCESS, putRootFh());
        expect(NfsStatus.ACCESS, putFh(server.fileSystem().root().toBytes()));
    }

    // ---- who watches

    @Test
    void whoWatchesHearsOfEachOperation() throws Exception {
        long root = server.fileSystem().root().inode();
        server.watch().wantDetails();
        run(putRootFh(), mkdir("new", Fattr.none()), getFh());
        run(putRootFh(), lookup("missing"), getFh());
        assertThat(server.watch().ended()).containsExactly("PUTROOTFH", "CREATE", "GETFH", "PUTROOTFH", "LOOKUP!");
        assertThat(server.watch().details())
                .hasSize(5)
                .anyMatch(detail -> detail.startsWith("4.0 CREATE " + root + " Create[") && detail.endsWith(" OK"))
                .contains("4.0 LOOKUP " + root + " Lookup[name=missing] NOENT")
                .noneMatch(detail -> detail.contains(" null "));
    }
}
