package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.bytes;
import static org.cairnfs.server.nfs.v4.testing.Ops.mkdir;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.remove;
import static org.cairnfs.server.nfs.v4.testing.StateOps.claimNull;
import static org.cairnfs.server.nfs.v4.testing.StateOps.claimPrevious;
import static org.cairnfs.server.nfs.v4.testing.StateOps.noCreate;
import static org.cairnfs.server.nfs.v4.testing.StateOps.open;

import java.util.List;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client rides through a restart: it reclaims what it held, and its unanswered operations are not done twice. */
class RestartTest {
    private final Nfs4Fixture server = new Nfs4Fixture();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void opensAndLocksAreReclaimedAndNewOnesWait() throws Exception {
        Session41 before = Session41.open(server.connection(), "client");
        OpenFile file = before.create("file");
        before.write(file, 0, bytes("hello"));
        before.expect(
                NfsStatus.OK,
                putFh(file.handle()),
                StateOps.lockNew(StateOps.WRITE_LT, 0, 5, 0, file.stateid(), 0, 0, "lock owner"));

        server.restart();
        Session41 after = Session41.openInGrace(server.connection(), "client", 1);
        after.expect(NfsStatus.GRACE, putRootFh(), open(StateOps.READ, 0, "new", noCreate(), claimNull("file")));
        Reply reply = after.run(putFh(file.handle()), open(StateOps.BOTH, 0, "owner", noCreate(), claimPrevious()));
        Stateid reclaimed = reply.ok(OpCode.PUTFH).opened().stateid();
        after.expect(
                NfsStatus.OK,
                putFh(file.handle()),
                StateOps.lockNew(StateOps.WRITE_LT, true, 0, 5, 0, reclaimed, 0, 0, "lock owner"));
        after.expect(NfsStatus.OK, StateOps.reclaimComplete(false));
        server.awaitEndOfGrace();

        after.expect(NfsStatus.OK, putRootFh(), open(StateOps.READ, 0, "new", noCreate(), claimNull("file")));
        assertThat(after.read(OpenFile.of(file.handle(), reclaimed), 0, 9)).isEqualTo(bytes("hello"));
        Session41 other = Session41.open(server.connect(), "other");
        other.expect(
                NfsStatus.DENIED,
                putFh(file.handle()),
                StateOps.lockTest(StateOps.READ_LT, 0, 1, 0, "someone else's owner"));
        after.expect(
                NfsStatus.NO_GRACE, putFh(file.handle()), open(StateOps.READ, 0, "late", noCreate(), claimPrevious()));
    }

    @Test
    void aRemovedFileThatIsReclaimedLivesOn() throws Exception {
        Session41 before = Session41.open(server.connection(), "client");
        OpenFile file = before.create("file");
        before.write(file, 0, bytes("hello"));
        before.expect(NfsStatus.OK, putRootFh(), remove("file"));

        server.restart();
        Session41 after = Session41.openInGrace(server.connection(), "client", 1);
        Reply reply = after.run(putFh(file.handle()), open(StateOps.READ, 0, "owner", noCreate(), claimPrevious()));
        Stateid reclaimed = reply.ok(OpCode.PUTFH).opened().stateid();
        after.expect(NfsStatus.OK, StateOps.reclaimComplete(false));

        assertThat(after.read(OpenFile.of(file.handle(), reclaimed), 0, 9)).isEqualTo(bytes("hello"));
    }

    @Test
    void theSessionsOfBeforeAreGone() throws Exception {
        Session41 before = Session41.open(server.connection(), "client");

        server.restart();

        Op sequence = StateOps.sequence(before.id(), 5, 0, 0, false);
        assertThat(server.client().call(1, sequence).status()).isEqualTo(NfsStatus.BADSESSION);
    }

    static List<Op> changes() {
        return List.of(
                mkdir("dir", Fattr.mode(0755)),
                remove("victim"),
                open(StateOps.BOTH, 0, "owner", StateOps.guarded(Fattr.mode(0600)), claimNull("guarded")),
                open(StateOps.BOTH, 0, "owner", StateOps.exclusive41(9, Fattr.mode(0600)), claimNull("exclusive")));
    }

    /**
     * The server dies before the answer of {@code change} arrives; the client sends it again in its new session, and only
     * once it has reclaimed everything (as Linux does): grace may be over by then.
     */
    @ParameterizedTest
    @MethodSource("changes")
    void unansweredOperationsAreNotDoneTwice(Op change) throws Exception {
        Session41 before = Session41.open(server.connection(), "client");
        before.create("victim");
        before.expect(NfsStatus.OK, putRootFh(), change);

        server.restart();
        Session41 after = Session41.openInGrace(server.connection(), "client", 1);
        after.expect(NfsStatus.OK, StateOps.reclaimComplete(false));
        server.awaitEndOfGrace();

        after.expect(NfsStatus.OK, putRootFh(), change);
    }

    @Test
    void anUnansweredRenameIsNotDoneTwice() throws Exception {
        Session41 before = Session41.open(server.connection(), "client");
        before.create("victim");
        Op[] rename = {putRootFh(), Ops.saveFh(), Ops.rename("victim", "renamed")};
        before.expect(NfsStatus.OK, rename);

        server.restart();
        Session41 after = Session41.openInGrace(server.connection(), "client", 1);
        after.expect(NfsStatus.OK, StateOps.reclaimComplete(false));
        server.awaitEndOfGrace();

        after.expect(NfsStatus.OK, rename);
        after.expect(NfsStatus.NOENT, rename);
    }

    @Test
    void theSameOperationOfAnotherClientIsAnotherOperation() throws Exception {
        Session41 before = Session41.open(server.connection(), "client");
        before.expect(NfsStatus.OK, putRootFh(), mkdir("dir", Fattr.mode(0755)));

        server.restart();
        Session41 reclaiming = Session41.openInGrace(server.connection(), "client", 1);
        reclaiming.expect(NfsStatus.OK, StateOps.reclaimComplete(false));
        server.awaitEndOfGrace();
        Session41 other = Session41.open(server.connect(), "other");

        other.expect(NfsStatus.EXIST, putRootFh(), mkdir("dir", Fattr.mode(0755)));
    }

    @Test
    void theSameOperationOfAnotherUserIsAnotherOperation() throws Exception {
        Session41 before = Session41.open(server.connection(), "client");
        before.expect(NfsStatus.OK, putRootFh(), mkdir("dir", Fattr.mode(0755)));

        server.restart();
        Session41 after = Session41.openInGrace(server.connection(), "client", 1);
        after.expect(NfsStatus.OK, StateOps.reclaimComplete(false));
        server.awaitEndOfGrace();

        server.connection().as(1000, 1000);
        after.expect(NfsStatus.EXIST, putRootFh(), mkdir("dir", Fattr.mode(0755)));
        server.connection().as(0, 0);
        after.expect(NfsStatus.OK, putRootFh(), mkdir("dir", Fattr.mode(0755)));
    }
}
