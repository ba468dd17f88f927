package org.cairnfs.server.nfs.v3.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Reply3;
import org.cairnfs.server.nfs.v3.testing.Reply3.Attributes3;
import org.cairnfs.server.nfs.v3.testing.Reply3.Before;
import org.cairnfs.server.nfs.v3.testing.Reply3.Wcc;
import org.junit.jupiter.api.Test;

/** LOOKUP, and what makes, moves and removes names. */
class NameProceduresTest extends ProcedureRig {
    @Test
    void lookupFindsNamesAndTheDots() throws Exception {
        byte[] directory = root.mkDir("d");
        byte[] file = root.call(Calls.create(directory, "f", true, Sattr.mode(0600)))
                .ok()
                .postHandle();

        Reply3 found = root.call(Calls.lookup(directory, "f")).ok();
        assertThat(found.handle()).isEqualTo(file);
        assertThat(found.postOp()).contains(root.attributes(file));
        assertThat(found.postOp()).contains(root.attributes(directory));
        found.end();
        assertThat(root.call(Calls.lookup(directory, ".")).ok().handle()).isEqualTo(directory);
        assertThat(root.call(Calls.lookup(directory, "..")).ok().handle()).isEqualTo(root.root());
        assertThat(root.call(Calls.lookup(root.root(), "..")).ok().handle()).isEqualTo(root.root());
        root.expect(Nfs3Status.NOTDIR, Calls.lookup(file, "."));
        root.expect(Nfs3Status.NOTDIR, Calls.lookup(file, "x"));
        root.expect(Nfs3Status.NAMETOOLONG, Calls.lookup(directory, "x".repeat(256)));
        root.expect(Nfs3Status.INVAL, Calls.lookup(directory, "a/b"));
        root.expect(Nfs3Status.INVAL, Calls.lookup(directory, ""));

        Reply3 missing = root.call(Calls.lookup(directory, "missing"));
        assertThat(missing.status()).isEqualTo(Nfs3Status.NOENT);
        assertThat(missing.postOp()).contains(root.attributes(directory));
        missing.end();
    }

    @Test
    void createTellsHandleAttributesAndTheDirectory() throws Exception {
        Attributes3 before = root.attributes(root.root());

        Reply3 made = root.call(Calls.create(root.root(), "f", true, Sattr.mode(0640)))
                .ok();

        byte[] file = made.postHandle();
        assertThat(made.postOp()).contains(root.attributes(file));
        Wcc wcc = made.wcc();
        assertThat(wcc.before()).contains(Before.of(before));
        assertThat(wcc.after()).contains(root.attributes(root.root()));
        made.end();
    }

    @Test
    void guardedAndUncheckedCreatesDifferWhereThereIsAFile() throws Exception {
        byte[] file = root.create("f");
        root.write(file, 0, new byte[10]);

        Reply3 guarded = root.call(Calls.create(root.root(), "f", true, Sattr.mode(0600)));
        assertThat(guarded.status()).isEqualTo(Nfs3Status.EXIST);
        Wcc wcc = guarded.wcc();
        assertThat(wcc.before()).isEmpty();
        assertThat(wcc.after()).contains(root.attributes(root.root()));
        guarded.end();

        Reply3 kept = root.call(Calls.create(root.root(), "f", false, Sattr.mode(0600)))
                .ok();
        assertThat(kept.postHandle()).isEqualTo(file);
        assertThat(kept.postOp().orElseThrow().size()).isEqualTo(10);
        Reply3 cut = root.call(
                        Calls.create(root.root(), "f", false, Sattr.mode(0600).withSize(0)))
                .ok();
        assertThat(cut.postHandle()).isEqualTo(file);
        assertThat(cut.postOp()).contains(root.attributes(file));
        assertThat(root.attributes(file).size()).isZero();
        assertThat(root.attributes(file).mode()).isEqualTo(0644);
        root.expect(Nfs3Status.EXIST, Calls.create(root.root(), ".", false, Sattr.mode(0600)));
    }

    @Test
    void exclusiveCreateIsTheSameForTheSameVerifierOnly() throws Exception {
        byte[] file =
                root.call(Calls.createExclusive(root.root(), "f", 42)).ok().postHandle();
        assertThat(server.root()
                        .call(Calls.createExclusive(root.root(), "f", 42))
                        .ok()
                        .postHandle())
                .isEqualTo(file);
        root.expect(Nfs3Status.EXIST, Calls.createExclusive(root.root(), "f", 43));
        server.restart();
        server.root().expect(Nfs3Status.OK, Calls.createExclusive(root.root(), "f", 42));
    }

