package org.cairnfs.server.nfs.v4.testing;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.nfs.export.HandleCodec;
import org.cairnfs.server.nfs.export.TableExportResolver;
import org.cairnfs.server.nfs.rpc.ReplyCache;
import org.cairnfs.server.nfs.rpc.RpcServer;
import org.cairnfs.server.nfs.state.FileStableClients;
import org.cairnfs.server.nfs.state.ServerState;
import org.cairnfs.server.nfs.state.StateSettings;
import org.cairnfs.server.nfs.v4.attr.HostOwners;
import org.cairnfs.server.nfs.v4.attr.Limits;
import org.cairnfs.server.nfs.v4.compound.CompoundDispatcher;
import org.cairnfs.server.nfs.v4.compound.NfsProgram;
import org.cairnfs.server.nfs.v4.compound.NfsServices;
import org.cairnfs.server.nfs.v4.op.OperationTable;
import org.cairnfs.server.nfs.watch.OperationWatch;

/**
 * The reference model behind the real NFS server, as a process of its own: shows what real clients make of the protocol
 * layer alone. Each line on standard input restarts everything but the model, at once, with calls in flight: their
 * answers are lost. The end of the input ends it.
 *
 * <p>Arguments: address, port, exports file, directory for client records, lease in seconds.
 */
public final class ModelServer {
    private static final int MANY = 100_000;

    private final ModelFileSystem fileSystem = new ModelFileSystem();
    private final InetSocketAddress listen;
    private final Exports exports;
    private final Path records;
    private final Duration lease;
    private long incarnation;
    private ServerState state;
    private RpcServer server;

    private ModelServer(InetSocketAddress listen, Exports exports, Path records, Duration lease) {
        this.listen = listen;
        this.exports = exports;
        this.records = records;
        this.lease = lease;
    }

    public static void main(String[] args) throws Exception {
        ModelServer model = new ModelServer(
                new InetSocketAddress(args[0], Integer.parseInt(args[1])),
                Exports.of(Optional.of(Path.of(args[2]))),
                Path.of(args[3]),
                Duration.ofSeconds(Long.parseLong(args[4])));
        model.start();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (commands.readLine() != null) {
            model.stop();
            model.fileSystem.restart();
            model.start();
        }
        model.stop();
    }

    private void start() throws Exception {
        state = ServerState.start(
                StateSettings.defaults().withLease(lease),
                fileSystem.root().fileSystem(),
                ++incarnation,
                fileSystem,
                new RangeLocks(MANY, MANY, Runnable::run),
                new ShareTable(MANY, MANY),
                new LeaseTable(),
                new NoCallbacks(),
                FileStableClients.open(records),
                false);
        NfsServices services = NfsServices.of(
                fileSystem,
                state,
                new TableExportResolver(
                        exports,
                        fileSystem,
                        new HandleCodec(fileSystem.root().fileSystem(), new byte[32]),
                        UnaryOperator.identity()),
                HostOwners.ofThisHost(),
                Limits.DEFAULT,
                OperationWatch.NONE);
        server = RpcServer.builder()
                .listen(listen)
                .program(
                        NfsProgram.PROGRAM,
                        NfsProgram.VERSION,
                        new NfsProgram(new CompoundDispatcher(services, new OperationTable(), new ReplyCache())))
                .build();
        server.start();
    }

    private void stop() throws InterruptedException {
        server.stop(Duration.ZERO);
        state.close();
    }
}
