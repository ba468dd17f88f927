package org.cairnfs.server.nfs.v4.compound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.bytes;
import static org.cairnfs.server.nfs.v4.testing.Ops.getAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.getFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.lookup;
import static org.cairnfs.server.nfs.v4.testing.Ops.mkdir;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.remove;
import static org.cairnfs.server.nfs.v4.testing.Ops.rename;
import static org.cairnfs.server.nfs.v4.testing.Ops.saveFh;
import static org.cairnfs.server.nfs.v4.testing.StateOps.claimNull;
import static org.cairnfs.server.nfs.v4.testing.StateOps.guarded;
import static org.cairnfs.server.nfs.v4.testing.StateOps.open;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.rpc.RawClient;
import org.cairnfs.server.nfs.rpc.RpcServer;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.testing.Client40;
import org.cairnfs.server.nfs.v4.testing.DirectConnection;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Nfs4TestClient;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.cairnfs.server.nfs.v4.testing.Verbs;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.Test;

/** A client of 4.0 that heard no answer sends the same COMPOUND again, over another connection. */
class ResendTest {
    private static final Fattr MODE = Fattr.mode(0755);

    /** One COMPOUND under a transaction id, over a connection of its own; the whole reply. */
    private static byte[] send(Nfs4Fixture server, int xid, Op... operations) throws Exception {
        XdrWriter arguments = Nfs4TestClient.encode("", 0, operations.length, Arrays.asList(operations));
        XdrReader reply = server.connect().nextXid(xid).call(arguments);
        return reply.readFixedOpaque(reply.remaining());
    }

    private static NfsStatus status(byte[] reply) {
        return NfsStatus.ofCode(ByteBuffer.wrap(reply).getInt()).orElseThrow();
    }

