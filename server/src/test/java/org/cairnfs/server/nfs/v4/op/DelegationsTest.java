package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.bytes;
import static org.cairnfs.server.nfs.v4.testing.Ops.getFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;
import static org.cairnfs.server.nfs.v4.testing.StateOps.claimNull;
import static org.cairnfs.server.nfs.v4.testing.StateOps.delegReturn;
import static org.cairnfs.server.nfs.v4.testing.StateOps.noCreate;
import static org.cairnfs.server.nfs.v4.testing.StateOps.open;

import org.cairnfs.server.nfs.state.Callbacks;
import org.cairnfs.server.nfs.state.StateSettings;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Client40;
import org.cairnfs.server.nfs.v4.testing.DirectConnection;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Nfs4TestClient;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.cairnfs.server.nfs.v4.testing.TakenCallbacks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Read delegations on the wire: what OPEN answers, how the file is named in a recall, and what may be done under one. */
class DelegationsTest {
    private static final int NONE = 0;
    private static final int DELEGATED = 1;
    private static final int NONE_EXT = 3;
    private static final int WANT_READ = 0x0100;
    private static final int WANT_WRITE = 0x0200;
    private static final int WANT_ANY = 0x0300;
    private static final int WANT_NONE = 0x0400;
    private static final int WANT_CANCEL = 0x0500;
    private static final int BACK = 2;

    private final TakenCallbacks callbacks = new TakenCallbacks();
    private final Nfs4Fixture server = new Nfs4Fixture(StateSettings.defaults(), callbacks);
    private Session41 writer;
    private OpenFile file;

