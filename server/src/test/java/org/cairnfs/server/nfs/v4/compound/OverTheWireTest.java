package org.cairnfs.server.nfs.v4.compound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.RpcServer;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole protocol over TCP, through the real RPC server. */
class OverTheWireTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final RpcCredential ROOT = new RpcCredential.AuthSys("test", Credentials.ROOT);

    private final Nfs4Fixture server = new Nfs4Fixture();
    private RpcServer rpc;

    @BeforeEach
    void listen() throws Exception {
        rpc = RpcServer.builder()
                .program(NfsProgram.PROGRAM, NfsProgram.VERSION, server.program())
                .build();
        rpc.start();
    }

    @AfterEach
    void close() throws Exception {
        rpc.stop(Duration.ZERO);
        server.close();
    }

    @Test
    void payloadsOfEveryLengthComeBackAsTheyWent() throws Exception {
        Session41 session = Session41.open(connect(), "client");
        OpenFile file = session.create("file");
        Random random = new Random(3);
        for (int length : new int[] {0, 1, 2, 3, 4, 5, 4095, 65_537, 1 << 20}) {
            byte[] data = new byte[length];
            random.nextBytes(data);
            session.write(file, 0, data);

            assertThat(session.read(file, 0, length)).isEqualTo(data);
        }
    }

    @Test
    void manyClientsAtOnce() throws Exception {
        int clients = 6;
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                String name = "client-" + i;
                all.add(threads.submit(() -> work(name)));
            }
            for (Future<Void> one : all) {
                one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Void work(String name) throws Exception {
        Session41 session = Session41.open(connect(), name);
        for (int i = 0; i < 40; i++) {
            OpenFile file = session.create(name + "-" + i);
            byte[] data = Ops.bytes(name + i);
            session.write(file, i, data);
            assertThat(session.read(file, i, 100)).isEqualTo(data);
            session.expect(NfsStatus.OK, putFh(file.handle()), Ops.commit(0, 0));
            session.close(file);
            session.expect(NfsStatus.OK, Ops.putRootFh(), Ops.remove(name + "-" + i));
        }
        return null;
    }

    private Transport connect() throws Exception {
        RpcConnection connection = rpc.connect(rpc.address(), PATIENCE).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return arguments -> connection
                .call(NfsProgram.PROGRAM, NfsProgram.VERSION, 1, ROOT, arguments, PATIENCE)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
