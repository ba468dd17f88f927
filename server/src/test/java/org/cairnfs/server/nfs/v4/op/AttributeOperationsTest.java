package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.getAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.getFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.lookup;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.nfs.rpc.RpcCredential.Gss;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations on attributes, and what asks about permissions; in 4.0, where each compound stands for itself. */
class AttributeOperationsTest extends OnSmallTree {
    @Test
    void getAttrTellsWhatIsSupported() throws Exception {
        Reply reply = run(putRootFh(), getAttr(Attr.SUPPORTED_ATTRS, Attr.TYPE));

        XdrReader values = reply.ok(OpCode.PUTROOTFH, OpCode.GETATTR).attributes(Attr.SUPPORTED_ATTRS, Attr.TYPE);
        assertThat(Bitmap4.decode(values)).isEqualTo(Attr.supported(0));
        assertThat(values.readInt()).isEqualTo(Ftype4.NF4DIR);
        expect(NfsStatus.INVAL, putRootFh(), getAttr(Attr.TIME_MODIFY_SET));
        run(putRootFh(), getAttr(12, 14, 99))
                .ok(OpCode.PUTROOTFH, OpCode.GETATTR)
                .attributes();
    }

    @Test
    void setAttrSetsAllOrNothing() throws Exception {
        Fattr wanted = Fattr.mode(0600).owner("12").modified(1000, 5);
        Reply reply = run(putRootFh(), lookup("file"), Ops.setAttr(Stateid.ANONYMOUS, wanted), getAttr(33, 36, 53));

        assertThat(reply.ok(OpCode.PUTROOTFH, OpCode.LOOKUP, OpCode.SETATTR).bitmap())
                .isEqualTo(Bitmap4.of(33, 36, 54));
        XdrReader values = reply.ok(OpCode.GETATTR).attributes(Attr.MODE, Attr.OWNER, Attr.TIME_MODIFY);
        assertThat(values.readInt()).isEqualTo(0600);
        assertThat(values.readUtf8(9)).isEqualTo("12");
        assertThat(values.readHyper()).isEqualTo(1000);
        assertThat(values.readInt()).isEqualTo(5);
    }

    @Test
    void setAttrThatFailsSaysThatNothingWasSet() throws Exception {
        Reply reply =
                run(putRootFh(), Ops.setAttr(Stateid.ANONYMOUS, Fattr.none().owner("nobody at all")));

        reply.ok(OpCode.PUTROOTFH);
        assertThat(reply.next(OpCode.SETATTR)).isEqualTo(NfsStatus.BADOWNER);
        assertThat(reply.bitmap()).isEqualTo(Bitmap4.EMPTY);
        reply.end();
        expectSetAttr(NfsStatus.ATTRNOTSUPP, Fattr.none().with(14, out -> out.writeInt(1)));
        expectSetAttr(NfsStatus.INVAL, Fattr.none().with(Attr.FILEID, out -> out.writeHyper(1)));
        expectSetAttr(NfsStatus.BADXDR, Fattr.none().with(Attr.MODE, out -> out.writeHyper(1)));
        server.connection().as(1000, 1000);
        expectSetAttr(NfsStatus.PERM, Fattr.mode(0777));
    }

    private void expectSetAttr(NfsStatus status, Fattr attributes) throws Exception {
        expect(status, putRootFh(), lookup("file"), Ops.setAttr(Stateid.ANONYMOUS, attributes));
    }

