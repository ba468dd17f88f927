package org.cairnfs.server.nfs.v3.proc;

import static org.assertj.core.api.Assertions.assertThat;

import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Nfs3Client;
import org.cairnfs.server.nfs.v3.testing.Reply3;
import org.cairnfs.server.nfs.v3.testing.Reply3.Attributes3;
import org.cairnfs.server.nfs.v3.testing.Reply3.Before;
import org.cairnfs.server.nfs.v3.testing.Reply3.Wcc;
import org.junit.jupiter.api.Test;

/** GETATTR, SETATTR and ACCESS. */
class AttributeProceduresTest extends ProcedureRig {
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
}
