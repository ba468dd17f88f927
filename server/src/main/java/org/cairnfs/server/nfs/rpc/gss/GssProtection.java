package org.cairnfs.server.nfs.rpc.gss;

import java.nio.ByteBuffer;
import org.cairnfs.server.nfs.rpc.OpaqueAuth;
import org.cairnfs.server.nfs.rpc.RpcAuthenticator.ReplyProtection;
import org.cairnfs.server.nfs.rpc.RpcCredential.Gss.Service;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.ietf.jgss.GSSException;

/**
 * What protects the arguments of one call and the reply to it (RFC 2203 section 5.3.2 and 5.3.3.2).
 *
 * <p>Immutable but for the mechanism's context.
 */
final class GssProtection implements ReplyProtection {
    /** What a checksum, or an encrypted message beyond its contents, takes at most. */
    private static final int TOKEN_BYTES = 1024;

    private final SecurityMechanism.Context context;
    private final Service service;
    private final int sequence;
    private final byte[] verifier;

    /** @throws GSSException when the reply's verifier cannot be made */
    GssProtection(SecurityMechanism.Context context, Service service, int sequence) throws GSSException {
        this.context = context;
        this.service = service;
        this.sequence = sequence;
        this.verifier = context.mic(bytes(sequence));
    }

    static byte[] bytes(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    /** Takes the arguments of the call out of their protection. */
    XdrReader open(XdrReader record) throws XdrException, GSSException {
        if (service == Service.NONE) {
            return record;
        }
        byte[] body = record.readOpaque(record.remaining());
        if (service == Service.INTEGRITY) {
            context.verifyMic(record.readOpaque(TOKEN_BYTES), body);
        } else {
            body = context.unwrap(body);
        }
        if (record.remaining() > 0) {
            throw new XdrException(record.remaining() + " bytes behind what is protected");
        }
        XdrReader arguments = new XdrReader(ByteBuffer.wrap(body));
        if (arguments.readInt() != sequence) {
            throw new XdrException("the arguments are those of another call");
        }
        return arguments;
    }

    @Override
    public void writeVerifier(XdrWriter out) throws XdrException {
        out.writeInt(OpaqueAuth.RPCSEC_GSS).writeOpaque(verifier);
    }

    @Override
    public XdrWriter protect(XdrWriter results) throws XdrException {
        if (service == Service.NONE) {
            return results;
        }
        ByteBuffer body =
                ByteBuffer.allocate(Integer.BYTES + results.position()).putInt(sequence);
        results.buffers().forEach(body::put);
        XdrWriter out = new XdrWriter(body.capacity() + TOKEN_BYTES);
        try {
            if (service == Service.INTEGRITY) {
                byte[] mic = context.mic(body.array());
                return out.writeOpaqueReference(body.flip()).writeOpaque(mic);
            }
            return out.writeOpaqueReference(ByteBuffer.wrap(context.wrap(body.array())));
        } catch (GSSException e) {
            throw new XdrException("the results cannot be protected: " + e.getMessage());
        }
    }
}
