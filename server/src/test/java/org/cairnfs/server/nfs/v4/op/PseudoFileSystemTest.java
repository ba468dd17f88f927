package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.getAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.getFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.lookup;
import static org.cairnfs.server.nfs.v4.testing.Ops.lookupParent;
import static org.cairnfs.server.nfs.v4.testing.Ops.mkdir;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.readDir;
import static org.cairnfs.server.nfs.v4.testing.Ops.remove;
import static org.cairnfs.server.nfs.v4.testing.Ops.rename;
import static org.cairnfs.server.nfs.v4.testing.Ops.saveFh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Ops42;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exports below the root as clients of version 4 come upon them (RFC 8881 section 7). */
class PseudoFileSystemTest extends OnSmallTree {
    /** An entry of a directory with its handle. */
    record Listed(String name, byte[] handle) {}

    @BeforeEach
    void exportBelow() throws Exception {
        run(putRootFh(), lookup("dir"), mkdir("a", Fattr.mode(0755)));
        run(putRootFh(), lookup("dir"), mkdir("b", Fattr.mode(0755)));
        run(putRootFh(), lookup("dir"), lookup("a"), mkdir("deep", Fattr.mode(0755)));
        run(putRootFh(), lookup("dir"), mkdir("secret", Fattr.mode(0700)));
        server.export().as("/dir/a *(rw,no_root_squash)\n/dir/b *(rw,no_root_squash)\n", server.fileSystem());
    }

    @Test
    void onlyWhatLeadsToExportsIsSeen() throws Exception {
        assertThat(list(putRootFh())).extracting(Listed::name).containsExactly("dir");
        assertThat(list(putRootFh(), lookup("dir"))).extracting(Listed::name).containsExactlyInAnyOrder("a", "b");
        expect(NfsStatus.NOENT, putRootFh(), lookup("file"));
        expect(NfsStatus.NOENT, putRootFh(), lookup("sym"));
        expect(NfsStatus.NOENT, putRootFh(), lookup("dir"), lookup("secret"));
        expect(NfsStatus.OK, putRootFh(), lookup("dir"), lookup("a"), lookup("deep"), getAttr(Attr.TYPE));
        expect(NfsStatus.NOENT, putRootFh(), Ops.secInfo("file"));
        expect(NfsStatus.OK, putRootFh(), Ops.secInfo("dir"));
    }

    private List<Listed> list(Op... path) throws Exception {
        Op[] operations = Arrays.copyOf(path, path.length + 1);
        operations[path.length] = readDir(0, 0, 0, 8192, Attr.FILEHANDLE);
        Reply reply = run(operations).ok(OpCode.PUTROOTFH);
        for (int i = 1; i < path.length; i++) {
            reply.ok(OpCode.LOOKUP);
        }
        XdrReader in = reply.ok(OpCode.READDIR).in();
        in.readHyper();
        List<Listed> found = new ArrayList<>();
        while (in.readBoolean()) {
            in.readHyper();
            String name = in.readUtf8(255);
            Bitmap4.decode(in);
            found.add(new Listed(name, new XdrReader(in.readOpaqueSlice(128)).readOpaque(64)));
        }
        assertThat(in.readBoolean()).as("the end").isTrue();
        return found;
    }

    @Test
    void nothingIsChangedOnTheWay() throws Exception {
        expect(NfsStatus.ROFS, putRootFh(), mkdir("new", Fattr.mode(0755)));
        expect(NfsStatus.ROFS, putRootFh(), lookup("dir"), remove("a"));
        expect(NfsStatus.OK, putRootFh(), lookup("dir"), lookup("a"), mkdir("new", Fattr.mode(0755)));
    }

    @Test
    void neitherFilesNorAttributesOfTheWayCanBeRead() throws Exception {
        Session41 session = Session41.open42(server.connection(), "client");
        assertThat(session.run(putRootFh(), Ops42.listXattrs(0, 4096)).status()).isEqualTo(NfsStatus.ACCESS);
        assertThat(session.run(putRootFh(), Ops42.getXattr("k")).status()).isEqualTo(NfsStatus.ACCESS);
    }

    @Test
    void handlesFromAListAreThoseOfLookups() throws Exception {
        byte[] a = handle("dir", "a");
        assertThat(list(putRootFh(), lookup("dir")))
                .filteredOn(entry -> entry.name().equals("a"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.handle()).isEqualTo(a));
        expect(NfsStatus.OK, putFh(a), getAttr(Attr.TYPE));
        byte[] changed = a.clone();
        changed[changed.length - 1] ^= 1;
        expect(NfsStatus.BADHANDLE, putFh(changed));
    }

    @Test
    void aboveTheTopOfAnExportIsTheWayAgain() throws Exception {
        assertThat(run(putRootFh(), lookup("dir"), lookup("a"), lookupParent(), getFh())
                        .ok(OpCode.PUTROOTFH, OpCode.LOOKUP, OpCode.LOOKUP, OpCode.LOOKUPP, OpCode.GETFH)
                        .handle())
                .isEqualTo(handle("dir"));
        expect(NfsStatus.NOENT, putRootFh(), lookupParent());
        expect(NfsStatus.NOENT, putRootFh(), lookup("dir"), lookup("a"), lookupParent(), lookup("secret"));
    }

