package org.cairnfs.server.nfs.v4.compound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.getFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.mkdir;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.remove;

import java.util.Collections;
import java.util.List;
import org.cairnfs.server.nfs.state.SessionId;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** COMPOUND in sessions: where SEQUENCE stands, what is answered twice, and what fits. */
class SessionTest {
    private final Nfs4Fixture server = new Nfs4Fixture();
    private Session41 session;

    @BeforeEach
    void open() throws Exception {
        session = Session41.open(server.connection(), "client");
    }

    @AfterEach
    void close() {
        server.close();
    }

    // ---- the order of operations

    @Test
    void sequenceComesFirstAndOnlyFirst() throws Exception {
        Reply without = session.client().call(1, putRootFh(), getFh());
        assertThat(without.next(OpCode.PUTROOTFH)).isEqualTo(NfsStatus.OP_NOT_IN_SESSION);
        without.end();
        Reply twice = session.run(putRootFh(), StateOps.sequence(session.id(), 9, 1, 1, false));
        twice.ok(OpCode.PUTROOTFH);
        assertThat(twice.next(OpCode.SEQUENCE)).isEqualTo(NfsStatus.SEQUENCE_POS);
        twice.end();
    }

    @Test
    void whatNeedsNoSessionComesAlone() throws Exception {
        Reply reply = session.client().call(1, StateOps.destroyClientId(5), putRootFh());
        assertThat(reply.next(OpCode.DESTROY_CLIENTID)).isEqualTo(NfsStatus.NOT_ONLY_OP);
        reply.end();
        reply = session.client().call(1, StateOps.exchangeId(1, "x", 0), putRootFh());
        assertThat(reply.next(OpCode.EXCHANGE_ID)).isEqualTo(NfsStatus.NOT_ONLY_OP);
        session.expect(NfsStatus.NOT_ONLY_OP, StateOps.bindConnToSession(session.id(), 1));
    }

    @Test
    void operationsThatAreGoneOrToComeAreToldApart() throws Exception {
        session.expect(NfsStatus.NOTSUPP, StateOps.renew(1));
        session.expect(NfsStatus.NOTSUPP, StateOps.setClientId(1, "x"));
        session.expect(NfsStatus.NOTSUPP, StateOps.openConfirm(Stateid.ANONYMOUS, 1));
        session.expect(NfsStatus.NOTSUPP, StateOps.releaseLockOwner(1, "x"));
        for (OpCode code : List.of(OpCode.LAYOUTGET, OpCode.GETDEVICEINFO, OpCode.SET_SSV, OpCode.WANT_DELEGATION)) {
            session.expect(NfsStatus.NOTSUPP, Op.of(code, out -> {}));
        }
        Reply reply = session.run(Op.of(OpCode.SEEK, out -> {}));
        assertThat(reply.next(OpCode.ILLEGAL)).isEqualTo(NfsStatus.OP_ILLEGAL);
        reply = session.client().call(1, StateOps.renew(1));
        assertThat(reply.next(OpCode.RENEW)).isEqualTo(NfsStatus.NOTSUPP);
        reply = session.client().call(1, Op.of(99, out -> {}));
        assertThat(reply.next(OpCode.ILLEGAL)).isEqualTo(NfsStatus.OP_ILLEGAL);
    }

    // ---- exactly once

    @Test
    void aResendIsAnsweredFromTheCacheAndNotDoneAgain() throws Exception {
        Op[] operations = {putRootFh(), mkdir("once", Fattr.none()), getFh()};
        Reply first = session.runCached(operations);
        assertThat(first.status()).isEqualTo(NfsStatus.OK);

        Reply again = session.resend(true, operations);

        again.ok(OpCode.PUTROOTFH, OpCode.CREATE).change();
        again.bitmap();
        byte[] handle = again.ok(OpCode.GETFH).handle();
        again.end();
        assertThat(handle).isEqualTo(session.handle("once"));
    }

