package org.cairnfs.server.nfs.rpc;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** A client that sends whatever bytes a test wants, over a plain blocking socket. */
public final class RawClient implements AutoCloseable {
    public static final int LAST_FRAGMENT = 0x8000_0000;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    public RawClient(InetSocketAddress server) throws IOException {
        this(server, 0);
    }

    /** @param receiveBuffer bytes that the kernel buffers for this client, or 0 for as many as it likes */
    RawClient(InetSocketAddress server, int receiveBuffer) throws IOException {
        this(server, receiveBuffer, new InetSocketAddress(0));
    }

    /** @param from the address of this client */
    RawClient(InetSocketAddress server, int receiveBuffer, InetSocketAddress from) throws IOException {
        socket.bind(from);
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        // Only so that a server that never answers fails a test instead of hanging it.
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
        socket.connect(server);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 1 << 16));
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends a message as one record of one fragment. */
    public void sendRecord(byte[] message) throws IOException {
        send(record(message));
    }

    /** The body of the next record. */
    public byte[] receiveRecord() throws IOException {
        int mark = in.readInt();
        if (mark >= 0) {
            throw new IOException("a reply of several fragments");
        }
        byte[] body = new byte[mark & ~LAST_FRAGMENT];
        in.readFully(body);
        return body;
    }

    public XdrReader receive() throws IOException {
        return new XdrReader(ByteBuffer.wrap(receiveRecord()));
    }

    /** Calls with AUTH_NONE; gives the reply behind its accept status, which must be SUCCESS. */
    XdrReader call(int xid, int program, int version, int procedure, byte[] arguments)
            throws IOException, XdrException {
        sendRecord(message(xid, program, version, procedure, arguments));
        return results(xid, receive());
    }

    /** Checks that a reply is one of success. */
    static XdrReader results(int xid, XdrReader reply) throws XdrException {
        int[] header = new int[6];
        for (int i = 0; i < header.length; i++) {
            header[i] = reply.readInt();
        }
        if (!java.util.Arrays.equals(header, new int[] {xid, 1, 0, 0, 0, 0})) {
            throw new AssertionError("not a success: " + java.util.Arrays.toString(header));
        }
        return reply;
    }

    /** Whether the server closes the connection without sending anything more. */
    public boolean isClosedByServer() throws IOException {
        try {
            in.readByte();
            return false;
        } catch (EOFException e) {
            return true;
        } catch (SocketException e) {
            // A reset: what was sent had not been read when the server closed.
            return true;
        }
    }

    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    public static byte[] record(byte[] message) {
        return ByteBuffer.allocate(4 + message.length)
                .putInt(LAST_FRAGMENT | message.length)
                .put(message)
                .array();
    }

    static byte[] message(int xid, int program, int version, int procedure, byte[] arguments) {
        return ByteBuffer.allocate(40 + arguments.length)
                .putInt(xid)
                .putInt(0)
                .putInt(2)
                .putInt(program)
                .putInt(version)
                .putInt(procedure)
                .putLong(0)
                .putLong(0)
                .put(arguments)
                .array();
    }

    /** A call with a credential and an empty verifier. */
    static byte[] message(int xid, int program, int version, int procedure, int flavor, byte[] credential)
            throws XdrException {
        XdrWriter out = new XdrWriter(1 << 16);
        out.writeInt(xid).writeInt(0).writeInt(2);
        out.writeInt(program).writeInt(version).writeInt(procedure);
        out.writeInt(flavor).writeOpaque(credential).writeInt(0).writeInt(0);
        return out.toByteArray();
    }
}
