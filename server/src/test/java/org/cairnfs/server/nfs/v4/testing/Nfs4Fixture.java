package org.cairnfs.server.nfs.v4.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.server.nfs.rpc.ReplyCache;
import org.cairnfs.server.nfs.state.Callbacks;
import org.cairnfs.server.nfs.state.NfsState;
import org.cairnfs.server.nfs.state.ServerState;
import org.cairnfs.server.nfs.state.StableClients;
import org.cairnfs.server.nfs.state.StateSettings;
import org.cairnfs.server.nfs.v4.attr.HostOwners;
import org.cairnfs.server.nfs.v4.attr.Limits;
import org.cairnfs.server.nfs.v4.compound.CompoundDispatcher;
import org.cairnfs.server.nfs.v4.compound.NfsProgram;
import org.cairnfs.server.nfs.v4.compound.NfsServices;
import org.cairnfs.server.nfs.v4.op.OperationTable;
import org.cairnfs.server.nfs.watch.RecordedOperations;

/** An NFS server over the reference model, with everything real but the network, the exports and the durability. */
public final class Nfs4Fixture implements AutoCloseable {
    private static final int MANY = 10_000;

    private final ModelFileSystem model = new ModelFileSystem();
    private final FileSystem fileSystem;
    private final StateSettings settings;
    private final Callbacks callbacks;
    private final StableClients stable = new MemoryStableClients();
    private long incarnation;
    private NfsState state;
    private NfsProgram program;
    private DirectConnection connection;
    private final RecordedOperations watch = new RecordedOperations();
    private final PlayedExport export = new PlayedExport();

    public Nfs4Fixture() {
        this(model -> model);
    }

    /** @param around gives what is served in place of the model */
    public Nfs4Fixture(UnaryOperator<FileSystem> around) {
        this(around, StateSettings.defaults(), new NoCallbacks());
    }

    /** @param callbacks what clients answer that are called back */
    public Nfs4Fixture(StateSettings settings, Callbacks callbacks) {
        this(model -> model, settings, callbacks);
    }

    private Nfs4Fixture(UnaryOperator<FileSystem> around, StateSettings settings, Callbacks callbacks) {
        this.settings = settings;
        this.callbacks = callbacks;
        fileSystem = around.apply(model);
        start();
    }

    private void start() {
        try {
            state = ServerState.start(
                    settings,
                    fileSystem.root().fileSystem(),
                    ++incarnation,
                    fileSystem,
                    new RangeLocks(MANY, MANY, Runnable::run),
                    new ShareTable(MANY, MANY),
                    new LeaseTable(),
                    callbacks,
                    stable,
                    false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        NfsServices services =
                NfsServices.of(fileSystem, state, export, HostOwners.ofThisHost(), Limits.DEFAULT, watch);
        program = new NfsProgram(new CompoundDispatcher(services, new OperationTable(), new ReplyCache()));
        connection = new DirectConnection(program);
    }

    /** Plays a restart of the server that lost nothing: all connections, sessions and opens are gone. */
    public void restart() {
        state.close();
        model.restart();
        start();
    }

    /** Waits until nobody may reclaim any more, which comes a moment after the last client has said that it has. */
    public void awaitEndOfGrace() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (state.inGrace()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("grace does not end");
            }
            Thread.onSpinWait();
        }
    }

    /** What the operations were. */
    public RecordedOperations watch() {
        return watch;
    }

    public ModelFileSystem fileSystem() {
        return model;
    }

    public NfsProgram program() {
        return program;
    }

    /** The connection of {@link #client()}, by root at first. */
    public DirectConnection connection() {
        return connection;
    }

    /** Another connection, by root at first. */
    public DirectConnection connect() {
        return new DirectConnection(program);
    }

    public Nfs4TestClient client() {
        return new Nfs4TestClient(connection);
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
    public void close() {
        state.close();
    }
}
