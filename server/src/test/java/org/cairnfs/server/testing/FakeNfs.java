package org.cairnfs.server.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.cairnfs.server.app.NfsService;

/** Listens as NFS would, and says nothing. */
final class FakeNfs implements NfsService {
    private final ServerSocket socket;

    private FakeNfs(ServerSocket socket) {
        this.socket = socket;
    }

    static NfsService start(Options options) throws CairnException {
        try {
            ServerSocket socket = new ServerSocket();
            socket.bind(options.listen());
            return new FakeNfs(socket);
        } catch (IOException e) {
            throw Failures.ofListen(options.listen(), e);
        }
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public Held held() {
        return new Held(new RangeLocks(1, 1, Runnable::run), new ShareTable(1, 1), new LeaseTable(), () -> false);
    }

    @Override
    public List<Client> clients() {
        return List.of(new Client("4.1", "Linux NFSv4.1 test", 90_000, 2, 1, 1, List.of()));
    }

    @Override
    public boolean servesLocksOfVersion3() {
        return false;
    }

    @Override
    public List<Usage> usage() {
        return List.of(new Usage("connections", 1, 1024));
    }

    @Override
    public Delegations delegations() {
        return new Delegations(1, 3, 2, 1);
    }

    @Override
    public void stop(Duration grace) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(ExitCode.INTERNAL.summary(), e);
        }
    }
}
