package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.Test;

/** Calls in datagrams: answered, or dropped without a sound. */
class DatagramServerTest {
    private static final int PROGRAM = 7;

    private static boolean twice(DatagramServer.Call call, XdrWriter results)
            throws org.cairnfs.server.nfs.xdr.XdrException {
        if (call.program() != PROGRAM || call.version() != 2 || call.procedure() != 3) {
            return false;
        }
        results.writeInt(2 * call.arguments().readInt());
        return true;
    }

    @Test
    void callsAreAnsweredAndTheRestIsDropped() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (DatagramServer server = DatagramServer.start(any, DatagramServerTest::twice);
                DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.connect(server.address());
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
            byte[] good = RawClient.message(1, PROGRAM, 2, 3, new byte[] {0, 0, 0, 21});
            Random random = new Random(5);
            for (int length = 0; length < good.length; length++) {
                send(socket, java.util.Arrays.copyOf(good, length));
                byte[] noise = new byte[length];
                random.nextBytes(noise);
                send(socket, noise);
            }
            send(socket, RawClient.message(2, PROGRAM, 2, 4, new byte[4]));
            send(socket, RawClient.message(3, PROGRAM + 1, 2, 3, new byte[4]));
            send(socket, new byte[60_000]);
            send(socket, RawClient.message(4, PROGRAM, 9, 0, new byte[0]));
            send(socket, RawClient.message(5, PROGRAM, 2, 3, new byte[] {0, 0, 0, 21}));

            assertThat(receive(socket, 4).remaining()).as("NULL").isZero();
            assertThat(receive(socket, 5).readInt()).isEqualTo(42);
        }
    }

    private static void send(DatagramSocket socket, byte[] bytes) throws Exception {
        socket.send(new DatagramPacket(bytes, bytes.length));
    }

    private static XdrReader receive(DatagramSocket socket, int xid) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
        socket.receive(packet);
        return RawClient.results(xid, new XdrReader(ByteBuffer.wrap(packet.getData(), 0, packet.getLength())));
    }
}