    @Test
    void verifyGoesOnWhenEqualAndNverifyWhenNot() throws Exception {
        Fattr same = Fattr.mode(0644).owner("0").with(Attr.TYPE, out -> out.writeInt(1));
        Fattr other = Fattr.mode(0600);

        expect(NfsStatus.OK, putRootFh(), lookup("file"), Ops.verify(same));
        expect(NfsStatus.NOT_SAME, putRootFh(), lookup("file"), Ops.verify(other));
        expect(NfsStatus.SAME, putRootFh(), lookup("file"), Ops.nverify(same));
        expect(NfsStatus.OK, putRootFh(), lookup("file"), Ops.nverify(other));
        expect(NfsStatus.ATTRNOTSUPP, putRootFh(), Ops.verify(Fattr.none().with(14, out -> out.writeInt(1))));
        expect(NfsStatus.INVAL, putRootFh(), Ops.verify(Fattr.none().accessedNow()));
        expect(NfsStatus.INVAL, putRootFh(), Ops.verify(Fattr.none().with(Attr.RDATTR_ERROR, out -> out.writeInt(0))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "dir"})
    void accessAnswersWhatTheTypeKnows(String name) throws Exception {
        boolean directory = name.equals("dir");
        server.connection().as(1000, 1000);
        Reply reply = run(putRootFh(), lookup(name), Ops.access(0x3f)).ok(OpCode.PUTROOTFH, OpCode.LOOKUP);
        reply.ok(OpCode.ACCESS);

        assertThat(reply.in().readInt()).as("supported").isEqualTo(directory ? 0x1f : 0x2d);
        assertThat(reply.in().readInt()).as("granted").isEqualTo(directory ? 0x03 : 0x01);
        server.connection().as(0, 0);
        reply = run(putRootFh(), lookup(name), Ops.access(0x3f)).ok(OpCode.PUTROOTFH, OpCode.LOOKUP);
        assertThat(reply.ok(OpCode.ACCESS).in().readHyper()).isEqualTo(directory ? 0x1f_0000_001fL : 0x2d_0000_000dL);
    }

    // ---- security

    @Test
    void secInfoNamesAuthSys() throws Exception {
        Reply reply = run(putRootFh(), Ops.secInfo("file"), getFh()).ok(OpCode.PUTROOTFH, OpCode.SECINFO);

        assertThat(reply.in().readInts(9)).containsExactly(1);
        reply.ok(OpCode.GETFH).handle();
        reply.end();
        expect(NfsStatus.NOENT, putRootFh(), Ops.secInfo("nothing"));
        expect(NfsStatus.NOTDIR, putRootFh(), lookup("file"), Ops.secInfo("x"));
    }

    @Test
    void whoMustAuthenticateOtherwiseIsToldHow() throws Exception {
        server.export().only(SecurityFlavor.KRB5P, SecurityFlavor.KRB5I);
        expect(NfsStatus.WRONGSEC, putRootFh());
        assertThat(run(putRootFh(), Ops.saveFh(), Ops.secInfo("file")).next(OpCode.PUTROOTFH))
                .isEqualTo(NfsStatus.WRONGSEC);
        Reply reply = run(putRootFh(), Ops.secInfo("file")).ok(OpCode.PUTROOTFH, OpCode.SECINFO);

        assertThat(reply.in().readInt()).isEqualTo(2);
        for (int service : new int[] {3, 2}) {
            assertThat(reply.in().readInt()).as("RPCSEC_GSS").isEqualTo(6);
            assertThat(reply.in().readOpaque(16))
                    .as("1.2.840.113554.1.2.2")
                    .isEqualTo(new byte[] {42, -122, 72, -122, -9, 18, 1, 2, 2});
            assertThat(reply.in().readInt()).as("QOP").isZero();
            assertThat(reply.in().readInt()).isEqualTo(service);
        }
        reply.end();
        server.connection().as(new Gss("root/host@TEST", Gss.Service.INTEGRITY, Optional.of(Credentials.ROOT)));
        run(putRootFh(), lookup("file"), getFh()).ok(OpCode.PUTROOTFH, OpCode.LOOKUP, OpCode.GETFH);
        server.connection().as(new Gss("root/host@TEST", Gss.Service.NONE, Optional.of(Credentials.ROOT)));
        expect(NfsStatus.WRONGSEC, putRootFh());
    }

    @Test
    void noAccessIsGainedByAskingForFlavours() throws Exception {
        server.export().only(SecurityFlavor.KRB5);
        for (Op next : List.of(getFh(), getAttr(0), lookup("file"), Ops.saveFh(), Ops.secInfo("file"))) {
            expect(NfsStatus.NOFILEHANDLE, putRootFh(), Ops.secInfo("file"), next);
        }
    }
}
