package org.cairnfs.server.nfs.v4.testing;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.nfs.export.TableExportResolver;
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

/**
 * The reference model behind the real NFS server, as a process of its own: shows what real clients make of the protocol
 * layer alone.
 *
 * <p>Arguments: address, port, exports file, directory for client records.
 */
public final class ModelServer {
    private static final int MANY = 100_000;

    private ModelServer() {}

    public static void main(String[] args) throws Exception {
        ModelFileSystem fileSystem = new ModelFileSystem();
        ServerState state = ServerState.start(
                StateSettings.defaults(),
                fileSystem.root().fileSystem(),
                System.currentTimeMillis() / 1000,
                fileSystem,
                new RangeLocks(MANY, MANY, Runnable::run),
                new ShareTable(MANY),
                Leases.NONE,
                FileStableClients.open(Path.of(args[3])));
        NfsServices services = NfsServices.of(
                fileSystem,
                state,
                new TableExportResolver(Exports.of(java.util.Optional.of(Path.of(args[2])))),
                HostOwners.ofThisHost(),
                Limits.DEFAULT);
        RpcServer server = RpcServer.builder()
                .listen(new InetSocketAddress(args[0], Integer.parseInt(args[1])))
                .program(
                        NfsProgram.PROGRAM,
                        NfsProgram.VERSION,
                        new NfsProgram(new CompoundDispatcher(services, new OperationTable())))
                .build();
        server.start();
        System.out.println("serving " + server.address());
        Thread.currentThread().join();
    }
}
