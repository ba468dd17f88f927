package org.cairnfs.server.nfs.rpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers small RPC programs over UDP, for peers that speak nothing else: one thread, one datagram at a time.
 *
 * <p>Answers are no longer than {@value #MAX_REPLY_BYTES} bytes, so that nobody is hit with more than what a forged question has
 * cost. What cannot be parsed or is for somebody else is dropped without an answer, as the sender may be forged.
 */
public final class DatagramServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DatagramServer.class);
    private static final int MAX_CALL_BYTES = 4096;
    private static final int MAX_REPLY_BYTES = 64;

    private final DatagramChannel channel;
    private final DatagramProgram program;
    private final InetSocketAddress address;

    /** Answers calls. */
    @FunctionalInterface
    public interface DatagramProgram {
        /**
         * Answers one call; short, and without waiting for anything.
         *
         * @return false if there is no such program, version or procedure
         */
        boolean answer(Call call, XdrWriter results) throws XdrException;
    }

    /** A call. The credential is not told: over UDP it proves nothing. */
    public record Call(int program, int version, int procedure, XdrReader arguments, InetSocketAddress from) {}

    private DatagramServer(DatagramChannel channel, DatagramProgram program) throws IOException {
        this.channel = channel;
        this.program = program;
        this.address = (InetSocketAddress) channel.getLocalAddress();
    }

    /** Listens, on a thread of its own. */
    public static DatagramServer start(InetSocketAddress listen, DatagramProgram program) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            DatagramServer server = new DatagramServer(channel.bind(listen), program);
            Thread thread = new Thread(server::run, "cairn-udp-" + server.address.getPort());
            thread.setDaemon(true);
            thread.start();
            return server;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    private void run() {
        ByteBuffer received = ByteBuffer.allocate(MAX_CALL_BYTES);
        while (channel.isOpen()) {
            try {
                received.clear();
                InetSocketAddress from = (InetSocketAddress) channel.receive(received);
                ByteBuffer reply = reply(received.flip(), from);
                if (reply != null) {
                    channel.send(reply, from);
                }
            } catch (ClosedChannelException e) {
                log.debug("no longer listening for UDP on {}", address);
            } catch (IOException | RuntimeException e) {
                log.warn("a datagram could not be answered; the next may be: {}", e.toString());
            }
        }
    }

    /** The answer; null for none. */
    private ByteBuffer reply(ByteBuffer record, InetSocketAddress from) {
        try {
            XdrReader in = new XdrReader(record);
            int xid = in.readInt();
            if (in.readInt() != CallHeader.CALL) {
                return null;
            }
            CallHeader header = CallHeader.read(xid, in);
            XdrWriter results = new XdrWriter(MAX_REPLY_BYTES);
            Call call = new Call(header.program(), header.version(), header.procedure(), in, from);
            if (header.procedure() != 0 && !program.answer(call, results)) {
                return null;
            }
            return withoutMark(Messages.success(xid, RpcAuthenticator.ReplyProtection.NONE, results));
        } catch (XdrException | AuthException | CallHeader.RpcMismatchException e) {
            log.debug("a datagram from {} is dropped: {}", from, e.getMessage());
            return null;
        }
    }

    /** A datagram is a record as it is. */
    private static ByteBuffer withoutMark(List<ByteBuffer> message) {
        ByteBuffer all = ByteBuffer.allocate(
                message.stream().mapToInt(ByteBuffer::remaining).sum());
        message.forEach(all::put);
        return all.flip().position(Integer.BYTES);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("closing the UDP port {}: {}", address, e.toString());
        }
    }
}
