package org.cairnfs.server.nfs.fuzz;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.server.nfs.rpc.RawClient;
import org.cairnfs.server.nfs.v3.testing.Calls.Arguments;
import org.cairnfs.server.nfs.v4.compound.NfsProgram;
import org.cairnfs.server.nfs.v4.testing.Transport;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** A client in its right mind, with one connection, who notes what it sends, and answers callbacks. Used by one thread. */
final class Caller implements Transport, AutoCloseable {
    private static final int LARGEST = 1 << 16;
    private static final int REPLY_HEADER_INTS = 6;

    private final RawClient connection;
    private final List<Request> sent = new ArrayList<>();
    private int xid = 0x5A5E_0000;
    private int callbacks;

    Caller(InetSocketAddress server) throws IOException {
        connection = new RawClient(server);
    }

    /** Everything that it has sent. */
    List<Request> sent() {
        return sent;
    }

    /** Callbacks that came and were answered. */
    int callbacks() {
        return callbacks;
    }

    /** The results of a call, which must be accepted. */
    XdrReader call(int program, int version, int procedure, Arguments arguments) throws IOException, XdrException {
        XdrWriter out = new XdrWriter(LARGEST);
        arguments.write(out);
        return call(program, version, procedure, out.toByteArray());
    }

    XdrReader call(int program, int version, int procedure, byte[] arguments) throws IOException, XdrException {
        Request request = Request.of(++xid, program, version, procedure, arguments);
        sent.add(request);
        connection.sendRecord(request.message());
        byte[] received = connection.receiveRecord();
        while (CallbackAnswers.isCall(received)) {
            callbacks++;
            connection.sendRecord(CallbackAnswers.to(received));
            received = connection.receiveRecord();
        }
        XdrReader reply = new XdrReader(ByteBuffer.wrap(received));
        int[] header = new int[REPLY_HEADER_INTS];
        for (int i = 0; i < header.length; i++) {
            header[i] = reply.readInt();
        }
        if (header[0] != xid || header[1] != 1 || header[2] != 0 || header[5] != 0) {
            throw new AssertionError("a sane call is not accepted: " + java.util.Arrays.toString(header));
        }
        return reply;
    }

    @Override
    public XdrReader call(XdrWriter compound) throws IOException, XdrException {
        return call(NfsProgram.PROGRAM, NfsProgram.VERSION, 1, compound.toByteArray());
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
