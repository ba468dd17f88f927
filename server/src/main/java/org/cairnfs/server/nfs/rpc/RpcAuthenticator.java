package org.cairnfs.server.nfs.rpc;

import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * Checks the credential and verifier of calls; one for each flavour of authentication. Runs on worker threads, many at a time.
 *
 * <p>This is where RPCSEC_GSS and the AUTH_TLS probe go in: such a flavour verifies the header ({@link
 * CallHeader#credentialEnd}), unwraps the arguments, and protects the reply.
 */
interface RpcAuthenticator {
    /**
     * @param header whose lengths have been checked
     * @param record the whole record, at the first byte behind the header
     * @throws AuthException when the caller is not accepted
     */
    Authenticated authenticate(CallHeader header, XdrReader record) throws AuthException;

    /**
     * A call whose caller is accepted.
     *
     * @param arguments in the clear
     * @param protection of the reply to it
     */
    record Authenticated(RpcCredential credential, XdrReader arguments, ReplyProtection protection) {}

    /** How the reply to a call is proved to come from this server, and is kept from others. */
    interface ReplyProtection {
        /** No proof, in the clear: AUTH_NONE and AUTH_SYS. */
        ReplyProtection NONE = new ReplyProtection() {
            @Override
            public void writeVerifier(XdrWriter out) throws XdrException {
                out.writeInt(OpaqueAuth.AUTH_NONE).writeInt(0);
            }

            @Override
            public XdrWriter protect(XdrWriter results) {
                return results;
            }
        };

        /** Writes the reply's verifier, flavour and all. */
        void writeVerifier(XdrWriter out) throws XdrException;

        /** The results as they go over the wire. */
        XdrWriter protect(XdrWriter results) throws XdrException;
    }
}
