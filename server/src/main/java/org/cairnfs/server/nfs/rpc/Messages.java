package org.cairnfs.server.nfs.rpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.server.nfs.rpc.RpcAuthenticator.Answered;
import org.cairnfs.server.nfs.rpc.RpcAuthenticator.ReplyProtection;
import org.cairnfs.server.nfs.rpc.RpcCallException.Kind;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** The RPC messages that are sent (RFC 5531 section 9), as buffers with their record mark, one fragment each. */
final class Messages {
    private static final int MAX_HEADER_BYTES = 1024;
    private static final int LAST_FRAGMENT = 0x8000_0000;

    private static final int MSG_ACCEPTED = 0;
    private static final int MSG_DENIED = 1;
    private static final int SUCCESS = 0;
    private static final int RPC_MISMATCH = 0;
    private static final int AUTH_ERROR = 1;

    /** What an encoder writes; it stays within {@link #MAX_HEADER_BYTES}. */
    private interface Encoder {
        void encode(XdrWriter out) throws XdrException;
    }

    private Messages() {}

    static List<ByteBuffer> success(int xid, ReplyProtection protection, XdrWriter results) throws XdrException {
        return message(protection.protect(results), out -> {
            out.writeInt(xid).writeInt(CallHeader.REPLY).writeInt(MSG_ACCEPTED);
            protection.writeVerifier(out);
            out.writeInt(SUCCESS);
        });
    }

    /** The answer to a call that its authenticator has carried out. */
    static List<ByteBuffer> answered(int xid, Answered answered) {
        return message(answered.results(), out -> {
            out.writeInt(xid).writeInt(CallHeader.REPLY).writeInt(MSG_ACCEPTED);
            answered.protection().writeVerifier(out);
            out.writeInt(SUCCESS);
        });
    }

    /** The answer to an AUTH_TLS probe: TLS begins (RFC 9289 section 4.1). */
    static List<ByteBuffer> startTls(int xid) {
        return message(
                null,
                out -> out.writeInt(xid)
                        .writeInt(CallHeader.REPLY)
                        .writeInt(MSG_ACCEPTED)
                        .writeInt(OpaqueAuth.AUTH_NONE)
                        .writeOpaque(TlsSession.START_TLS)
                        .writeInt(SUCCESS));
    }

    /** An accepted call that was not carried out, for any reason but PROG_MISMATCH. */
    static List<ByteBuffer> notDone(int xid, ReplyProtection protection, AcceptStat status) {
        return message(null, out -> {
            out.writeInt(xid).writeInt(CallHeader.REPLY).writeInt(MSG_ACCEPTED);
            protection.writeVerifier(out);
            out.writeInt(status.code());
        });
    }

    static List<ByteBuffer> programMismatch(int xid, ReplyProtection protection, int lowest, int highest) {
        return message(null, out -> {
            out.writeInt(xid).writeInt(CallHeader.REPLY).writeInt(MSG_ACCEPTED);
            protection.writeVerifier(out);
            out.writeInt(AcceptStat.PROG_MISMATCH.code()).writeInt(lowest).writeInt(highest);
        });
    }

    static List<ByteBuffer> rpcMismatch(int xid) {
        return message(
                null,
                out -> out.writeInt(xid)
                        .writeInt(CallHeader.REPLY)
                        .writeInt(MSG_DENIED)
                        .writeInt(RPC_MISMATCH)
                        .writeInt(CallHeader.RPC_VERSION)
                        .writeInt(CallHeader.RPC_VERSION));
    }

    static List<ByteBuffer> authError(int xid, AuthStat status) {
        return message(
                null,
                out -> out.writeInt(xid)
                        .writeInt(CallHeader.REPLY)
                        .writeInt(MSG_DENIED)
                        .writeInt(AUTH_ERROR)
                        .writeInt(status.code()));
    }

    static List<ByteBuffer> call(
            int xid, int program, int version, int procedure, RpcCredential credential, XdrWriter arguments) {
        return message(arguments, out -> {
            out.writeInt(xid).writeInt(CallHeader.CALL).writeInt(CallHeader.RPC_VERSION);
            out.writeInt(program).writeInt(version).writeInt(procedure);
            writeCredential(out, credential);
            out.writeInt(OpaqueAuth.AUTH_NONE).writeInt(0);
        });
    }

    /**
     * The results in a reply to a call of ours.
     *
     * @param reply the whole record, whose kind has been looked at
     * @throws RpcCallException unless the call was carried out
     */
    static XdrReader resultsOf(ByteBuffer reply) throws RpcCallException {
        XdrReader in = new XdrReader(reply);
        try {
            in.readInt();
            in.readInt();
            int replyStat = in.readInt();
            if (replyStat != MSG_ACCEPTED) {
                throw new RpcCallException(Kind.REFUSED, "denied: reject_stat " + in.readInt());
            }
            OpaqueAuth.read(in);
            int acceptStat = in.readInt();
            if (acceptStat != SUCCESS) {
                throw new RpcCallException(Kind.REFUSED, "not carried out: accept_stat " + acceptStat);
            }
            return in;
        } catch (XdrException e) {
            throw new RpcCallException(Kind.MALFORMED, "the reply is malformed: " + e.getMessage());
        }
    }

    private static void writeCredential(XdrWriter out, RpcCredential credential) throws XdrException {
        if (!(credential instanceof RpcCredential.AuthSys sys)) {
            out.writeInt(OpaqueAuth.AUTH_NONE).writeInt(0);
            return;
        }
        XdrWriter body = new XdrWriter(OpaqueAuth.MAX_BODY_BYTES);
        body.writeInt(0).writeOpaque(sys.machineName().getBytes(StandardCharsets.UTF_8));
        body.writeInt(sys.ids().uid()).writeInt(sys.ids().gid());
        body.writeInts(sys.ids().groups().toArray());
        out.writeInt(OpaqueAuth.AUTH_SYS).writeOpaque(body.toByteArray());
    }

    private static List<ByteBuffer> message(XdrWriter body, Encoder encoder) {
        XdrWriter header = new XdrWriter(MAX_HEADER_BYTES);
        try {
            int mark = header.position();
            header.writeInt(0);
            encoder.encode(header);
            int bodyBytes = body == null ? 0 : body.position();
            header.setInt(mark, LAST_FRAGMENT | header.position() - Integer.BYTES + bodyBytes);
        } catch (XdrException e) {
            throw new IllegalArgumentException("the header of a message is too long: " + e.getMessage(), e);
        }
        List<ByteBuffer> buffers = new ArrayList<>(header.buffers());
        if (body != null) {
            buffers.addAll(body.buffers());
        }
        return buffers;
    }
}
