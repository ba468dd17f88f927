package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.RpcServer;
import org.cairnfs.server.nfs.v3.testing.Nfs3Client;
import org.cairnfs.server.nfs.v4.compound.NfsProgram;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Transport;

/** Sessions of NFS 4.1, and clients of 3, over TCP, as root, without a kernel in between: many times as fast as a guest. For one thread. */
final class WireClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final RpcCredential ROOT = new RpcCredential.AuthSys("test", Credentials.ROOT);

    private final RpcServer connector = RpcServer.builder().build();
    private final InetSocketAddress address;
    private final List<Session41> sessions = new ArrayList<>();

    /**
     * Connects.
     *
     * @param sessions how many, each over a connection of its own
     */
    WireClient(int port, int sessions) throws Exception {
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        connector.start();
        for (int i = 0; i < sessions; i++) {
            this.sessions.add(Session41.open(connect(), "wire client " + i));
        }
    }

    private RpcConnection connection() throws Exception {
        return connector.connect(address, PATIENCE).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** A client of version 3 over a connection of its own, which has no handle to begin with. */
    Nfs3Client connect3() throws Exception {
        return new Nfs3Client(connection(), ROOT, new byte[0]);
    }

    private Transport connect() throws Exception {
        RpcConnection connection = connection();
        return arguments -> connection
                .call(NfsProgram.PROGRAM, NfsProgram.VERSION, 1, ROOT, arguments, PATIENCE)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The first session. */
    Session41 session() {
        return session(0);
    }

    Session41 session(int number) {
        return sessions.get(number);
    }

    /** What a session does with its part of the work. */
    @FunctionalInterface
    interface Work {
        void run(Session41 session, int from, int to) throws Exception;
    }

    /** Divides a range of numbers among all sessions, which work at the same time. */
    void share(int from, int to, Work work) throws Exception {
        int part = (to - from + sessions.size() - 1) / sessions.size();
        ExecutorService threads = Executors.newFixedThreadPool(sessions.size());
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < sessions.size(); i++) {
                Session41 session = sessions.get(i);
                int begin = from + i * part;
                int end = Math.min(to, begin + part);
                all.add(threads.submit(() -> {
                    work.run(session, begin, end);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Override
    public void close() throws Exception {
        connector.stop(Duration.ZERO);
    }
}
