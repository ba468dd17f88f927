package org.cairnfs.server.systemd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;

/**
 * The datagram socket on which systemd hears its services (sd_notify(3)), by jnr-unixsocket, as the JDK has Unix sockets for streams
 * only. Safe for any number of threads.
 */
final class NotifySocket implements AutoCloseable {
    private final UnixSocketAddress address;
    private final UnixDatagramChannel channel;

    private NotifySocket(UnixSocketAddress address, UnixDatagramChannel channel) {
        this.address = address;
        this.channel = channel;
    }

    /**
     * Opens it.
     *
     * @param name absolute path, or {@code @} and a name of the abstract kind (unix(7))
     * @throws IOException if it is none of the two, or this machine has no such sockets
     */
    static NotifySocket open(String name) throws IOException {
        if (!name.startsWith("/") && !name.startsWith("@")) {
            throw new IOException("'" + name + "' is neither a path nor an abstract name");
        }
        try {
            return new NotifySocket(
                    new UnixSocketAddress(name.startsWith("@") ? '\0' + name.substring(1) : name),
                    UnixDatagramChannel.open());
        } catch (
                LinkageError
                        e) { // its native part cannot be unpacked and loaded, e.g. where nothing in /tmp may be run
            throw new IOException("no native code for Unix sockets: " + e.getMessage(), e);
        }
    }

    /** Sends one message; what does not fit into the socket's buffer now is waited for. */
    void send(String message) throws IOException {
        channel.send(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), address);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