    @Test
    void everyKindCanBeMade() throws Exception {
        root.expect(Nfs3Status.OK, Calls.mkNod(root.root(), "null", CHARACTER, Sattr.mode(0666), new int[] {1, 3}));
        root.expect(Nfs3Status.OK, Calls.mkNod(root.root(), "pipe", FIFO, Sattr.mode(0600), null));
        root.expect(Nfs3Status.OK, Calls.mkNod(root.root(), "socket", SOCKET, Sattr.mode(0600), null));
        root.expect(Nfs3Status.BADTYPE, Calls.mkNod(root.root(), "file", REGULAR, null, null));
        root.expect(Nfs3Status.BADTYPE, Calls.mkNod(root.root(), "what", 99, null, null));
        byte[] link = root.call(Calls.symLink(root.root(), "link", "to/ä")).ok().postHandle();

        assertThat(root.attributes(find("null")).type()).isEqualTo(CHARACTER);
        assertThat(root.attributes(find("null")).major()).isEqualTo(1);
        assertThat(root.attributes(find("null")).minor()).isEqualTo(3);
        assertThat(root.attributes(find("pipe")).type()).isEqualTo(FIFO);
        assertThat(root.attributes(find("socket")).type()).isEqualTo(SOCKET);
        assertThat(root.attributes(root.mkDir("d")).type()).isEqualTo(DIRECTORY);
        assertThat(root.attributes(link).type()).isEqualTo(SYMLINK);
        Reply3 read = root.call(Calls.readLink(link)).ok();
        assertThat(read.postOp()).contains(root.attributes(link));
        assertThat(new String(read.opaque(), StandardCharsets.UTF_8)).isEqualTo("to/ä");
        root.expect(Nfs3Status.INVAL, Calls.readLink(root.root()));
    }

    @Test
    void namesAreRemovedRenamedAndLinked() throws Exception {
        byte[] directory = root.mkDir("d");
        byte[] file = root.create("f");

        Attributes3 before = root.attributes(directory);
        Reply3 linked = root.call(Calls.link(file, directory, "g")).ok();
        assertThat(linked.postOp().orElseThrow().nlink()).isEqualTo(2);
        Wcc wcc = linked.wcc();
        assertThat(wcc.before()).contains(Before.of(before));
        assertThat(wcc.after()).contains(root.attributes(directory));
        linked.end();

        Attributes3 rootBefore = root.attributes(root.root());
        before = root.attributes(directory);
        Reply3 renamed =
                root.call(Calls.rename(root.root(), "f", directory, "h")).ok();
        wcc = renamed.wcc();
        assertThat(wcc.before()).contains(Before.of(rootBefore));
        assertThat(wcc.after()).contains(root.attributes(root.root()));
        wcc = renamed.wcc();
        assertThat(wcc.before()).contains(Before.of(before));
        assertThat(wcc.after()).contains(root.attributes(directory));
        renamed.end();

        root.expect(Nfs3Status.NOTEMPTY, Calls.rmDir(root.root(), "d"));
        root.expect(Nfs3Status.ISDIR, Calls.remove(root.root(), "d"));
        root.expect(Nfs3Status.NOTDIR, Calls.rmDir(directory, "g"));
        root.expect(Nfs3Status.OK, Calls.remove(directory, "g"));
        before = root.attributes(directory);
        wcc = root.call(Calls.remove(directory, "h")).ok().wcc();
        assertThat(wcc.before()).contains(Before.of(before));
        assertThat(wcc.after()).contains(root.attributes(directory));
        root.expect(Nfs3Status.STALE, Calls.getAttr(file));
        root.expect(Nfs3Status.INVAL, Calls.rmDir(root.root(), "."));
        root.expect(Nfs3Status.EXIST, Calls.rmDir(root.root(), ".."));
        root.expect(Nfs3Status.OK, Calls.rmDir(root.root(), "d"));
        root.expect(Nfs3Status.NOENT, Calls.remove(root.root(), "d"));
    }

    @Test
    void whoWatchesHearsOfEachProcedure() throws Exception {
        long top = server.fileSystem().root().inode();
        server.watch().wantDetails();
        root.create("f");
        root.call(Calls.lookup(root.root(), "missing"));
        assertThat(server.watch().ended()).containsExactly("CREATE", "LOOKUP!");
        assertThat(server.watch().details())
                .hasSize(2)
                .anyMatch(detail -> detail.startsWith("3 CREATE " + top + " Create[") && detail.endsWith(" OK"))
                .anyMatch(detail -> detail.startsWith("3 LOOKUP " + top + " Lookup[") && detail.endsWith(" NOENT"));
    }
}
