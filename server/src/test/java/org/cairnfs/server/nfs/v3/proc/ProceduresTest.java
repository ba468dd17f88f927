package org.cairnfs.server.nfs.v3.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Nfs3Client;
import org.cairnfs.server.nfs.v3.testing.Nfs3Fixture;
import org.cairnfs.server.nfs.v3.testing.Reply3;
import org.cairnfs.server.nfs.v3.testing.Reply3.Attributes3;
import org.cairnfs.server.nfs.v3.testing.Reply3.Before;
import org.cairnfs.server.nfs.v3.testing.Reply3.Listed;
import org.cairnfs.server.nfs.v3.testing.Reply3.Page;
import org.cairnfs.server.nfs.v3.testing.Reply3.Wcc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each procedure over TCP, on the reference model. */
class ProceduresTest {
    private static final int REGULAR = 1;
    private static final int DIRECTORY = 2;
    private static final int CHARACTER = 4;
    private static final int SYMLINK = 5;
    private static final int SOCKET = 6;
    private static final int FIFO = 7;

    private Nfs3Fixture server;
    private Nfs3Client root;

    @BeforeEach
    void start() throws Exception {
        server = new Nfs3Fixture();
        root = server.root();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    // ---- attributes

    @Test
    void attributesAreThoseOfTheFile() throws Exception {
        byte[] file = root.create("f");
        root.write(file, 0, new byte[5]);
        root.call(Calls.setAttr(
                        file, Sattr.mode(04711).withOwner(7, 8).withTimes(new int[] {1, 2}, new int[] {3, 4}), null))
                .ok();

        Attributes3 is = root.attributes(file);

        assertThat(is.type()).isEqualTo(REGULAR);
        assertThat(is.mode()).isEqualTo(04711);
        assertThat(is.nlink()).isEqualTo(1);
        assertThat(is.uid()).isEqualTo(7);
        assertThat(is.gid()).isEqualTo(8);
        assertThat(is.size()).isEqualTo(5);
        assertThat(is.atime()).isEqualTo(1_000_000_002L);
        assertThat(is.mtime()).isEqualTo(3_000_000_004L);
        assertThat(is.fsid()).isEqualTo(root.attributes(root.root()).fsid()).isNotZero();
        assertThat(is.fileId()).isNotEqualTo(root.attributes(root.root()).fileId());
    }

    @Test
    void setAttrTellsWhatWasAndWhatIs() throws Exception {
        byte[] file = root.create("f");
        root.write(file, 0, new byte[10]);
        Attributes3 before = root.attributes(file);

        Wcc wcc = root.call(Calls.setAttr(file, Sattr.size(3), null)).ok().wcc();

        assertThat(wcc.before()).contains(Before.of(before));
        assertThat(wcc.after()).contains(root.attributes(file));
        assertThat(wcc.after().orElseThrow().size()).isEqualTo(3);
    }

    @Test
    void theGuardOfSetAttrIsTheCtime() throws Exception {
        byte[] file = root.create("f");
        long ctime = root.attributes(file).ctime();
        int[] guard = {(int) (ctime / 1_000_000_000L), (int) (ctime % 1_000_000_000L)};

        root.expect(Nfs3Status.NOT_SYNC, Calls.setAttr(file, Sattr.mode(0600), new int[] {guard[0], guard[1] ^ 1}));
        assertThat(root.attributes(file).mode()).isEqualTo(0644);
        root.expect(Nfs3Status.OK, Calls.setAttr(file, Sattr.mode(0600), guard));
        assertThat(root.attributes(file).mode()).isEqualTo(0600);
    }

    @Test
    void anOwnerTruncatesWhateverTheModeSays() throws Exception {
        root.expect(Nfs3Status.OK, Calls.setAttr(root.root(), Sattr.mode(0777), null));
        Nfs3Client alice = server.connect(1000, 1000);
        byte[] file = alice.create("f");
        alice.expect(Nfs3Status.OK, Calls.setAttr(file, Sattr.mode(0), null));

        alice.expect(Nfs3Status.OK, Calls.setAttr(file, Sattr.size(9), null));
        server.connect(1001, 1000).expect(Nfs3Status.ACCES, Calls.setAttr(file, Sattr.size(0), null));
        assertThat(root.attributes(file).size()).isEqualTo(9);
    }

    @Test
    void impossibleAttributesAreRefused() throws Exception {
        byte[] file = root.create("f");
        root.expect(Nfs3Status.FBIG, Calls.setAttr(file, Sattr.size(-1), null));
        root.expect(
                Nfs3Status.INVAL, Calls.setAttr(file, Sattr.NONE.withTimes(new int[] {1, 1_000_000_000}, null), null));
        root.expect(Nfs3Status.ISDIR, Calls.setAttr(root.root(), Sattr.size(1), null));
    }

    @Test
    void accessAnswersWhatWasAsked() throws Exception {
        byte[] file = root.create("f");
        Nfs3Client alice = server.connect(1000, 1000);
        Reply3 reply = alice.call(Calls.access(file, 0x3f)).ok();
        assertThat(reply.postOp()).isPresent();
        assertThat(reply.in().readInt()).isEqualTo(0x01);
        reply.end();
        reply = root.call(Calls.access(root.root(), 0x3f)).ok();
        reply.postOp();
        assertThat(reply.in().readInt()).isEqualTo(0x1f);
    }

    // ---- names

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

    // ---- contents

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 4095, 65_537, 1 << 20})
    void payloadsOfEveryLengthComeBackAsTheyWent(int length) throws Exception {
        byte[] file = root.create("f");
        byte[] data = new byte[length];
        new Random(length).nextBytes(data);
        root.write(file, 3, data);

        assertThat(root.read(file, 3, length)).isEqualTo(data);
        assertThat(root.read(file, 3, -1)).isEqualTo(data);
    }

    @Test
    void writesTellWhatWasAndHowStableItIs() throws Exception {
        byte[] file = root.create("f");
        for (int stable = 0; stable <= 2; stable++) {
            Attributes3 before = root.attributes(file);
            Reply3 reply = root.call(Calls.write(file, 100L * stable, stable, new byte[100]))
                    .ok();
            Wcc wcc = reply.wcc();
            assertThat(wcc.before()).contains(Before.of(before));
            assertThat(wcc.after()).contains(root.attributes(file));
            assertThat(reply.in().readInt()).isEqualTo(100);
            assertThat(reply.in().readInt()).isEqualTo(stable == 0 ? 0 : 2);
            assertThat(reply.in().readHyper()).isEqualTo(server.fileSystem().bootVerifier());
            reply.end();
        }
        Reply3 commit = root.call(Calls.commit(file, 0, 0)).ok();
        assertThat(commit.wcc().after()).contains(root.attributes(file));
        assertThat(commit.in().readHyper()).isEqualTo(server.fileSystem().bootVerifier());
        commit.end();
    }

    @Test
    void theVerifierChangesWithARestart() throws Exception {
        byte[] file = root.create("f");
        long before = server.fileSystem().bootVerifier();
        server.restart();
        Reply3 commit = server.root().call(Calls.commit(file, 0, 0)).ok();
        commit.wcc();
        assertThat(commit.in().readHyper()).isNotEqualTo(before);
    }

    @Test
    void readsEndWhereTheFileEnds() throws Exception {
        byte[] file = root.create("f");
        root.write(file, 0, new byte[10]);
        assertRead(file, 0, 9, 9, false);
        assertRead(file, 0, 10, 10, true);
        assertRead(file, 0, 11, 10, true);
        assertRead(file, 10, 1, 0, true);
        assertRead(file, -1, 1, 0, true);
        root.expect(Nfs3Status.ISDIR, Calls.read(root.root(), 0, 1));
        root.expect(Nfs3Status.FBIG, Calls.write(file, -1, 0, new byte[1]));
        byte[] link = root.call(Calls.symLink(root.root(), "l", "x")).ok().postHandle();
        root.expect(Nfs3Status.INVAL, Calls.read(link, 0, 1));
        root.expect(Nfs3Status.INVAL, Calls.write(link, -1, 0, new byte[1]));
    }

    private void assertRead(byte[] file, long offset, int count, int expected, boolean end) throws Exception {
        Reply3 reply = root.call(Calls.read(file, offset, count)).ok();
        reply.postOp();
        assertThat(reply.in().readInt()).isEqualTo(expected);
        assertThat(reply.in().readBoolean()).isEqualTo(end);
        assertThat(reply.opaque()).hasSize(expected);
    }

    // ---- directories

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void listingsHaveEveryNameOnceWhateverFits(boolean plus) throws Exception {
        byte[] directory = root.mkDir("d");
        List<String> expected = new ArrayList<>(List.of(".", ".."));
        for (int i = 0; i < 300; i++) {
            String name = "n".repeat(1 + i % 40) + i;
            root.call(Calls.create(directory, name, true, Sattr.mode(0600))).ok();
            expected.add(name);
        }
        for (int count : new int[] {plus ? 330 : 200, 1024, 4096, 1 << 20}) {
            List<Listed> listed = list(directory, count, plus);
            assertThat(listed).extracting(Listed::name).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(listed.get(0).fileId())
                    .isEqualTo(root.attributes(directory).fileId());
            assertThat(listed.get(1).fileId())
                    .isEqualTo(root.attributes(root.root()).fileId());
            Listed last = listed.get(listed.size() - 1);
            byte[] handle = root.call(Calls.lookup(directory, last.name())).ok().handle();
            assertThat(last.fileId()).isEqualTo(root.attributes(handle).fileId());
            if (plus) {
                assertThat(last.handle()).isEqualTo(handle);
                assertThat(last.attributes()).contains(root.attributes(handle));
            }
        }
    }

    private List<Listed> list(byte[] directory, int count, boolean plus) throws Exception {
        List<Listed> all = new ArrayList<>();
        Page page;
        do {
            long cookie = all.isEmpty() ? 0 : all.get(all.size() - 1).cookie();
            Reply3 reply = root.call(
                            plus
                                    ? Calls.readDirPlus(directory, cookie, 0, count, count)
                                    : Calls.readDir(directory, cookie, 0, count))
                    .ok();
            int bytes = reply.in().remaining();
            reply.postOp();
            page = reply.page(plus);
            reply.end();
            assertThat(bytes).as("the whole result").isLessThanOrEqualTo(count);
            assertThat(page.entries().isEmpty() && !page.end()).isFalse();
            assertThat(page.verifier()).isZero();
            all.addAll(page.entries());
        } while (!page.end());
        return all;
    }

    @Test
    void listingsGoOnWhileNamesComeAndGo() throws Exception {
        byte[] directory = root.mkDir("d");
        IntStream.range(0, 50).forEach(i -> make(directory, "stays" + i));
        List<String> seen = new ArrayList<>();
        long cookie = 0;
        Page page;
        int round = 0;
        do {
            Reply3 reply = root.call(Calls.readDir(directory, cookie, 0, 250)).ok();
            reply.postOp();
            page = reply.page(false);
            page.entries().forEach(entry -> seen.add(entry.name()));
            cookie = page.entries().get(page.entries().size() - 1).cookie();
            make(directory, "comes" + round);
            root.expect(Nfs3Status.OK, Calls.remove(directory, "comes" + round));
            round++;
        } while (!page.end());
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(seen.stream().filter(name -> name.startsWith("stays"))).hasSize(50);
    }

    @Test
    void listingsThatCannotBeAreRefused() throws Exception {
        root.create("f");
        root.expect(Nfs3Status.TOOSMALL, Calls.readDir(root.root(), 0, 0, 20));
        root.expect(Nfs3Status.TOOSMALL, Calls.readDirPlus(root.root(), 2, 0, 200, 200));
        root.expect(Nfs3Status.BAD_COOKIE, Calls.readDir(root.root(), 5, 1, 4096));
        root.expect(Nfs3Status.NOTDIR, Calls.readDir(find("f"), 0, 0, 4096));
        Reply3 hinted = root.call(Calls.readDirPlus(root.root(), 0, 0, 1, 8192)).ok();
        hinted.postOp();
        assertThat(hinted.page(true).entries()).as("at least one").hasSize(1);
    }

    // ---- the whole

    @Test
    void theFileSystemTellsItsLimits() throws Exception {
        Reply3 info = root.call(Calls.fsInfo(root.root())).ok();
        assertThat(info.postOp()).isPresent();
        int[] sizes = new int[7];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = info.in().readInt();
        }
        assertThat(sizes).containsExactly(1 << 20, 1 << 20, 4096, 1 << 20, 1 << 20, 4096, 64 << 10);
        assertThat(info.in().readHyper()).isEqualTo(FileSystem.MAX_FILE_SIZE);
        assertThat(info.time()).isEqualTo(1);
        assertThat(info.in().readInt()).isEqualTo(0x1b);
        info.end();

        Reply3 stat = root.call(Calls.fsStat(root.root())).ok();
        assertThat(stat.postOp()).isPresent();
        for (int i = 0; i < 6; i++) {
            assertThat(stat.in().readHyper()).isPositive();
        }
        assertThat(stat.in().readInt()).isZero();
        stat.end();

        Reply3 conf = root.call(Calls.pathConf(root.root())).ok();
        assertThat(conf.postOp()).isPresent();
        assertThat(conf.in().readInt()).isEqualTo(FileSystem.MAX_LINKS);
        assertThat(conf.in().readInt()).isEqualTo(255);
        assertThat(conf.in().readBoolean()).isTrue();
        assertThat(conf.in().readBoolean()).isTrue();
        assertThat(conf.in().readBoolean()).isFalse();
        assertThat(conf.in().readBoolean()).isTrue();
        conf.end();
    }

    // ---- who may

    @Test
    void readOnlyExportsAreReadOnly() throws Exception {
        byte[] file = root.create("f");
        root.write(file, 0, new byte[3]);
        server.exportReadOnly();
        root.expect(Nfs3Status.ROFS, Calls.write(file, 0, 0, new byte[1]));
        root.expect(Nfs3Status.ROFS, Calls.setAttr(file, Sattr.mode(0), null));
        root.expect(Nfs3Status.ROFS, Calls.create(root.root(), "g", false, Sattr.NONE));
        root.expect(Nfs3Status.ROFS, Calls.mkDir(root.root(), "g", Sattr.NONE));
        root.expect(Nfs3Status.ROFS, Calls.remove(root.root(), "f"));
        root.expect(Nfs3Status.ROFS, Calls.rename(root.root(), "f", root.root(), "g"));
        root.expect(Nfs3Status.ROFS, Calls.link(file, root.root(), "g"));
        assertThat(root.read(file, 0, 10)).hasSize(3);
    }

    @Test
    void nobodyGetsAtWhatIsNotExported() throws Exception {
        byte[] file = root.create("f");
        server.exportToNobody();
        Reply3 refused = root.call(Calls.read(file, 0, 1));
        assertThat(refused.status()).isEqualTo(Nfs3Status.ACCES);
        assertThat(refused.postOp()).as("not even its attributes").isEmpty();
        refused.end();
    }

    @Test
    void handlesThatAreNoneAreTold() throws Exception {
        root.expect(Nfs3Status.BADHANDLE, Calls.getAttr(new byte[0]));
        root.expect(Nfs3Status.BADHANDLE, Calls.read(new byte[64], 0, 1));
        byte[] other = root.root().clone();
        other[5] ^= 1;
        root.expect(Nfs3Status.STALE, Calls.getAttr(other));
    }

    private void make(byte[] directory, String name) {
        try {
            root.call(Calls.create(directory, name, true, Sattr.mode(0600))).ok();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private byte[] find(String name) throws Exception {
        return root.call(Calls.lookup(root.root(), name)).ok().handle();
    }
}
