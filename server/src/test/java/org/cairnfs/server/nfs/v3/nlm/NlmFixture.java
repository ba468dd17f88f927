package org.cairnfs.server.nfs.v3.nlm;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.lock.LockClient;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.server.nfs.export.Entrance;
import org.cairnfs.server.nfs.export.ExportAccess;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.RpcServer;
import org.cairnfs.server.nfs.rpc.RpcServerBuilder;
import org.cairnfs.server.nfs.v3.nsm.HostMonitor;
import org.cairnfs.server.nfs.v3.portmap.Mapping;
import org.cairnfs.server.nfs.v3.portmap.Portmap;
import org.cairnfs.server.nfs.v3.portmap.PortmapClient;
import org.cairnfs.server.nfs.v3.portmap.PortmapProgram;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Arguments;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** A lock manager over the reference model, and a client's host with a portmap and a lock manager of its own, all over TCP. */
final class NlmFixture implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final int MAX_HOSTS = 5;
    static final int MAX_WAITING = 3;
    static final int TEST = 1;
    static final int LOCK = 2;
    static final int CANCEL = 3;
    static final int UNLOCK = 4;
    static final int GRANTED = 5;
    static final int LOCK_MSG = 7;
    static final int LOCK_RES = 12;
    static final int SHARE = 20;
    static final int UNSHARE = 21;
    static final int NM_LOCK = 22;
    static final int FREE_ALL = 23;

    /** A call of the server to the client's lock manager. */
    record Heard(int procedure, byte[] arguments) {
        XdrReader in() {
            return new XdrReader(java.nio.ByteBuffer.wrap(arguments));
        }
    }

    final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    final RangeLocks locks;
    final ShareTable shares = new ShareTable(6, 100);
    final LeaseTable leases = new LeaseTable();
    final HostMonitor monitor;
    final LockManager manager;
    final FileHandle file;
    volatile boolean grace;
    volatile boolean writable = true;
    volatile int answerToGranted = NlmStatus.GRANTED.code();
    volatile LockClient vanished = new LockClient("none", 0);
    private final ModelFileSystem fileSystem = new ModelFileSystem();
    private final ExecutorService teller = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final RpcServer server;
    private final RpcServer client;
    private final RpcConnection connection;

    NlmFixture(Path directory) throws Exception {
        OpContext op = new OpContext(Credentials.ROOT);
        file = fileSystem
                .create(op, fileSystem.root(), Name.of("f"), CreateRequest.file(0644))
                .node()
                .handle();
        locks = new RangeLocks(100, 100, teller);
        monitor = HostMonitor.open(directory, 100);
        RpcServerBuilder builder = RpcServer.builder().program(NlmProgram.PROGRAM, NlmProgram.VERSION, this::hear);
        new PortmapProgram(new Portmap(this::clientMappings)).addTo(builder);
        client = builder.build();
        client.start();
        PortmapClient hosts = new PortmapClient(client, client.address().getPort());
        NlmServices services = new NlmServices(
                fileSystem,
                (from, credential, handle) ->
                        Entrance.open(new ExportAccess(writable, true, Credentials.of(65_534, 65_534))),
                locks,
                shares,
                leases,
                MAX_HOSTS,
                MAX_WAITING,
                () -> grace,
                this::expire);
        manager = new LockManager(services, monitor, hosts, timer);
        server = RpcServer.builder()
                .program(NlmProgram.PROGRAM, NlmProgram.VERSION, manager.program())
                .build();
        server.start();
        connection = client.connect(server.address(), PATIENCE).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private java.util.List<Mapping> clientMappings() {
        return java.util.List.of(new Mapping(
                NlmProgram.PROGRAM,
                NlmProgram.VERSION,
                Mapping.TCP,
                client.address().getPort()));
    }

    private boolean expire(LockClient holder) {
        if (holder.equals(vanished)) {
            locks.releaseClient(holder);
            return true;
        }
        return false;
    }

    private void hear(RpcCall call) throws Exception {
        XdrReader in = call.arguments();
        heard.add(new Heard(call.procedure(), in.readFixedOpaque(in.remaining())));
        XdrWriter results = call.newResults();
        if (call.procedure() == GRANTED) {
            results.writeOpaque(new byte[0]).writeInt(answerToGranted);
        }
        call.reply(results);
    }

    /** What the server calls the client for, next. */
    Heard awaitCall() throws InterruptedException {
        Heard next = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("the server does not call");
        }
        return next;
    }

    /** A lock as hosts of tests name it. */
    NlmLock lock(String host, int svid, long offset, long length) {
        return new NlmLock(
                bytes(host), Bytes.ofTrusted(file.toBytes()), bytes(svid + "@" + host), svid, offset, length);
    }

    static Bytes bytes(String text) {
        return Bytes.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One call of the client; its results. */
    XdrReader call(int procedure, Arguments arguments) throws Exception {
        XdrWriter out = new XdrWriter(1 << 16).writeFixedOpaque(Calls.encode(arguments));
        return connection
                .call(NlmProgram.PROGRAM, NlmProgram.VERSION, procedure, RpcCredential.NONE, out, PATIENCE)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The status after the cookie, which must be the one that was sent. */
    static int status(XdrReader results) throws Exception {
        if (!bytes("cookie").equals(Bytes.ofTrusted(results.readOpaque(1024)))) {
            throw new AssertionError("another cookie");
        }
        return results.readInt();
    }

    int lock(NlmLock lock, boolean exclusive, boolean block) throws Exception {
        return lock(LOCK, lock, exclusive, block, false);
    }

    int lock(int procedure, NlmLock lock, boolean exclusive, boolean block, boolean reclaim) throws Exception {
        return status(call(procedure, lockArguments(lock, exclusive, block, reclaim)));
    }

    static Arguments lockArguments(NlmLock lock, boolean exclusive, boolean block, boolean reclaim) {
        return out -> {
            out.writeUtf8("cookie").writeBoolean(block).writeBoolean(exclusive);
            lock.encode(out);
            out.writeBoolean(reclaim).writeInt(7);
        };
    }

    int cancel(NlmLock lock, boolean exclusive) throws Exception {
        return status(call(CANCEL, out -> {
            out.writeUtf8("cookie").writeBoolean(true).writeBoolean(exclusive);
            lock.encode(out);
        }));
    }

    int unlock(NlmLock lock) throws Exception {
        return status(call(UNLOCK, out -> {
            out.writeUtf8("cookie");
            lock.encode(out);
        }));
    }

    int share(int procedure, String host, int deny, int access) throws Exception {
        return status(call(
                procedure,
                out -> out.writeUtf8("cookie")
                        .writeUtf8(host)
                        .writeOpaque(file.toBytes())
                        .writeUtf8("owner")
                        .writeInt(deny)
                        .writeInt(access)
                        .writeBoolean(false)));
    }

    void removeFile() throws Exception {
        fileSystem.remove(
                new OpContext(Credentials.ROOT),
                fileSystem.root(),
                Name.of("f"),
                org.cairnfs.core.fs.RemoveKind.NON_DIRECTORY);
    }

    RpcServer client() {
        return client;
    }

    @Override
    public void close() throws Exception {
        server.stop(Duration.ZERO);
        client.stop(Duration.ZERO);
        timer.shutdownNow();
        teller.shutdownNow();
    }
}
