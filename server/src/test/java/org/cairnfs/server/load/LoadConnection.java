package org.cairnfs.server.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.server.nfs.v4.compound.NfsProgram;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * A blocking TCP connection that sends COMPOUND calls as root (AUTH_SYS) and receives replies in whatever order they come: as little work for
 * each call as can be, as it shares the processor with the server that is measured. For one thread.
 */
final class LoadConnection implements AutoCloseable {
    private static final int LAST_FRAGMENT = 0x8000_0000;
    private static final int COMPOUND = 1;
    private static final int AUTH_SYS = 1;

    /** The largest record that is taken: a READ of 1 MiB with all around it, and as much again to read ahead. */
    private static final int BUFFER = 4 << 20;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).limit(0);
    private final byte[] credential;

    /** A reply, until the next one is received. */
    record Answer(int xid, XdrReader results) {}

    LoadConnection(InetSocketAddress server, String machine) throws IOException, XdrException {
        credential = credential(machine);
        channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    private static byte[] credential(String machine) throws XdrException {
        XdrWriter body = new XdrWriter(400);
        return body.writeInt(0)
                .writeUtf8(machine)
                .writeInt(0)
                .writeInt(0)
                .writeInts(0)
                .toByteArray();
    }

    /**
     * Sends a call.
     *
     * @param arguments of the COMPOUND; not to be changed afterwards
     */
    void send(int xid, XdrWriter arguments) throws IOException, XdrException {
        XdrWriter header = new XdrWriter(1 << 10);
        header.writeInt(0).writeInt(xid).writeInt(0).writeInt(2);
        header.writeInt(NfsProgram.PROGRAM).writeInt(NfsProgram.VERSION).writeInt(COMPOUND);
        header.writeInt(AUTH_SYS).writeOpaque(credential).writeInt(0).writeInt(0);
        header.setInt(0, LAST_FRAGMENT | header.position() - Integer.BYTES + arguments.position());
        List<ByteBuffer> pieces = new ArrayList<>(header.buffers());
        pieces.addAll(arguments.buffers());
        ByteBuffer[] all = pieces.toArray(new ByteBuffer[0]);
        ByteBuffer last = all[all.length - 1];
        while (last.hasRemaining()) {
            channel.write(all);
        }
    }

    /**
     * The next reply.
     *
     * @throws IOException when the connection ends, or brings what is no reply of success
     */
    Answer receive() throws IOException, XdrException {
        await(Integer.BYTES);
        int mark = in.getInt();
        int length = mark & ~LAST_FRAGMENT;
        if (mark >= 0 || length > BUFFER - Integer.BYTES) {
            throw new IOException("a record of several fragments, or too long a one: " + Integer.toHexString(mark));
        }
        await(length);
        XdrReader reply = new XdrReader(in.slice(in.position(), length));
        in.position(in.position() + length);
        int xid = reply.readInt();
        boolean accepted = reply.readInt() == 1 && reply.readInt() == 0;
        if (!accepted) {
            throw new IOException("the call was denied");
        }
        reply.readInt();
        reply.skipOpaque(400);
        int status = reply.readInt();
        if (status != 0) {
            throw new IOException("the call was not carried out: accept_stat " + status);
        }
        return new Answer(xid, reply);
    }

    /** Reads until so many bytes are there, and more if they have come. */
    private void await(int bytes) throws IOException {
        if (in.remaining() >= bytes) {
            return;
        }
        in.compact();
        while (in.position() < bytes) {
            if (channel.read(in) < 0) {
                throw new EOFException("the server has closed the connection");
            }
        }
        in.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
