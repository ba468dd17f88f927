package org.cairnfs.server.nfs.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v3.call.Nfs3Program;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Arguments;
import org.cairnfs.server.nfs.v3.testing.Calls.Call;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Reply3;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Client40;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Ops42;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * What a sane client does with every protocol, each with files of its own: it must succeed, whatever was sent before, and what it
 * sends is what the damaged requests are made of.
 */
final class SaneSession {
    private static final int PORTMAP = 100000;
    private static final int MOUNT = 100005;
    private static final int NLM = 100021;
    private static final int NSM = 100024;
    private static final byte[] DATA = "what a sane client writes, and reads again".getBytes(StandardCharsets.US_ASCII);

    private final Caller caller;
    private final String name;
    private byte[] root;

    private SaneSession(Caller caller, String name) {
        this.caller = caller;
        this.name = name;
    }

    /**
     * Does everything once.
     *
     * @param name never used before on this server
     * @param callbackService where callbacks of version 4.0 go to, as a universal address
     * @return what was sent
     */
    static List<Request> run(InetSocketAddress server, String name, String callbackService) throws Exception {
        try (Caller caller = new Caller(server)) {
            SaneSession session = new SaneSession(caller, name);
            session.portmapAndMount();
            byte[] file = session.version3();
            session.locksOfVersion3(file);
            session.version40();
            session.version41();
            session.version42();
            SaneDelegations delegations = new SaneDelegations(caller, name);
            delegations.namedAttributes();
            delegations.inASession();
            delegations.of40(callbackService);
            return new ArrayList<>(caller.sent());
        }
    }

    // ---- version 3 and what goes with it

    private void portmapAndMount() throws Exception {
        assertThat(caller.call(
                                PORTMAP,
                                2,
                                3,
                                out -> out.writeInt(MOUNT)
                                        .writeInt(3)
                                        .writeInt(6)
                                        .writeInt(0))
                        .readInt())
                .isPositive();
        caller.call(PORTMAP, 2, 4, out -> {});
        caller.call(PORTMAP, 4, 4, out -> {});
        caller.call(
                PORTMAP,
                4,
                3,
                out -> out.writeInt(NLM)
                        .writeInt(4)
                        .writeUtf8("tcp")
                        .writeUtf8("")
                        .writeUtf8(name));
        caller.call(NSM, 1, 0, out -> {});
        XdrReader mounted = caller.call(MOUNT, 3, 1, out -> out.writeUtf8("/"));
        assertThat(mounted.readInt()).isZero();
        root = mounted.readOpaque(64);
        for (int procedure : new int[] {2, 4, 5}) {
            caller.call(MOUNT, 3, procedure, out -> {});
        }
        caller.call(MOUNT, 3, 3, out -> out.writeUtf8("/"));
    }

    private Reply3 run(Call call) throws Exception {
        return new Reply3(caller.call(
                        Nfs3Program.PROGRAM, Nfs3Program.VERSION, call.number().number(), call.arguments()))
                .ok();
    }

    /** Every procedure once; the handle of a file that stays. */
    private byte[] version3() throws Exception {
        byte[] directory = run(Calls.mkDir(root, "3-" + name, Sattr.mode(0755))).postHandle();
        byte[] file =
                run(Calls.create(directory, "file", true, Sattr.mode(0644))).postHandle();
        run(Calls.createExclusive(directory, "exclusive", 77));
        run(Calls.write(file, 0, 0, DATA));
        run(Calls.write(file, 100_000, 2, DATA));
        run(Calls.commit(file, 0, 0));
        Reply3 read = run(Calls.read(file, 0, DATA.length));
        read.postOp();
        read.in().readHyper();
        assertThat(read.opaque()).isEqualTo(DATA);
        run(Calls.setAttr(file, Sattr.size(5000).withTimes(new int[] {1, 2}, new int[0]), null));
        run(Calls.getAttr(file));
        run(Calls.access(file, 0x3f));
        byte[] link = run(Calls.symLink(directory, "symlink", "to/where")).postHandle();
        run(Calls.readLink(link));
        run(Calls.mkNod(directory, "fifo", 7, Sattr.mode(0600), null));
        run(Calls.mkNod(directory, "device", 4, Sattr.mode(0600), new int[] {8, 1}));
        run(Calls.link(file, directory, "hard link"));
        run(Calls.lookup(directory, "hard link"));
        run(Calls.rename(directory, "hard link", directory, "renamed"));
        run(Calls.readDir(directory, 0, 0, 4096));
        run(Calls.readDirPlus(directory, 0, 0, 4096, 16_384));
        run(Calls.remove(directory, "renamed"));
        run(Calls.mkDir(directory, "sub", Sattr.NONE));
        run(Calls.rmDir(directory, "sub"));
        run(Calls.fsStat(root));
        run(Calls.fsInfo(root));
        run(Calls.pathConf(file));
        return file;
    }

