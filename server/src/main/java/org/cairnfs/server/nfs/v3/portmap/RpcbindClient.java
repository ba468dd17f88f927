package org.cairnfs.server.nfs.v3.portmap;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * A conversation with the rpcbind of this host, in version 4 of its protocol (RFC 1833 section 2.2.1), over a stream. Calls block until
 * they are answered; closing it, from any thread, ends them with an {@link IOException}. Otherwise for one thread.
 */
final class RpcbindClient implements AutoCloseable {
    private static final int VERSION = 4;
    private static final int SET = 1;
    private static final int UNSET = 2;
    private static final int DUMP = 4;

    private static final int CALL = 0;
    private static final int REPLY = 1;
    private static final int RPC_VERSION = 2;
    private static final int LAST_FRAGMENT = 0x8000_0000;
    private static final int MAX_CALL_BYTES = 4 << 10;

    /** Room for some thousand services. */
    private static final int MAX_REPLY_BYTES = 1 << 20;

    private static final int MAX_STRING_BYTES = 255;
    private static final int MAX_VERIFIER_BYTES = 400;

    /**
     * A version of a program at an address (rpcb).
     *
     * @param netId e.g. "tcp6"; empty for all, where a service is unset
     * @param address universal address
     */
    record Service(int program, int version, String netId, String address) {}

    private final SocketChannel channel;
    private int xid = ThreadLocalRandom.current().nextInt();

    RpcbindClient(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects to a socket of rpcbind, of the Unix domain or of TCP. */
    static RpcbindClient connect(SocketAddress place) throws IOException {
        return new RpcbindClient(SocketChannel.open(place));
    }

    /** Registers a service; false if it is refused, as it is where another one has the place. */
    boolean set(Service service) throws IOException {
        return change(SET, service);
    }

    /** Takes a service back, whatever its address; false if it is not there, or is somebody else's. */
    boolean unset(Service service) throws IOException {
        return change(UNSET, service);
    }

    private boolean change(int procedure, Service service) throws IOException {
        try {
            XdrWriter out = header(procedure);
            out.writeInt(service.program()).writeInt(service.version());
            out.writeUtf8(service.netId()).writeUtf8(service.address()).writeUtf8("");
            return call(out).readBoolean();
        } catch (XdrException e) {
            throw malformed(e);
        }
    }

    /** All services of the host. */
    List<Service> dump() throws IOException {
        try {
            XdrReader in = call(header(DUMP));
            List<Service> all = new ArrayList<>();
            while (in.readOptional()) {
                all.add(new Service(
                        in.readInt(), in.readInt(), in.readUtf8(MAX_STRING_BYTES), in.readUtf8(MAX_STRING_BYTES)));
                in.skipOpaque(MAX_STRING_BYTES);
            }
            return all;
        } catch (XdrException e) {
            throw malformed(e);
        }
    }

    private static IOException malformed(XdrException e) {
        return new IOException("the answer of rpcbind cannot be read: " + e.getMessage(), e);
    }

    /** A call without a credential: rpcbind asks the socket who calls. */
    private XdrWriter header(int procedure) throws XdrException {
        XdrWriter out = new XdrWriter(MAX_CALL_BYTES);
        out.writeInt(++xid).writeInt(CALL).writeInt(RPC_VERSION);
        out.writeInt(Portmap.PROGRAM).writeInt(VERSION).writeInt(procedure);
        return out.writeHyper(0).writeHyper(0);
    }

    private XdrReader call(XdrWriter message) throws IOException, XdrException {
        byte[] bytes = message.toByteArray();
        ByteBuffer record = ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(LAST_FRAGMENT | bytes.length)
                .put(bytes)
                .flip();
        while (record.hasRemaining()) {
            channel.write(record);
        }
        XdrReader in = new XdrReader(receive());
        if (in.readInt() != xid || in.readInt() != REPLY || in.readInt() != 0) {
            throw new IOException("rpcbind denies the call");
        }
        in.readInt();
        in.skipOpaque(MAX_VERIFIER_BYTES);
        int status = in.readInt();
        if (status != 0) {
            throw new IOException("rpcbind does not accept the call, status " + status);
        }
        return in;
    }

    private ByteBuffer receive() throws IOException {
        ByteBuffer record = ByteBuffer.allocate(0);
        boolean last = false;
        while (!last) {
            int mark = read(Integer.BYTES).getInt();
            last = (mark & LAST_FRAGMENT) != 0;
            int bytes = mark & ~LAST_FRAGMENT;
            if (bytes > MAX_REPLY_BYTES - record.limit()) {
                throw new IOException("an answer of rpcbind over " + MAX_REPLY_BYTES + " bytes");
            }
            record = ByteBuffer.allocate(record.limit() + bytes)
                    .put(record)
                    .put(read(bytes))
                    .flip();
        }
        return record;
    }

    private ByteBuffer read(int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("rpcbind has closed the connection");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
