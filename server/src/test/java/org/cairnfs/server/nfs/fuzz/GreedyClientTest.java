package org.cairnfs.server.nfs.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.server.app.NfsService;
import org.cairnfs.server.app.Wiring;
import org.cairnfs.server.config.ClientLimits;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.nfs.rpc.RpcMetrics;
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
import org.cairnfs.server.nfs.watch.OperationWatch;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client of a configured server that takes all it can get: it hears the proper error, and nobody else feels it. */
class GreedyClientTest {
    private static final byte[] DATA = "what others read".getBytes(StandardCharsets.US_ASCII);
    private static final int OPENS = 6;
    private static final int LOCKS = 5;
    private static final int NLM4_DENIED_NOLOCKS = 2;

    @TempDir
    private Path home;

    private final List<Caller> callers = new ArrayList<>();
    private NfsService nfs;

    @BeforeEach
    void start() throws Exception {
        Path exports = Files.writeString(home.resolve("exports"), "/ 127.0.0.1(rw,insecure,no_root_squash)\n");
        ClientLimits limits = new ClientLimits(
                20, 10, 3, 2, 4, OPENS, 4 * OPENS, LOCKS, 4 * LOCKS, 4 << 20, 4 << 20, 4 << 20, 4 << 20);
        nfs = Wiring.components()
                .nfs()
                .start(new NfsService.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Exports.of(Optional.of(exports)),
                        new ModelFileSystem(),
                        new byte[32],
                        home,
                        ServerConfig.defaults().nfs().withLimits(limits),
                        Optional.empty(),
                        RpcMetrics.NONE,
                        OperationWatch.NONE,
                        failure -> {
                            throw new AssertionError(failure);
                        }));
    }

    @AfterEach
    void stop() throws Exception {
        for (Caller caller : callers) {
            caller.close();
        }
        nfs.stop(Duration.ofSeconds(5));
    }

    private Caller connect() throws Exception {
        Caller caller = new Caller(nfs.address());
        callers.add(caller);
        return caller;
    }

    /** Does one thing after the other until it is refused; how often it worked. */
    private static int untilRefused(NfsStatus refusal, IntFunction<Op[]> what, Session41 client) throws Exception {
        for (int i = 0; i < 100; i++) {
            Reply reply = client.run(what.apply(i));
            if (reply.status() != NfsStatus.OK) {
                assertThat(reply.status()).isEqualTo(refusal);
                return i;
            }
        }
        throw new AssertionError("never refused");
    }

    private long used(String what) {
        return nfs.usage().stream()
                .filter(usage -> usage.what().equals(what))
                .findFirst()
                .orElseThrow()
                .used();
    }

    @Test
    void opensAndLocksOf41() throws Exception {
        Session41 greedy = Session41.open(connect(), "greedy");
        OpenFile file = greedy.create("file");
        greedy.write(file, 0, DATA);
        IntFunction<Op[]> lock = i -> new Op[] {
            Ops.putFh(file.handle()),
            StateOps.lockNew(StateOps.WRITE_LT, 100 + 2L * i, 1, 0, file.stateid(), 0, 0, "one owner")
        };
        assertThat(untilRefused(NfsStatus.DELAY, lock, greedy)).isEqualTo(LOCKS);
        IntFunction<Op[]> open = i -> new Op[] {
            Ops.putRootFh(),
            StateOps.open(StateOps.READ, 0, "owner", StateOps.unchecked(Fattr.mode(0600)), StateOps.claimNull("g" + i))
        };
        // One open, and the lock owner in it, were there before.
        assertThat(untilRefused(NfsStatus.DELAY, open, greedy)).isEqualTo(OPENS - 2);
        assertThat(used("locks")).isEqualTo(LOCKS);
        assertThat(used("opens")).isEqualTo(OPENS - 1);

        assertThat(greedy.read(file, 0, DATA.length))
                .as("what it has, it can use")
                .isEqualTo(DATA);
        assertOthersAreServed("file");
    }

    /** Another client opens the file, reads it, locks in it and makes files of its own. */
    private void assertOthersAreServed(String name) throws Exception {
        Session41 modest = Session41.open(connect(), "modest");
        OpenFile file = modest.open(name, "owner", StateOps.BOTH, 0, StateOps.noCreate());
        assertThat(modest.read(file, 0, DATA.length)).isEqualTo(DATA);
        modest.expect(
                NfsStatus.OK,
                Ops.putFh(file.handle()),
                StateOps.lockNew(StateOps.WRITE_LT, 0, 10, 0, file.stateid(), 0, 0, "its owner"));
        modest.write(modest.create("its own"), 0, DATA);
    }

    @Test
    void opensOf40() throws Exception {
        Client40 greedy = Client40.open(connect(), "greedy");
        OpenFile file = greedy.create("file");
        greedy.expect(NfsStatus.OK, Ops.putFh(file.handle()), Ops.write(file.stateid(), 0, Ops.UNSTABLE, DATA));
        for (int i = 1; i < OPENS; i++) {
            greedy.create("g" + i);
        }
        Op open = StateOps.open(
                greedy.nextSeqid(),
                StateOps.READ,
                0,
                greedy.id(),
                Client40.OWNER,
                StateOps.unchecked(Fattr.mode(0600)),
                StateOps.claimNull("one more"));
        greedy.expect(NfsStatus.RESOURCE, Ops.putRootFh(), open);
        assertOthersAreServed("file");
    }

    @Test
    void sessionsAndSlots() throws Exception {
        Session41 client = Session41.open(connect(), "greedy");
        for (NfsStatus expected : new NfsStatus[] {NfsStatus.OK, NfsStatus.NOSPC}) {
            XdrReader in = client.client()
                    .call(1, StateOps.exchangeId(1, "greedy", 0))
                    .ok(OpCode.EXCHANGE_ID)
                    .in();
            Reply reply =
                    client.client().call(1, StateOps.createSession(in.readHyper(), in.readInt(), 1 << 20, 8192, 64));
            assertThat(reply.status()).isEqualTo(expected);
            if (expected == NfsStatus.OK) {
                in = reply.ok(OpCode.CREATE_SESSION).in();
                in.readFixedOpaque(16);
                assertThat(in.readInt()).as("its sequence number").isPositive();
                in.readInt();
                for (int i = 0; i < 5; i++) {
                    in.readInt();
                }
                assertThat(in.readInt()).as("slots of the 64 that it wanted").isEqualTo(4);
            }
        }
        client.create("it is still there");
    }

    @Test
    void hostsOfVersion3AreListedWithWhatTheyHave() throws Exception {
        Caller host = connect();
        XdrReader mounted = host.call(100005, 3, 1, out -> out.writeUtf8("/"));
        assertThat(mounted.readInt()).isZero();
        byte[] root = mounted.readOpaque(64);
        assertThat(nfs.clients()).containsExactly(new NfsService.Client("3", "127.0.0.1", -1, 0, 0, 0, List.of("/")));
        for (int i = 0; i <= LOCKS; i++) {
            assertThat(lockOfVersion3(host, root, i)).isEqualTo(i < LOCKS ? 0 : NLM4_DENIED_NOLOCKS);
        }
        assertThat(nfs.clients())
                .containsExactly(new NfsService.Client("3", "a host at 127.0.0.1", -1, 0, LOCKS, 0, List.of("/")));
        assertThat(used("clients")).isEqualTo(1);
        assertThat(used("locks")).isEqualTo(LOCKS);
        host.call(100005, 3, 4, out -> {});
        assertThat(nfs.clients())
                .containsExactly(new NfsService.Client("3", "a host at 127.0.0.1", -1, 0, LOCKS, 0, List.of()));
    }

    /** The status of a LOCK of one byte, far from the next. */
    private static int lockOfVersion3(Caller host, byte[] file, long number) throws Exception {
        XdrReader in = host.call(
                100021,
                4,
                2,
                out -> out.writeUtf8("cookie")
                        .writeBoolean(false)
                        .writeBoolean(true)
                        .writeUtf8("a host")
                        .writeOpaque(file)
                        .writeUtf8("owner")
                        .writeInt(42)
                        .writeHyper(10 * number)
                        .writeHyper(1)
                        .writeBoolean(false)
                        .writeInt(7));
        in.skipOpaque(64);
        return in.readInt();
    }

    @Test
    void clients() throws Exception {
        Session41 first = Session41.open(connect(), "first");
        Session41.open(connect(), "second");
        Session41.open(connect(), "third");
        XdrReader in = first.client()
                .call(1, StateOps.exchangeId(1, "one more", 0))
                .ok(OpCode.EXCHANGE_ID)
                .in();
        assertThat(first.client()
                        .call(1, StateOps.createSession(in.readHyper(), in.readInt(), 1 << 20, 8192, 8))
                        .status())
                .isEqualTo(NfsStatus.NOSPC);
        in = first.client()
                .call(0, StateOps.setClientId(1, "one more, of 4.0"))
                .ok(OpCode.SETCLIENTID)
                .in();
        assertThat(first.client()
                        .call(0, StateOps.setClientIdConfirm(in.readHyper(), in.readHyper()))
                        .status())
                .isEqualTo(NfsStatus.RESOURCE);
        assertThat(used("clients")).isEqualTo(3);
        first.create("the others go on");
    }
}
