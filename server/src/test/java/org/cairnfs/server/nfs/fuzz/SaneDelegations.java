package org.cairnfs.server.nfs.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.call.Nfs3Program;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Call;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Reply3;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Client40;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.StateOps;

/** What a sane client does with read delegations, which somebody of version 3 takes from it, and with named attributes. */
final class SaneDelegations {
    private static final int WANT_READ_DELEGATION = 0x0100;
    private static final int BOTH_DIRECTIONS = 3;

    /** Only so that a recall that never comes fails the test. */
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Caller caller;
    private final String name;

    SaneDelegations(Caller caller, String name) {
        this.caller = caller;
        this.name = name;
    }

    private Nfs3Status status3(Call call) throws Exception {
        return new Reply3(caller.call(
                        Nfs3Program.PROGRAM, Nfs3Program.VERSION, call.number().number(), call.arguments()))
                .status();
    }

    void namedAttributes() throws Exception {
        Session41 session = Session41.open(caller, "named " + name);
        OpenFile file = session.create("named-" + name);
        byte[] directory = session.run(Ops.putFh(file.handle()), Ops.openAttr(true), Ops.getFh())
                .ok(OpCode.PUTFH, OpCode.OPENATTR, OpCode.GETFH)
                .handle();
        Reply reply = session.run(
                Ops.putFh(directory),
                StateOps.open(StateOps.BOTH, 0, "o", StateOps.unchecked(Fattr.none()), StateOps.claimNull("attribute")),
                Ops.getFh());
        Stateid stateid = reply.ok(OpCode.PUTFH).opened().stateid();
        byte[] attribute = reply.ok(OpCode.GETFH).handle();
        session.expect(
                NfsStatus.OK,
                Ops.putFh(attribute),
                Ops.write(stateid, 0, Ops.FILE_SYNC, name.getBytes(StandardCharsets.UTF_8)),
                Ops.read(stateid, 0, 100),
                Ops.setAttr(stateid, Fattr.size(3)),
                StateOps.close(0, stateid));
        session.expect(NfsStatus.OK, Ops.putFh(directory), Ops.readDir(0, 0, 2000, 8000));
        session.expect(NfsStatus.OK, Ops.putFh(directory), Ops.lookup("attribute"), Ops.getAttr(1, 3, 4));
        session.expect(NfsStatus.NOTSUPP, Ops.putFh(directory), Ops.saveFh(), Ops.rename("attribute", "other"));
        session.expect(NfsStatus.OK, Ops.putFh(directory), Ops.remove("attribute"));
    }

    /** Recalled over the connection of the session. */
    void inASession() throws Exception {
        Session41 session = Session41.open(caller, "delegated " + name);
        session.client()
                .call(1, StateOps.bindConnToSession(session.id(), BOTH_DIRECTIONS))
                .ok(OpCode.BIND_CONN_TO_SESSION);
        OpenFile file = session.create("41d-" + name);
        session.close(file);
        Optional<Stateid> delegation = openDelegated(session, "41d-" + name);
        int before = caller.callbacks();
        Call write = Calls.write(file.handle(), 0, 2, new byte[10]);
        assertThat(status3(write)).isEqualTo(delegation.isPresent() ? Nfs3Status.JUKEBOX : Nfs3Status.OK);
        if (delegation.isPresent()) {
            awaitRecall(before);
            Op.Arguments claim = StateOps.claimDelegation(delegation.get());
            session.run(Ops.putFh(file.handle()), StateOps.open(StateOps.READ, 0, "o", StateOps.noCreate(), claim));
            session.expect(NfsStatus.OK, Ops.putFh(file.handle()), StateOps.delegReturn(delegation.get()));
        }
        assertThat(status3(Calls.setAttr(file.handle(), Sattr.size(5), null))).isEqualTo(Nfs3Status.OK);
        uncontended(session);
    }

    /** Given back before anybody else wants it, so that whoever repeats this is given it again. */
    private void uncontended(Session41 session) throws Exception {
        OpenFile file = session.create("41e-" + name);
        session.close(file);
        Optional<Stateid> delegation = openDelegated(session, "41e-" + name);
        if (delegation.isPresent()) {
            session.expect(NfsStatus.OK, Ops.putFh(file.handle()), StateOps.delegReturn(delegation.get()));
        }
        assertThat(status3(Calls.write(file.handle(), 0, 2, new byte[10]))).isEqualTo(Nfs3Status.OK);
    }

    private static Optional<Stateid> openDelegated(Session41 session, String file) throws Exception {
        Op open = StateOps.open(
                StateOps.READ | WANT_READ_DELEGATION, 0, "reader", StateOps.noCreate(), StateOps.claimNull(file));
        return delegation(session.run(Ops.putRootFh(), open).ok(OpCode.PUTROOTFH));
    }

    /** Asks something harmless until the callback has come in between. */
    private void awaitRecall(int before) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (caller.callbacks() == before) {
            assertThat(System.nanoTime()).as("a recall within a minute").isLessThan(end);
            caller.call(Nfs3Program.PROGRAM, Nfs3Program.VERSION, 0, out -> {});
        }
    }

    private static Optional<Stateid> delegation(Reply reply) throws Exception {
        return Optional.ofNullable(reply.opened().read()).map(Reply.Delegation::stateid);
    }

    /** Recalled over a connection to a callback service, which answers what it likes; so there is no delegation for certain. */
    void of40(String callbackService) throws Exception {
        Client40 client = Client40.open(caller, "4.0 delegated " + name, callbackService);
        OpenFile file = client.create("40d-" + name);
        client.expect(NfsStatus.OK, Ops.putFh(file.handle()), StateOps.close(client.nextSeqid(), file.stateid()));
        Op open = StateOps.open(
                client.nextSeqid(),
                StateOps.READ,
                0,
                client.id(),
                Client40.OWNER,
                StateOps.noCreate(),
                StateOps.claimNull("40d-" + name));
        Reply reply = client.run(Ops.putRootFh(), open).ok(OpCode.PUTROOTFH);
        Optional<Stateid> delegation = delegation(reply);
        status3(Calls.write(file.handle(), 0, 2, new byte[10]));
        if (delegation.isPresent()) {
            client.run(Ops.putFh(file.handle()), StateOps.delegReturn(delegation.get()));
        }
    }
}