    @Test
    void whatChangesSomethingIsAnsweredAsBefore() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            Op[][] changes = {
                {putRootFh(), mkdir("d", MODE), getFh()},
                {putRootFh(), lookup("d"), mkdir("e", MODE)},
                {putRootFh(), Ops.symlink("s", "target")},
                {putRootFh(), lookup("s"), saveFh(), putRootFh(), Ops.link("l")},
                // Gone from where the first operations lead to.
                {putRootFh(), lookup("d"), saveFh(), rename("e", "f"), lookup("f"), getFh()},
                {putRootFh(), saveFh(), rename("d", "moved")},
                {putRootFh(), lookup("moved"), remove("f")},
                {putRootFh(), remove("moved")},
            };
            for (int i = 0; i < changes.length; i++) {
                byte[] first = send(server, 100 + i, changes[i]);
                assertThat(status(first)).isEqualTo(NfsStatus.OK);
                assertThat(send(server, 100 + i, changes[i])).isEqualTo(first);
            }
            assertThat(status(send(server, 200, changes[7]))).isEqualTo(NfsStatus.NOENT);
            assertThat(status(send(server, 201, changes[2]))).isEqualTo(NfsStatus.EXIST);
        }
    }

    @Test
    void anErrorStaysThatError() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            Op[] remove = {putRootFh(), remove("d")};
            assertThat(status(send(server, 1, remove))).isEqualTo(NfsStatus.NOENT);
            send(server, 2, putRootFh(), mkdir("d", MODE));
            assertThat(status(send(server, 1, remove))).isEqualTo(NfsStatus.NOENT);
            assertThat(status(send(server, 3, remove))).isEqualTo(NfsStatus.OK);
        }
    }

    @Test
    void whatOnlyLooksIsDoneAgain() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            Op[] look = {putRootFh(), lookup("d"), getAttr(Attr.TYPE)};
            assertThat(status(send(server, 1, look))).isEqualTo(NfsStatus.NOENT);
            send(server, 2, putRootFh(), mkdir("d", MODE));
            assertThat(status(send(server, 1, look))).isEqualTo(NfsStatus.OK);
        }
    }

    /** Else it might be carried out when its client believes that it failed. */
    @Test
    void whatFailedBeforeItChangedSomethingStaysFailed() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            send(server, 1, putRootFh(), mkdir("victim", MODE));
            Op[] remove = {putRootFh(), lookup("d"), putRootFh(), remove("victim")};
            byte[] first = send(server, 2, remove);
            assertThat(status(first)).isEqualTo(NfsStatus.NOENT);
            send(server, 3, putRootFh(), mkdir("d", MODE));
            assertThat(send(server, 2, remove)).isEqualTo(first);
            assertThat(status(send(server, 4, putRootFh(), lookup("victim")))).isEqualTo(NfsStatus.OK);
        }
    }

    /** A server whose next change of a name is put off. */
    private static Nfs4Fixture busyOnce(AtomicBoolean busy) {
        return new Nfs4Fixture(model -> Verbs.intercepted(model, (verb, arguments, usual) -> {
            if (verb.equals("create") && busy.getAndSet(false)) {
                throw new FsException(Errno.EAGAIN, "busy");
            }
            return usual.call();
        }));
    }

    @Test
    void whatWasToComeLaterIsCarriedOutThen() throws Exception {
        AtomicBoolean busy = new AtomicBoolean(true);
        try (Nfs4Fixture server = busyOnce(busy)) {
            Op[] make = {putRootFh(), mkdir("d", MODE)};
            assertThat(status(send(server, 1, make))).isEqualTo(NfsStatus.DELAY);
            byte[] made = send(server, 1, make);
            assertThat(status(made)).isEqualTo(NfsStatus.OK);
            assertThat(send(server, 1, make)).isEqualTo(made);

            // Half done, it must not be begun anew.
            Op[] removeAndMake = {putRootFh(), remove("d"), mkdir("e", MODE)};
            busy.set(true);
            byte[] half = send(server, 2, removeAndMake);
            assertThat(status(half)).isEqualTo(NfsStatus.DELAY);
            assertThat(send(server, 2, removeAndMake)).isEqualTo(half);
        }
    }

    /** A transaction id comes again: after a client's reboot, or by another of the same host. */
    @Test
    void anotherRequestUnderTheSameIdIsAnother() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            send(server, 1, putRootFh(), mkdir("d", MODE));
            assertThat(status(send(server, 1, putRootFh(), mkdir("e", MODE)))).isEqualTo(NfsStatus.OK);
            DirectConnection other = server.connect().as(1000, 1000).nextXid(1);
            assertThat(new Nfs4TestClient(other)
                            .call(0, putRootFh(), mkdir("d", MODE))
                            .status())
                    .isEqualTo(NfsStatus.EXIST);
        }
    }

    @Test
    void aLateWriteDoesNotUndoALaterOne() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            Client40 client = Client40.open(server.connection(), "client");
            OpenFile file = client.create("f");
            Op[] early = {putFh(file.handle()), Ops.write(file.stateid(), 0, 0, bytes("early"))};
            byte[] first = send(server, 1, early);
            send(server, 2, putFh(file.handle()), Ops.write(file.stateid(), 0, 0, bytes("later")));
            assertThat(send(server, 1, early)).isEqualTo(first);
            Reply read = client.run(putFh(file.handle()), Ops.read(file.stateid(), 0, 9));
            assertThat(read.ok(OpCode.PUTFH, OpCode.READ).data().bytes()).isEqualTo(bytes("later"));
        }
    }

    /** The owner knows its operation as well; and goes on from there. */
    @Test
    void anOpenIsAnsweredAsBefore() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            Client40 client = Client40.open(server.connection(), "client");
            client.create("first");
            Op open = open(
                    client.nextSeqid(),
                    StateOps.BOTH,
                    0,
                    client.id(),
                    Client40.OWNER,
                    guarded(Fattr.mode(0600)),
                    claimNull("once"));
            Op[] all = {putRootFh(), open, getFh(), getAttr(Attr.CHANGE)};
            byte[] first = send(server, 1, all);
            assertThat(status(first)).isEqualTo(NfsStatus.OK);
            Stateid stateid = new Reply(new XdrReader(ByteBuffer.wrap(first)))
                    .ok(OpCode.PUTROOTFH)
                    .opened()
                    .stateid();
            send(server, 2, putRootFh(), lookup("once"), Ops.write(stateid, 0, 0, bytes("changed")));
            assertThat(send(server, 1, all)).isEqualTo(first);
            client.create("second");
        }
    }

    @Test
    void afterARestartItIsAnsweredOnce() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            Client40.open(server.connection(), "client");
            Op[] make = {putRootFh(), mkdir("d", MODE)};
            send(server, 1, make);
            server.restart();
            assertThat(status(send(server, 2, make))).isEqualTo(NfsStatus.EXIST);
            byte[] resent = send(server, 1, make);
            assertThat(status(resent)).isEqualTo(NfsStatus.OK);
            assertThat(send(server, 1, make)).isEqualTo(resent);
        }
    }

    /** Over TCP, as a client does it whose connection broke. */
    @Test
    void overTheWire() throws Exception {
        try (Nfs4Fixture server = new Nfs4Fixture()) {
            RpcServer rpc = RpcServer.builder()
                    .program(NfsProgram.PROGRAM, NfsProgram.VERSION, server.program())
                    .build();
            rpc.start();
            try {
                byte[] make = Nfs4TestClient.encode("", 0, 2, List.of(putRootFh(), mkdir("d", MODE)))
                        .toByteArray();
                byte[] first = sendOnce(rpc, 7, make);
                assertThat(sendOnce(rpc, 7, make)).isEqualTo(first);
                assertThat(sendOnce(rpc, 8, make)).isNotEqualTo(first);
            } finally {
                rpc.stop(java.time.Duration.ZERO);
            }
        }
    }

    private static byte[] sendOnce(RpcServer rpc, int xid, byte[] arguments) throws IOException {
        try (RawClient client = new RawClient(rpc.address())) {
            client.sendRecord(ByteBuffer.allocate(40 + 4 * 5 + arguments.length)
                    .putInt(xid)
                    .putInt(0)
                    .putInt(2)
                    .putInt(NfsProgram.PROGRAM)
                    .putInt(NfsProgram.VERSION)
                    .putInt(1)
                    // AUTH_SYS: stamp, no machine name, uid, gid, no groups
                    .putInt(1)
                    .putInt(20)
                    .put(new byte[20])
                    .putLong(0)
                    .put(arguments)
                    .array());
            return client.receiveRecord();
        }
    }

    // ---- any requests

    /** A request, and how many requests later it comes again; 0 if never. */
    private record Sent(List<Op> operations, int again) {}

    @Provide
    Arbitrary<Sent> requests() {
        Arbitrary<String> names = Arbitraries.of("a", "b", "c");
        Arbitrary<List<Op>> operations = Arbitraries.oneOf(
                names.map(name -> List.of(putRootFh(), mkdir(name, MODE))),
                names.map(name -> List.of(putRootFh(), Ops.symlink(name, name))),
                names.map(name -> List.of(putRootFh(), remove(name))),
                Combinators.combine(names, names)
                        .as((name, to) -> List.of(putRootFh(), lookup(name), saveFh(), putRootFh(), Ops.link(to))),
                Combinators.combine(names, names)
                        .as((from, to) -> List.of(putRootFh(), saveFh(), rename(from, to), lookup(to))),
                Combinators.combine(names, Arbitraries.of(0700, 0500))
                        .as((name, mode) ->
                                List.of(putRootFh(), lookup(name), Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(mode)))));
        return Combinators.combine(operations, Arbitraries.integers().between(0, 6))
                .as(Sent::new);
    }

    /** Resends, however late, leave all as it would be without them. */
    @Property(tries = 200)
    void requestsThatComeAgainChangeNothing(@ForAll("requests50") List<Sent> requests) throws Exception {
        try (Nfs4Fixture plain = new Nfs4Fixture();
                Nfs4Fixture repeating = new Nfs4Fixture()) {
            List<byte[]> answers = new ArrayList<>();
            for (int i = 0; i < requests.size(); i++) {
                Op[] operations = requests.get(i).operations().toArray(Op[]::new);
                NfsStatus expected = status(send(plain, i, operations));
                answers.add(send(repeating, i, operations));
                assertThat(status(answers.get(i))).isEqualTo(expected);
                for (int earlier = 0; earlier < i; earlier++) {
                    Sent other = requests.get(earlier);
                    if (earlier + other.again() == i) {
                        assertThat(send(repeating, earlier, other.operations().toArray(Op[]::new)))
                                .isEqualTo(answers.get(earlier));
                    }
                }
            }
        }
    }

    @Provide
    Arbitrary<List<Sent>> requests50() {
        return requests().list().ofMaxSize(30);
    }
}
