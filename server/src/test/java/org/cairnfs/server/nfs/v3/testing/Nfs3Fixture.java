package org.cairnfs.server.nfs.v3.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.server.nfs.rpc.ReplyCache;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.RpcServer;
import org.cairnfs.server.nfs.v3.call.Nfs3Program;
import org.cairnfs.server.nfs.v3.call.Nfs3Services;
import org.cairnfs.server.nfs.v3.mount.MountProgram;
import org.cairnfs.server.nfs.v3.proc.ProcedureTable;
import org.cairnfs.server.nfs.v4.attr.Limits;
import org.cairnfs.server.nfs.v4.testing.PlayedExport;
import org.cairnfs.server.nfs.watch.RecordedOperations;

/** An NFSv3 and MOUNT server over the reference model, on a real TCP port; exports and durability are played. */
public final class Nfs3Fixture implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ModelFileSystem fileSystem = new ModelFileSystem();
    private final FileSystem served;
    private RpcServer rpc;
    private final RecordedOperations watch = new RecordedOperations();
    private final PlayedExport export = new PlayedExport();

    public Nfs3Fixture() throws Exception {
        this(model -> model);
    }

    /** @param around gives what is served in place of the model */
    public Nfs3Fixture(UnaryOperator<FileSystem> around) throws Exception {
        served = around.apply(fileSystem);
        start();
    }

    private void start() throws Exception {
        rpc = RpcServer.builder()
                .program(
                        Nfs3Program.PROGRAM,
                        Nfs3Program.VERSION,
                        new Nfs3Program(
                                new Nfs3Services(served, export, Limits.DEFAULT, watch),
                                new ProcedureTable(),
                                new ReplyCache()))
                .program(MountProgram.PROGRAM, MountProgram.VERSION, new MountProgram(served, export, export::table))
                .build();
        rpc.start();
    }

    /** Plays a restart that lost nothing but what is in the server's memory. */
    public void restart() throws Exception {
        rpc.stop(Duration.ZERO);
        fileSystem.restart();
        start();
    }

    /** What the operations were. */
    public RecordedOperations watch() {
        return watch;
    }

    public ModelFileSystem fileSystem() {
        return fileSystem;
    }

    /** A client with a connection of its own. */
    public Nfs3Client connect(int uid, int gid) throws Exception {
        return new Nfs3Client(
                connection(),
                new RpcCredential.AuthSys("test", Credentials.of(uid, gid)),
                served.root().toBytes());
    }

    /** A client with all rights. */
    public Nfs3Client root() throws Exception {
        return connect(0, 0);
    }

    public RpcConnection connection() throws Exception {
        return rpc.connect(rpc.address(), PATIENCE).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    public RpcServer rpc() {
        return rpc;
    }

    /** What the caller may do, to be changed. */
    public PlayedExport export() {
        return export;
    }

    public void exportReadOnly() {
        export.readOnly();
    }

    public void exportAsync() {
        export.async();
    }

    public void exportToNobody() {
        export.only();
    }

    @Override
    public void close() throws Exception {
        rpc.stop(Duration.ZERO);
    }
}