    private void locksOfVersion3(byte[] file) throws Exception {
        Arguments lock = out -> out.writeUtf8("host " + name)
                .writeOpaque(file)
                .writeUtf8("owner")
                .writeInt(42)
                .writeHyper(10)
                .writeHyper(20);
        Arguments head = out -> out.writeUtf8("cookie").writeBoolean(false).writeBoolean(true);
        assertThat(nlm(2, head, lock, out -> out.writeBoolean(false).writeInt(7)))
                .isZero();
        assertThat(nlm(1, out -> out.writeUtf8("cookie").writeBoolean(true), lock, out -> {}))
                .isZero();
        nlm(3, head, lock, out -> {});
        assertThat(nlm(4, out -> out.writeUtf8("cookie"), lock, out -> {})).isZero();
        Arguments share = out -> out.writeUtf8("host " + name)
                .writeOpaque(file)
                .writeUtf8("owner")
                .writeInt(0)
                .writeInt(1)
                .writeBoolean(false);
        assertThat(nlm(20, out -> out.writeUtf8("cookie"), share, out -> {})).isZero();
        assertThat(nlm(21, out -> out.writeUtf8("cookie"), share, out -> {})).isZero();
        caller.call(NLM, 4, 23, out -> out.writeUtf8("host " + name).writeInt(8));
    }

    private int nlm(int procedure, Arguments head, Arguments middle, Arguments tail) throws Exception {
        XdrReader in = caller.call(NLM, 4, procedure, out -> {
            head.write(out);
            middle.write(out);
            tail.write(out);
        });
        in.skipOpaque(64);
        return in.readInt();
    }

    // ---- version 4

    private void version40() throws Exception {
        Client40 client = Client40.open(caller, "4.0 " + name);
        OpenFile file = client.create("40-" + name);
        client.expect(NfsStatus.OK, Ops.putFh(file.handle()), Ops.write(file.stateid(), 0, Ops.FILE_SYNC, DATA));
        client.expect(NfsStatus.OK, Ops.putFh(file.handle()), Ops.read(file.stateid(), 0, 4096));
        Op lock = StateOps.lockNew(
                StateOps.WRITE_LT, 0, 10, client.nextSeqid(), file.stateid(), 1, client.id(), "lock owner");
        Stateid locked = client.run(Ops.putFh(file.handle()), lock)
                .ok(OpCode.PUTFH, OpCode.LOCK)
                .stateid();
        client.expect(
                NfsStatus.OK,
                Ops.putFh(file.handle()),
                StateOps.lockTest(StateOps.READ_LT, 20, 5, client.id(), "another"));
        client.expect(NfsStatus.OK, Ops.putFh(file.handle()), StateOps.unlock(StateOps.WRITE_LT, 2, locked, 0, 10));
        client.expect(NfsStatus.OK, StateOps.releaseLockOwner(client.id(), "lock owner"));
        client.expect(NfsStatus.OK, StateOps.renew(client.id()));
        client.expect(
                NfsStatus.OK,
                Ops.putFh(file.handle()),
                StateOps.openDowngrade(file.stateid(), client.nextSeqid(), StateOps.BOTH, 0));
        client.expect(NfsStatus.OK, Ops.putRootFh(), Ops.secInfo("40-" + name), Ops.putRootFh(), Ops.getAttr(1, 4, 33));
        client.create("40-" + name);
    }