    @BeforeEach
    void makeFile() throws Exception {
        writer = Session41.open(server.connect(), "writer");
        file = writer.create("file");
        writer.write(file, 0, bytes("hello"));
        writer.close(file);
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** A client that can be called over its connection. */
    private Session41 reader(String owner) throws Exception {
        DirectConnection connection = server.connect();
        Session41 session = Session41.open(connection, owner);
        bind(connection, session);
        return session;
    }

    private static void bind(DirectConnection connection, Session41 session) throws Exception {
        assertThat(new Nfs4TestClient(connection)
                        .call(1, StateOps.bindConnToSession(session.id(), BACK))
                        .status())
                .isEqualTo(NfsStatus.OK);
    }

    private static Reply.Opened openFile(Session41 session, int access) throws Exception {
        Reply reply = session.run(putRootFh(), open(access, 0, "owner", noCreate(), claimNull("file")), getFh());
        Reply.Opened opened = reply.ok(OpCode.PUTROOTFH).opened();
        assertThat(reply.ok(OpCode.GETFH).handle())
                .as("what follows is read right")
                .isNotEmpty();
        reply.end();
        return opened;
    }

    private void giveBack(Session41 session, Stateid delegation) throws Exception {
        session.expect(NfsStatus.OK, putFh(file.handle()), delegReturn(delegation));
    }

    private void wantsToWrite(NfsStatus status) throws Exception {
        writer.expect(status, putRootFh(), open(StateOps.WRITE, 0, "owner", noCreate(), claimNull("file")));
    }

    @Test
    void anOpenForReadingComesWithOneThatIsRecalledAndReturned() throws Exception {
        Session41 reader = reader("reader");
        Reply.Opened opened = openFile(reader, StateOps.READ);
        assertThat(opened.delegation()).isEqualTo(DELEGATED);
        assertThat(opened.read().recall()).isFalse();
        Stateid delegation = opened.read().stateid();
        assertThat(delegation).isNotEqualTo(opened.stateid());
        assertThat(reader.read(OpenFile.of(file.handle(), delegation), 0, 9)).isEqualTo(bytes("hello"));
        reader.expect(NfsStatus.OPENMODE, putFh(file.handle()), Ops.write(delegation, 0, 0, bytes("x")));

        wantsToWrite(NfsStatus.DELAY);
        Callbacks.Recall recall = callbacks.next();
        assertThat(recall.stateid()).isEqualTo(delegation);
        assertThat(recall.handle().toArray()).isEqualTo(file.handle());
        giveBack(reader, delegation);
        wantsToWrite(NfsStatus.OK);
        assertThat(reader.read(OpenFile.of(file.handle(), opened.stateid()), 0, 9))
                .as("the open stays")
                .isEqualTo(bytes("hello"));
    }

    @Test
    void whatIsWantedDecides() throws Exception {
        for (int want : new int[] {0, WANT_READ, WANT_ANY}) {
            Session41 reader = reader("reader " + want);
            Reply.Opened opened = openFile(reader, StateOps.READ | want);
            assertThat(opened.delegation()).isEqualTo(DELEGATED);
            giveBack(reader, opened.read().stateid());
        }
        Session41 reader = reader("reader");
        assertThat(openFile(reader, StateOps.READ | WANT_NONE).why())
                .as("NOT_WANTED")
                .isZero();
        assertThat(openFile(reader, StateOps.READ | WANT_CANCEL).why())
                .as("CANCELLED")
                .isEqualTo(7);
        assertThat(openFile(reader, StateOps.READ | WANT_WRITE).why())
                .as("WRITE_DELEG_NOT_SUPP_FTYPE")
                .isEqualTo(4);
        assertThat(openFile(reader, StateOps.WRITE).delegation()).isEqualTo(NONE);
        assertThat(openFile(reader, StateOps.BOTH | WANT_ANY).delegation()).isEqualTo(NONE_EXT);
    }

    @Test
    void whoAsksHearsWhyThereIsNone() throws Exception {
        Session41 mute = Session41.open(server.connect(), "mute");
        assertThat(openFile(mute, StateOps.READ).delegation()).isEqualTo(NONE);
        assertThat(openFile(mute, StateOps.READ | WANT_READ).why())
                .as("RESOURCE")
                .isEqualTo(2);
        openFile(writer, StateOps.WRITE);
        assertThat(openFile(reader("reader"), StateOps.READ | WANT_READ).why())
                .as("CONTENTION")
                .isEqualTo(1);
    }

    @Test
    void moreIsOpenedByTheRightOfOne() throws Exception {
        Session41 reader = reader("reader");
        Stateid delegation = openFile(reader, StateOps.READ).read().stateid();
        wantsToWrite(NfsStatus.DELAY);
        callbacks.next();
        Op byName = open(StateOps.READ, 0, "other", noCreate(), StateOps.claimDelegation(delegation, "file"));
        Op byHandle = open(StateOps.READ, 0, "third", noCreate(), StateOps.claimDelegation(delegation));
        Reply.Opened other =
                reader.run(putRootFh(), byName).ok(OpCode.PUTROOTFH).opened();
        Reply.Opened third =
                reader.run(putFh(file.handle()), byHandle).ok(OpCode.PUTFH).opened();
        assertThat(other.delegation()).isEqualTo(NONE);
        assertThat(third.delegation()).isEqualTo(NONE);
        giveBack(reader, delegation);
        reader.expect(NfsStatus.BAD_STATEID, putFh(file.handle()), byHandle);
        assertThat(reader.read(OpenFile.of(file.handle(), third.stateid()), 0, 9))
                .isEqualTo(bytes("hello"));
    }

    @Test
    void oneIsReclaimedAfterARestart() throws Exception {
        openFile(reader("reader"), StateOps.READ);
        server.restart();
        DirectConnection connection = server.connect();
        Session41 reader = Session41.openInGrace(connection, "reader", 1);
        bind(connection, reader);
        Op reclaim = open(StateOps.READ, 0, "owner", noCreate(), StateOps.claimPreviousDelegation());
        Reply.Opened again =
                reader.run(putFh(file.handle()), reclaim).ok(OpCode.PUTFH).opened();
        assertThat(again.delegation()).isEqualTo(DELEGATED);
        assertThat(again.read().recall()).isFalse();
        reader.expect(NfsStatus.OK, StateOps.reclaimComplete(false));
        giveBack(reader, again.read().stateid());
    }

    @Test
    void whoCannotBeCalledReclaimsOneToGiveItBack() throws Exception {
        openFile(reader("reader"), StateOps.READ);
        server.restart();
        Session41 mute = Session41.openInGrace(server.connect(), "reader", 1);
        Op reclaim = open(StateOps.READ, 0, "owner", noCreate(), StateOps.claimPreviousDelegation());
        Reply.Delegation again = mute.run(putFh(file.handle()), reclaim)
                .ok(OpCode.PUTFH)
                .opened()
                .read();
        assertThat(again.recall()).isTrue();
        giveBack(mute, again.stateid());
    }

    // ---- 4.0

    private Op open40(Client40 client) {
        return open(client.nextSeqid(), StateOps.READ, 0, client.id(), Client40.OWNER, noCreate(), claimNull("file"));
    }

    /** A client whose open owner is confirmed, with a delegation of the file. */
    private Stateid delegate40(Client40 client) throws Exception {
        client.create("other file");
        Reply.Opened opened =
                client.run(putRootFh(), open40(client)).ok(OpCode.PUTROOTFH).opened();
        assertThat(opened.delegation()).isEqualTo(DELEGATED);
        return opened.read().stateid();
    }

    @Test
    void anOwnerOf40GetsOneOnceItIsConfirmed() throws Exception {
        Client40 client = Client40.open(server.connect(), "client");
        Reply reply = client.run(putRootFh(), open40(client), getFh()).ok(OpCode.PUTROOTFH);
        Reply.Opened first = reply.opened();
        assertThat(first.mustConfirm()).isTrue();
        assertThat(first.delegation()).as("RFC 7530 section 9.1.11: not yet").isEqualTo(NONE);
        client.expect(NfsStatus.OK, putFh(file.handle()), StateOps.openConfirm(first.stateid(), client.nextSeqid()));
        Reply.Opened second =
                client.run(putRootFh(), open40(client)).ok(OpCode.PUTROOTFH).opened();
        assertThat(second.delegation()).isEqualTo(DELEGATED);
        wantsToWrite(NfsStatus.DELAY);
        assertThat(callbacks.next().handle().toArray()).isEqualTo(file.handle());
        client.expect(
                NfsStatus.OK, putFh(file.handle()), delegReturn(second.read().stateid()));
        wantsToWrite(NfsStatus.OK);
    }

    /** Its stateid is known no more when it comes again. */
    @Test
    void aResentReturnIsAnsweredAsBefore() throws Exception {
        DirectConnection connection = server.connect();
        Client40 client = Client40.open(connection, "client");
        Stateid delegation = delegate40(client);
        client.expect(NfsStatus.OK, putFh(file.handle()), delegReturn(delegation));
        connection.nextXid(connection.lastXid());
        client.expect(NfsStatus.OK, putFh(file.handle()), delegReturn(delegation));
        client.expect(NfsStatus.BAD_STATEID, putFh(file.handle()), delegReturn(delegation));
    }

    @Test
    @Timeout(60)
    void whoCannotBeReachedHearsOfItByItsRenewal() throws Exception {
        Client40 client = Client40.open(server.connect(), "client");
        Stateid delegation = delegate40(client);
        client.expect(NfsStatus.OK, StateOps.renew(client.id()));
        callbacks.setUp(false);
        wantsToWrite(NfsStatus.DELAY);
        callbacks.next();
        while (client.run(StateOps.renew(client.id())).status() == NfsStatus.OK) {
            // The failure of the call is noted a moment after the call.
            Thread.onSpinWait();
        }
        client.expect(NfsStatus.CB_PATH_DOWN, StateOps.renew(client.id()));
        client.expect(NfsStatus.OK, putFh(file.handle()), delegReturn(delegation));
        client.expect(NfsStatus.OK, StateOps.renew(client.id()));
        wantsToWrite(NfsStatus.OK);
    }
}
