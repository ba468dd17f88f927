package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.rpc.EchoProgram.PROGRAM;
import static org.cairnfs.server.nfs.rpc.EchoProgram.VERSION;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** An {@link EchoProgram} behind a real server, in two versions, and one client of it. For one thread. */
final class ServedEcho {
    static final Duration LONG = Duration.ofSeconds(60);

    final CountingMetrics metrics = new CountingMetrics();
    final EchoProgram program = new EchoProgram();
    final LinkedBlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();
    final RpcServer server = RpcServer.builder()
            .program(PROGRAM, VERSION, program)
            .program(PROGRAM, VERSION + 2, program)
            .metrics(metrics)
            .onFatalError(fatal::add)
            .build();
    private RawClient client;

    /** Starts it; the client is connected. */
    RawClient start() throws IOException {
        server.start();
        client = new RawClient(server.address());
        return client;
    }

    void stop() throws Exception {
        client.close();
        server.stop(LONG);
    }

    void assertServes() throws IOException, XdrException {
        assertThat(echo(77, new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
    }

    byte[] echo(int xid, byte[] data) throws IOException, XdrException {
        client.sendRecord(echoMessage(xid, data));
        return RawClient.results(xid, client.receive()).readOpaque(EchoProgram.BULK);
    }

    static byte[] echoMessage(int xid, byte[] data) throws XdrException {
        byte[] arguments = new XdrWriter(data.length + 8).writeOpaque(data).toByteArray();
        return RawClient.message(xid, PROGRAM, VERSION, EchoProgram.ECHO, arguments);
    }

    void assertReply(int xid, int... rest) throws IOException, XdrException {
        XdrReader reply = client.receive();
        assertThat(reply.readInt()).isEqualTo(xid);
        assertThat(reply.readInt()).isEqualTo(1);
        for (int word : rest) {
            assertThat(reply.readInt()).isEqualTo(word);
        }
        assertThat(reply.remaining()).isZero();
    }
}