    @Test
    void whoAuthenticatesTooWeaklyIsToldAtTheBorder() throws Exception {
        server.export().as("/ *(rw,no_root_squash)\n/dir/b *(sec=krb5i:krb5p)\n", server.fileSystem());
        expect(NfsStatus.WRONGSEC, putRootFh(), lookup("dir"), lookup("b"));
        expect(NfsStatus.OK, putRootFh(), lookup("dir"), lookup("a"));
        XdrReader flavors = run(putRootFh(), lookup("dir"), Ops.secInfo("b"))
                .ok(OpCode.PUTROOTFH, OpCode.LOOKUP, OpCode.SECINFO)
                .in();
        assertThat(flavors.readInt()).as("how many").isEqualTo(2);
        assertThat(flavors.readInt()).as("RPCSEC_GSS").isEqualTo(6);
    }

    /** Where a directory has the top of a stricter export, its attributes are told to nobody else (RFC 8881 section 18.23.3). */
    @Test
    void aListTellsNothingOfAStricterExportButItsName() throws Exception {
        server.export().as("/ *(rw,no_root_squash)\n/dir/b *(sec=krb5i:krb5p)\n", server.fileSystem());
        assertThat(errors(Attr.RDATTR_ERROR, Attr.FILEHANDLE, Attr.FILEID))
                .containsEntry("a", NfsStatus.OK)
                .containsEntry("b", NfsStatus.WRONGSEC);
        assertThat(errors(Attr.RDATTR_ERROR, Attr.MOUNTED_ON_FILEID))
                .as("what is of the directory that lists")
                .containsEntry("b", NfsStatus.OK);
        expect(NfsStatus.WRONGSEC, putRootFh(), lookup("dir"), readDir(0, 0, 0, 8192, Attr.TYPE));
        expect(NfsStatus.OK, putRootFh(), lookup("dir"), readDir(0, 0, 0, 8192, Attr.MOUNTED_ON_FILEID));
    }

    /** Such as those who come from a reserved port. */
    @Test
    void whatIsExportedToOthersOnlyIsListedByItsName() throws Exception {
        server.export().as("/ *(rw,insecure,no_root_squash)\n/dir/b *(rw,secure)\n", server.fileSystem());
        server.connection().comeFrom(60_000);
        assertThat(errors(Attr.RDATTR_ERROR, Attr.FILEID))
                .containsEntry("a", NfsStatus.OK)
                .containsEntry("b", NfsStatus.ACCESS);
        assertThat(masks(Attr.TYPE))
                .containsEntry("a", Bitmap4.of(Attr.TYPE.number()))
                .containsEntry("b", Bitmap4.EMPTY);
    }

    /** By name, rdattr_error, which is the first value of those that are asked for. */
    private Map<String, NfsStatus> errors(Attr... attributes) throws Exception {
        Map<String, NfsStatus> errors = new HashMap<>();
        entries(attributes, (name, mask, values) -> {
            assertThat(mask.contains(Attr.RDATTR_ERROR.number())).isTrue();
            NfsStatus error = NfsStatus.ofCode(values.readInt()).orElseThrow();
            if (error != NfsStatus.OK) {
                assertThat(mask).isEqualTo(Bitmap4.of(Attr.RDATTR_ERROR.number()));
                assertThat(values.remaining()).isZero();
            }
            errors.put(name, error);
        });
        return errors;
    }

    private Map<String, Bitmap4> masks(Attr... attributes) throws Exception {
        Map<String, Bitmap4> masks = new HashMap<>();
        entries(attributes, (name, mask, values) -> masks.put(name, mask));
        return masks;
    }

    private interface EntryReader {
        void entry(String name, Bitmap4 mask, XdrReader values) throws Exception;
    }

    private void entries(Attr[] attributes, EntryReader reader) throws Exception {
        XdrReader in = run(putRootFh(), lookup("dir"), readDir(0, 0, 0, 8192, attributes))
                .ok(OpCode.PUTROOTFH, OpCode.LOOKUP, OpCode.READDIR)
                .in();
        in.readHyper();
        while (in.readBoolean()) {
            in.readHyper();
            String name = in.readUtf8(255);
            reader.entry(name, Bitmap4.decode(in), new XdrReader(in.readOpaqueSlice(1024)));
        }
    }

    @Test
    void nothingMovesBetweenExports() throws Exception {
        byte[] a = handle("dir", "a");
        byte[] b = handle("dir", "b");
        expect(NfsStatus.XDEV, putFh(a), saveFh(), putFh(b), rename("deep", "deep"));
        expect(NfsStatus.OK, putFh(a), saveFh(), putFh(a), rename("deep", "deeper"));
    }

    @Test
    void whoHasOneDirectoryMakesUpNoHandleOfAnother() throws Exception {
        OpContext root = new OpContext(Credentials.ROOT);
        ModelFileSystem files = server.fileSystem();
        FileHandle dir = files.lookup(root, files.root(), Name.of("dir")).handle();
        FileHandle secret = files.lookup(root, dir, Name.of("secret")).handle();
        expect(NfsStatus.ACCESS, putFh(secret.toBytes()));
    }
}