    @Test
    void errorsAreKeptToo() throws Exception {
        session.expect(NfsStatus.OK, putRootFh(), mkdir("d", Fattr.none()));
        session.expect(NfsStatus.OK, putRootFh(), remove("d"));

        Reply again = session.resend(false, putRootFh(), remove("d"));

        assertThat(again.status()).isEqualTo(NfsStatus.OK);
        again.ok(OpCode.PUTROOTFH, OpCode.REMOVE).change();
        again.end();
    }

    @Test
    void aLongReplyThatNobodyWantedKeptIsNotKept() throws Exception {
        Session41.OpenFile file = session.create("file");
        session.write(file, 0, new byte[4000]);
        Op[] operations = {Ops.putFh(file.handle()), Ops.read(file.stateid(), 0, 4000)};
        session.run(operations);

        Reply again = session.resend(false, operations);

        assertThat(again.next(OpCode.PUTFH)).isEqualTo(NfsStatus.RETRY_UNCACHED_REP);
        again.end();
    }

    @Test
    void anotherRequestInTheSamePlaceIsAFalseRetry() throws Exception {
        session.runCached(putRootFh(), mkdir("a", Fattr.none()));

        Reply other = session.raw(0, session.sequence(), true, putRootFh(), mkdir("b", Fattr.none()));

        assertThat(other.next(OpCode.SEQUENCE)).isEqualTo(NfsStatus.SEQ_FALSE_RETRY);
        other.end();
    }

    @Test
    void sequencesThatCannotBe() throws Exception {
        assertThat(session.raw(0, session.sequence() + 2, false).status()).isEqualTo(NfsStatus.SEQ_MISORDERED);
        assertThat(session.raw(5000, 1, false).status()).isEqualTo(NfsStatus.BADSLOT);
        Op unknown = StateOps.sequence(new SessionId(1, 2), 1, 0, 0, false);
        assertThat(session.client().call(1, unknown).status()).isEqualTo(NfsStatus.BADSESSION);
        Op cut = Op.of(OpCode.SEQUENCE, out -> out.writeHyper(0));
        Reply reply = session.client().call(1, cut);
        assertThat(reply.next(OpCode.SEQUENCE)).isEqualTo(NfsStatus.BADXDR);
    }

    // ---- what fits

    @Test
    void tooManyOperations() throws Exception {
        Op[] many = Collections.nCopies(200, putRootFh()).toArray(new Op[0]);

        Reply reply = session.raw(1, 1, false, many);

        assertThat(reply.next(OpCode.SEQUENCE)).isEqualTo(NfsStatus.TOO_MANY_OPS);
        reply.end();
    }

    @Test
    void aReplyThatIsTooBigIsRefusedWhereItBecomesSo() throws Exception {
        Session41 small = Session41.open(server.connect(), "small", 1, 700, 512);
        Op all = Ops.getAttr(Attr.SUPPORTED_ATTRS, Attr.FSID, Attr.OWNER, Attr.TIME_ACCESS, Attr.TIME_MODIFY);

        Reply reply = small.run(putRootFh(), all, all, all, all, all, all, all, all, all, all, all, all);

        assertThat(reply.status()).isEqualTo(NfsStatus.REP_TOO_BIG);
        assertThat(reply.count()).isBetween(5, 12);
    }

    @Test
    void aReplyThatIsTooBigToBeKeptIsRefusedBeforeItIsDone() throws Exception {
        Session41 small = Session41.open(server.connect(), "small", 1, 1 << 16, 640);
        small.expect(NfsStatus.OK, StateOps.reclaimComplete(false));
        Op attributes = Ops.getAttr(Attr.SUPPORTED_ATTRS, Attr.FSID, Attr.OWNER, Attr.TIME_ACCESS, Attr.TIME_MODIFY);

        Reply reply = small.runCached(
                putRootFh(), attributes, attributes, attributes, attributes, mkdir("never", Fattr.none()));

        assertThat(reply.status()).isEqualTo(NfsStatus.REP_TOO_BIG_TO_CACHE);
        small.expect(NfsStatus.NOENT, putRootFh(), Ops.lookup("never"));
    }