    private void version41() throws Exception {
        Session41 session = Session41.open(caller, "4.1 " + name);
        session.expect(NfsStatus.OK, Ops.putRootFh(), Ops.mkdir("41-" + name, Fattr.mode(0755)), Ops.getFh());
        byte[] directory = session.handle("41-" + name);
        OpenFile file = session.create("41f-" + name);
        session.write(file, 0, DATA);
        assertThat(session.read(file, 0, DATA.length)).isEqualTo(DATA);
        session.expect(NfsStatus.OK, Ops.putFh(file.handle()), Ops.commit(0, 0));
        session.expect(
                NfsStatus.OK,
                Ops.putFh(file.handle()),
                StateOps.lockNew(StateOps.WRITE_LT, 5, 10, 0, file.stateid(), 0, 0, "lock owner"),
                StateOps.lockTest(StateOps.READ_LT, 50, 5, 0, "another"),
                StateOps.testStateid(file.stateid()));
        session.expect(
                NfsStatus.OK,
                Ops.putFh(directory),
                Ops.symlink("symlink", "to/where"),
                Ops.readLink(),
                Ops.putFh(directory),
                Ops.create(7, "fifo", Fattr.mode(0600)));
        session.expect(
                NfsStatus.OK,
                Ops.putFh(file.handle()),
                Ops.saveFh(),
                Ops.putFh(directory),
                Ops.link("hard link"),
                Ops.restoreFh(),
                Ops.getAttr(Attr.TYPE, Attr.SIZE, Attr.CHANGE, Attr.MODE));
        session.expect(
                NfsStatus.OK,
                Ops.putFh(directory),
                Ops.saveFh(),
                Ops.rename("hard link", "renamed"),
                Ops.lookup("renamed"),
                Ops.putFh(directory),
                Ops.remove("renamed"),
                Ops.lookupParent(),
                Ops.access(0x1f));
        session.expect(
                NfsStatus.OK, Ops.putFh(directory), Ops.readDir(0, 0, 2000, 8000, Attr.TYPE, Attr.FILEID, Attr.SIZE));
        session.expect(
                NfsStatus.OK,
                Ops.putFh(file.handle()),
                Ops.setAttr(file.stateid(), Fattr.size(77)),
                Ops.verify(Fattr.size(77)),
                Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(0600).modified(5, 6)));
        session.expect(NfsStatus.OK, Ops.putRootFh(), Ops.secInfoNoName(0));
        OpenFile second = session.open("41f-" + name, "other", StateOps.READ, StateOps.READ - 1, StateOps.noCreate());
        session.close(second);
        session.client().call(1, StateOps.bindConnToSession(session.id(), 3)).ok(OpCode.BIND_CONN_TO_SESSION);
    }

    private void version42() throws Exception {
        Session41 session = Session41.open42(caller, "4.2 " + name);
        OpenFile source = session.create("42a-" + name);
        OpenFile target = session.create("42b-" + name);
        session.write(source, 0, new byte[20_000]);
        session.expect(NfsStatus.OK, Ops.putFh(source.handle()), Ops42.allocate(source.stateid(), 0, 200_000));
        session.expect(NfsStatus.OK, Ops.putFh(source.handle()), Ops42.deallocate(source.stateid(), 8192, 8192));
        session.expect(NfsStatus.OK, Ops.putFh(source.handle()), Ops42.seek(source.stateid(), 0, Ops42.HOLE));
        session.expect(NfsStatus.OK, Ops.putFh(source.handle()), Ops42.readPlus(source.stateid(), 0, 20_000));
        session.expect(NfsStatus.OK, Ops.putFh(source.handle()), Ops42.ioAdvise(source.stateid(), 0, 0, 0, 3));
        session.expect(
                NfsStatus.OK,
                Ops.putFh(source.handle()),
                Ops.saveFh(),
                Ops.putFh(target.handle()),
                Ops42.cloneRange(source.stateid(), target.stateid(), 0, 0, 0));
        session.expect(
                NfsStatus.OK,
                Ops.putFh(source.handle()),
                Ops.saveFh(),
                Ops.putFh(target.handle()),
                Ops42.copy(source.stateid(), target.stateid(), 0, 4096, 8192));
        session.expect(
                NfsStatus.OK,
                Ops.putFh(source.handle()),
                Ops42.setXattr(Ops42.EITHER, "key", DATA),
                Ops42.getXattr("key"),
                Ops42.listXattrs(0, 4096),
                Ops42.removeXattr("key"));
        session.close(target);
    }
}
