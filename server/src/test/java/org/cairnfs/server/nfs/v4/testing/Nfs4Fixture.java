package org.cairnfs.server.nfs.v4.testing;

import java.util.Optional;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.server.nfs.export.ExportAccess;
import org.cairnfs.server.nfs.export.ExportResolver;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.state.NfsState;
import org.cairnfs.server.nfs.v4.attr.HostOwners;
import org.cairnfs.server.nfs.v4.attr.Limits;
import org.cairnfs.server.nfs.v4.compound.CompoundDispatcher;
import org.cairnfs.server.nfs.v4.compound.NfsProgram;
import org.cairnfs.server.nfs.v4.compound.NfsServices;
import org.cairnfs.server.nfs.v4.op.OperationTable;

/** An NFS server over the reference model, with everything real but the network, the exports and the durability. */
public final class Nfs4Fixture implements AutoCloseable {
    private final ModelFileSystem fileSystem = new ModelFileSystem();
    private final NfsState state;
    private final NfsProgram program;
    private final DirectConnection connection;
    private volatile boolean writable = true;
    private volatile boolean exported = true;

    public Nfs4Fixture() {
        state = org.mockito.Mockito.mock(NfsState.class);
        ExportResolver exports = (from, credential, handle) -> exported
                ? Optional.of(new ExportAccess(writable, true, ((RpcCredential.AuthSys) credential).ids()))
                : Optional.empty();
        NfsServices services =
                NfsServices.of(fileSystem, state, exports, HostOwners.ofThisHost(), Limits.DEFAULT);
        program = new NfsProgram(new CompoundDispatcher(services, new OperationTable()));
        connection = new DirectConnection(program);
    }

    public ModelFileSystem fileSystem() {
        return fileSystem;
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

    public void exportReadOnly() {
        writable = false;
    }

    public void exportToNobody() {
        exported = false;
    }

    public static Credentials credentials(int uid) {
        return Credentials.of(uid, uid);
    }

    @Override
    public void close() {
        state.close();
    }
}