    /** RFC 8881 section 2.10.6.4: SEQUENCE itself says that its reply cannot be kept, and has not happened then. */
    @Test
    void aChannelThatKeepsNothingKeepsNotEvenSequence() throws Exception {
        Session41 tiny = Session41.open(server.connection(), "tiny", 1, 4096, 10);
        Reply reply = tiny.raw(0, 1, true);
        assertThat(reply.next(OpCode.SEQUENCE)).isEqualTo(NfsStatus.REP_TOO_BIG_TO_CACHE);
        reply.end();
        assertThat(tiny.raw(0, 1, false).status()).isEqualTo(NfsStatus.OK);
    }

    @Test
    void aReadIsCutToWhatFits() throws Exception {
        Session41.OpenFile file = session.create("file");
        session.write(file, 0, new byte[5000]);
        Session41 small = Session41.open(server.connect(), "small", 1, 1024, 512);

        Reply reply = small.run(Ops.putFh(file.handle()), Ops.read(Stateid.ANONYMOUS, 0, 5000));

        Reply.Data data = reply.ok(OpCode.PUTFH, OpCode.READ).data();
        assertThat(data.end()).isFalse();
        assertThat(data.bytes()).hasSizeBetween(500, 1024);
        reply.end();
    }

    // ---- sessions and clients

    @Test
    void sessionsAndClientsGoInOrder() throws Exception {
        Session41 other = Session41.open(server.connect(), "other");
        Reply busy = other.client().call(1, StateOps.destroyClientId(other.clientId()));
        assertThat(busy.next(OpCode.DESTROY_CLIENTID)).isEqualTo(NfsStatus.CLIENTID_BUSY);
        other.client()
                .call(1, StateOps.destroySession(other.id()))
                .ok(OpCode.DESTROY_SESSION)
                .end();
        assertThat(other.raw(0, 9, false).next(OpCode.SEQUENCE)).isEqualTo(NfsStatus.BADSESSION);
        other.client()
                .call(1, StateOps.destroyClientId(other.clientId()))
                .ok(OpCode.DESTROY_CLIENTID)
                .end();
        Reply gone = other.client().call(1, StateOps.destroyClientId(other.clientId()));
        assertThat(gone.next(OpCode.DESTROY_CLIENTID)).isEqualTo(NfsStatus.STALE_CLIENTID);
    }

    @Test
    void aConnectionIsBound() throws Exception {
        Reply reply = session.client().call(1, StateOps.bindConnToSession(session.id(), 3));

        reply.ok(OpCode.BIND_CONN_TO_SESSION);
        assertThat(Wire.readSessionId(reply.in())).isEqualTo(session.id());
        assertThat(reply.in().readInt()).isIn(1, 3);
        assertThat(reply.in().readBoolean()).isFalse();
        reply.end();
    }

    @Test
    void theRestOfTheOperationsOnSessions() throws Exception {
        session.expect(NfsStatus.OK, StateOps.backchannelCtl(0x4000_0001));
        session.expect(NfsStatus.COMPLETE_ALREADY, StateOps.reclaimComplete(false));
        session.expect(NfsStatus.NOFILEHANDLE, StateOps.reclaimComplete(true));
        session.expect(NfsStatus.BAD_STATEID, putRootFh(), StateOps.delegReturn(new Stateid(1, 2, 3, 4)));
        Reply flavors = session.run(putRootFh(), Ops.secInfoNoName(0), getFh()).ok(OpCode.PUTROOTFH);
        assertThat(flavors.ok(OpCode.SECINFO_NO_NAME).in().readInts(9)).containsExactly(1);
        assertThat(flavors.next(OpCode.GETFH)).as("consumed").isEqualTo(NfsStatus.NOFILEHANDLE);
        session.expect(NfsStatus.NOENT, putRootFh(), Ops.secInfoNoName(1));
        session.expect(NfsStatus.NOFILEHANDLE, putRootFh(), Ops.restoreFh());
    }
}
