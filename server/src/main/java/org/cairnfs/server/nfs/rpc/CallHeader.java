package org.cairnfs.server.nfs.rpc;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * The head of a call message (call_body, RFC 5531 section 9), before anything in it is believed.
 *
 * @param credential who the caller says he is
 * @param verifier what is to prove it
 * @param credentialEnd the position in the record just behind the credential: what an RPCSEC_GSS verifier signs ends there
 */
public record CallHeader(
        int xid,
        int program,
        int version,
        int procedure,
        OpaqueAuth credential,
        OpaqueAuth verifier,
        int credentialEnd) {
    static final int RPC_VERSION = 2;
    static final int CALL = 0;
    static final int REPLY = 1;

    /** The bytes that a message must have for its transaction id and kind to be known. */
    static final int MIN_MESSAGE_BYTES = 8;

    /** The call is for another version of RPC. */
    static final class RpcMismatchException extends Exception {
        private static final long serialVersionUID = 1L;

        RpcMismatchException(int version) {
            super("RPC version " + Integer.toUnsignedString(version));
        }
    }

    /**
     * Reads the rest of a header whose transaction id and message kind have been read.
     *
     * @throws XdrException when it is cut off before its credential
     * @throws AuthException when the credential or verifier is longer than allowed or than what is there
     */
    static CallHeader read(int xid, XdrReader in) throws XdrException, RpcMismatchException, AuthException {
        int rpcVersion = in.readInt();
        if (rpcVersion != RPC_VERSION) {
            throw new RpcMismatchException(rpcVersion);
        }
        int program = in.readInt();
        int version = in.readInt();
        int procedure = in.readInt();
        OpaqueAuth credential = readAuth(in, AuthStat.AUTH_BADCRED);
        int credentialEnd = in.position();
        OpaqueAuth verifier = readAuth(in, AuthStat.AUTH_BADVERF);
        return new CallHeader(xid, program, version, procedure, credential, verifier, credentialEnd);
    }

    /** The header of a record that is a call by which a client asks for TLS (RFC 9289 section 4.1), and nothing else. */
    static Optional<CallHeader> tlsProbe(ByteBuffer record) {
        try {
            XdrReader in = new XdrReader(record);
            int xid = in.readInt();
            if (in.readInt() != CALL) {
                return Optional.empty();
            }
            CallHeader header = read(xid, in);
            return in.remaining() == 0
                            && header.procedure() == 0
                            && header.credential().isEmpty(OpaqueAuth.AUTH_TLS)
                            && header.verifier().isEmpty(OpaqueAuth.AUTH_NONE)
                    ? Optional.of(header)
                    : Optional.empty();
        } catch (XdrException | RpcMismatchException | AuthException e) {
            // It will be answered as any other call.
            return Optional.empty();
        }
    }

    private static OpaqueAuth readAuth(XdrReader in, AuthStat failure) throws AuthException {
        try {
            return OpaqueAuth.read(in);
        } catch (XdrException e) {
            throw new AuthException(failure, e.getMessage());
        }
    }
}
