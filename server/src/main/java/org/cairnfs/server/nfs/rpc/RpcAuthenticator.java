package org.cairnfs.server.nfs.rpc;

import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * Checks the credential and verifier of calls; one for each flavour of authentication. Runs on worker threads, many at a time.
 *
 * <p>A flavour such as RPCSEC_GSS verifies the header ({@link CallHeader#credentialEnd}), unwraps the arguments, protects the
 * reply, and answers those calls itself by which it sets up its own state.
 */
public interface RpcAuthenticator {
    /**
     * @param header whose lengths have been checked
     * @param record the whole record, at the first byte behind the header
     * @param connection over which the call came
     * @throws AuthException when the caller is not accepted
     */
    Outcome authenticate(CallHeader header, XdrReader record, RpcConnection connection) throws AuthException;

    /** What becomes of a call whose caller was looked at. */
    sealed interface Outcome permits Authenticated, Answered, Undecodable, Discarded {}

    /**
     * A call whose caller is accepted.
     *
     * @param arguments in the clear
     * @param protection of the reply to it
     */
    record Authenticated(RpcCredential credential, XdrReader arguments, ReplyProtection protection)
            implements Outcome {}

    /**
     * A call to the authenticator itself, which it has carried out.
     *
     * @param results as they go over the wire
     */
    record Answered(XdrWriter results, ReplyProtection protection) implements Outcome {}

    /** A call whose caller is accepted, but whose arguments are not what was protected; answered with GARBAGE_ARGS. */
    record Undecodable(ReplyProtection protection, String reason) implements Outcome {}

    /** A call that gets no answer. */
    record Discarded(String reason) implements Outcome {}

    /** How the reply to a call is proved to come from this server, and is kept from others. */
    interface ReplyProtection {
        /** No proof, in the clear: AUTH_NONE and AUTH_SYS. */
        ReplyProtection NONE = out -> out.writeInt(OpaqueAuth.AUTH_NONE).writeInt(0);

        /** Writes the reply's verifier, flavour and all. */
        void writeVerifier(XdrWriter out) throws XdrException;

        /** The results as they go over the wire; by default as they are. */
        default XdrWriter protect(XdrWriter results) throws XdrException {
            return results;
        }
    }
}
