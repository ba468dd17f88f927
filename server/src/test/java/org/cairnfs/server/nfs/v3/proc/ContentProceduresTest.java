package org.cairnfs.server.nfs.v3.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Nfs3Fixture;
import org.cairnfs.server.nfs.v3.testing.Reply3;
import org.cairnfs.server.nfs.v3.testing.Reply3.Attributes3;
import org.cairnfs.server.nfs.v3.testing.Reply3.Before;
import org.cairnfs.server.nfs.v3.testing.Reply3.Wcc;
import org.cairnfs.server.nfs.v4.testing.Verbs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** READ, WRITE, COMMIT and READLINK. */
class ContentProceduresTest extends ProcedureRig {
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
    void aReadOrWriteAsksTheFileSystemOneThing() throws Exception {
        List<String> verbs = Collections.synchronizedList(new ArrayList<>());
        try (Nfs3Fixture counted = new Nfs3Fixture(model -> Verbs.intercepted(model, (verb, arguments, usual) -> {
            verbs.add(verb);
            return usual.call();
        }))) {
            byte[] file = counted.root().create("f");
            verbs.clear();
            counted.root().write(file, 0, new byte[10]);
            counted.root().read(file, 0, 10);
        }
        // These cost nothing: constants, and what has nothing to wait for.
        verbs.removeAll(List.of("root", "bootVerifier", "awaitStable"));
        assertThat(verbs).containsExactly("write", "readWithAttributes");
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
}
