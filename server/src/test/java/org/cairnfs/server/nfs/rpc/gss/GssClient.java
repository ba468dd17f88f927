package org.cairnfs.server.nfs.rpc.gss;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.cairnfs.server.nfs.rpc.OpaqueAuth;
import org.cairnfs.server.nfs.rpc.RawClient;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.ietf.jgss.GSSException;

/** A client of RPCSEC_GSS that may do everything wrong. For one thread. */
final class GssClient implements AutoCloseable {
    static final int DATA = 0;
    static final int INIT = 1;
    static final int CONTINUE_INIT = 2;
    static final int DESTROY = 3;

    static final int NONE = 1;
    static final int INTEGRITY = 2;
    static final int PRIVACY = 3;

    private static final int MAX = 2 << 20;

    private final RawClient connection;
    private final SecurityMechanism.Context context;
    byte[] handle = {};
    int window;
    private int sequence;
    private int nextXid = 100;

    /** @param context the client's side, whose {@code accept} is not called */
    GssClient(InetSocketAddress server, SecurityMechanism.Context context) throws IOException {
        this.connection = new RawClient(server);
        this.context = context;
    }

    /** What INIT was answered with. */
    record Initiated(byte[] handle, int major, int minor, int window, byte[] token, int flavor, byte[] verifier) {}

    Initiated init(int procedure, byte[] token) throws Exception {
        byte[] arguments = new XdrWriter(MAX).writeOpaque(token).toByteArray();
        int xid = send(credential(1, procedure, 0, NONE, handle), OpaqueAuth.AUTH_NONE, new byte[0], 0, arguments);
        Reply reply = reply(xid);
        assertThat(reply.status()).isZero();
        XdrReader in = reply.in();
        Initiated result = new Initiated(
                in.readOpaque(64),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readOpaque(1 << 16),
                reply.flavor(),
                reply.verifier());
        assertThat(in.remaining()).isZero();
        handle = result.handle();
        window = result.window();
        return result;
    }

    /** Calls with the next sequence number; the results, in the clear. */
    XdrReader call(int service, int procedure, byte[] arguments) throws Exception {
        int number = ++sequence;
        Reply reply = reply(send(number, service, procedure, arguments));
        assertThat(reply.status()).as("accept_stat").isZero();
        assertThat(reply.flavor()).isEqualTo(OpaqueAuth.RPCSEC_GSS);
        context.verifyMic(reply.verifier(), GssProtection.bytes(number));
        return open(service, number, reply.in());
    }

    private XdrReader open(int service, int number, XdrReader results) throws Exception {
        if (service == NONE) {
            return results;
        }
        byte[] body = results.readOpaque(MAX);
        if (service == INTEGRITY) {
            context.verifyMic(results.readOpaque(1024), body);
        } else {
            body = context.unwrap(body);
        }
        assertThat(results.remaining()).isZero();
        XdrReader in = new XdrReader(ByteBuffer.wrap(body));
        assertThat(in.readInt()).isEqualTo(number);
        return in;
    }

    /** Sends a call that is as it should be; its transaction id. */
    int send(int number, int service, int procedure, byte[] arguments) throws Exception {
        return send(credential(1, DATA, number, service, handle), procedure, protect(service, number, arguments));
    }

    /** Sends a call with a right verifier. */
    int send(byte[] credential, int procedure, byte[] arguments) throws Exception {
        return send(credential, OpaqueAuth.RPCSEC_GSS, null, procedure, arguments);
    }

    byte[] protect(int service, int number, byte[] arguments) throws Exception {
        return protect(context, service, number, arguments);
    }

    static byte[] protect(SecurityMechanism.Context context, int service, int number, byte[] arguments)
            throws GSSException, XdrException {
        byte[] body = ByteBuffer.allocate(4 + arguments.length)
                .putInt(number)
                .put(arguments)
                .array();
        return switch (service) {
            case INTEGRITY ->
                new XdrWriter(MAX)
                        .writeOpaque(body)
                        .writeOpaque(context.mic(body))
                        .toByteArray();
            case PRIVACY -> new XdrWriter(MAX).writeOpaque(context.wrap(body)).toByteArray();
            default -> arguments;
        };
    }

    static byte[] credential(int version, int procedure, int sequence, int service, byte[] handle) throws XdrException {
        return new XdrWriter(OpaqueAuth.MAX_BODY_BYTES)
                .writeInt(version)
                .writeInt(procedure)
                .writeInt(sequence)
                .writeInt(service)
                .writeOpaque(handle)
                .toByteArray();
    }

    /** @param verifier null for the right one */
    int send(byte[] credential, int verifierFlavor, byte[] verifier, int procedure, byte[] arguments) throws Exception {
        int xid = nextXid++;
        byte[] header = header(xid, procedure, credential);
        byte[] proof = verifier == null ? context.mic(header) : verifier;
        connection.sendRecord(message(header, verifierFlavor, proof, arguments));
        return xid;
    }

    /** A call up to the end of its credential, which is what a verifier is of. */
    static byte[] header(int xid, int procedure, byte[] credential) throws XdrException {
        return header(xid, procedure, OpaqueAuth.RPCSEC_GSS, credential);
    }

    static byte[] header(int xid, int procedure, int flavor, byte[] credential) throws XdrException {
        XdrWriter header = new XdrWriter(MAX);
        header.writeInt(xid).writeInt(0).writeInt(2);
        header.writeInt(ServedGss.PROGRAM).writeInt(ServedGss.VERSION).writeInt(procedure);
        return header.writeInt(flavor).writeOpaque(credential).toByteArray();
    }

    static byte[] message(byte[] header, int verifierFlavor, byte[] verifier, byte[] arguments) throws XdrException {
        byte[] proof = new XdrWriter(1 << 10)
                .writeInt(verifierFlavor)
                .writeOpaque(verifier)
                .toByteArray();
        return ByteBuffer.allocate(header.length + proof.length + arguments.length)
                .put(header)
                .put(proof)
                .put(arguments)
                .array();
    }

    /** An accepted reply. */
    record Reply(int flavor, byte[] verifier, int status, XdrReader in) {}

    Reply reply(int xid) throws Exception {
        XdrReader in = connection.receive();
        assertThat(in.readInt()).as("xid").isEqualTo(xid);
        assertThat(in.readInt()).as("a reply").isEqualTo(1);
        assertThat(in.readInt()).as("accepted").isZero();
        return new Reply(in.readInt(), in.readOpaque(OpaqueAuth.MAX_BODY_BYTES), in.readInt(), in);
    }

    /** The auth_stat of a call that was denied. */
    int denied(int xid) throws Exception {
        XdrReader in = connection.receive();
        assertThat(in.readInt()).as("xid").isEqualTo(xid);
        assertThat(in.readInt()).as("a reply").isEqualTo(1);
        assertThat(in.readInt()).as("denied").isEqualTo(1);
        assertThat(in.readInt()).as("AUTH_ERROR").isEqualTo(1);
        return in.readInt();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
