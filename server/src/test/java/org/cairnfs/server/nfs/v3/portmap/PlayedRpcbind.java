package org.cairnfs.server.nfs.v3.portmap;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cairnfs.server.nfs.v3.portmap.RpcbindClient.Service;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** A rpcbind that keeps what it is told: version 4 of its protocol, written from RFC 1833. One connection at a time. */
final class PlayedRpcbind implements AutoCloseable {
    private static final int LAST_FRAGMENT = 0x8000_0000;

    private final List<Service> services = new CopyOnWriteArrayList<>();
    private final ServerSocketChannel listener;
    private volatile boolean refuses;
    private volatile boolean nonsense;

    PlayedRpcbind(SocketAddress place) throws IOException {
        listener = place instanceof UnixDomainSocketAddress
                ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                : ServerSocketChannel.open();
        listener.bind(place);
        Thread thread = new Thread(this::serve, "played-rpcbind");
        thread.setDaemon(true);
        thread.start();
    }

    List<Service> services() {
        return services;
    }

    SocketAddress address() throws IOException {
        return listener.getLocalAddress();
    }

    void refuse() {
        refuses = true;
    }

    void speakNonsense() {
        nonsense = true;
    }

    private void serve() {
        while (listener.isOpen()) {
            try (SocketChannel peer = listener.accept()) {
                DataInputStream in = new DataInputStream(Channels.newInputStream(peer));
                OutputStream out = Channels.newOutputStream(peer);
                while (true) {
                    byte[] call = in.readNBytes(in.readInt() & ~LAST_FRAGMENT);
                    // In two pieces, as a record may come.
                    byte[] reply = nonsense ? new byte[] {1, 2, 3} : answer(new XdrReader(ByteBuffer.wrap(call)));
                    out.write(ByteBuffer.allocate(5).putInt(1).put(reply[0]).array());
                    out.write(ByteBuffer.allocate(3 + reply.length)
                            .putInt(LAST_FRAGMENT | reply.length - 1)
                            .put(reply, 1, reply.length - 1)
                            .array());
                }
            } catch (IOException | XdrException ended) {
                // The next one, if there is any.
            }
        }
    }

    private byte[] answer(XdrReader in) throws XdrException {
        XdrWriter out = new XdrWriter(1 << 16);
        out.writeInt(in.readInt()).writeInt(1).writeInt(0).writeHyper(0).writeInt(0);
        in.readFixedOpaque(8);
        if (in.readInt() != Portmap.PROGRAM || in.readInt() != 4) {
            throw new XdrException("not version 4 of rpcbind");
        }
        int procedure = in.readInt();
        in.readFixedOpaque(16);
        if (procedure == 4) {
            for (Service service : services) {
                out.writeBoolean(true).writeInt(service.program()).writeInt(service.version());
                out.writeUtf8(service.netId()).writeUtf8(service.address()).writeUtf8("superuser");
            }
            return out.writeBoolean(false).toByteArray();
        }
        Service service = new Service(in.readInt(), in.readInt(), in.readUtf8(255), in.readUtf8(255));
        in.skipOpaque(255);
        return out.writeBoolean(!refuses && (procedure == 1 ? set(service) : unset(service)))
                .toByteArray();
    }

    private boolean set(Service wanted) {
        return services.stream().noneMatch(service -> isSame(service, wanted)) && services.add(wanted);
    }

    private boolean unset(Service wanted) {
        return services.removeIf(service -> isSame(service, wanted));
    }

    private static boolean isSame(Service one, Service other) {
        return one.program() == other.program()
                && one.version() == other.version()
                && one.netId().equals(other.netId());
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
