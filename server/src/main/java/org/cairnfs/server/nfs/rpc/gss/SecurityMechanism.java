package org.cairnfs.server.nfs.rpc.gss;

import org.ietf.jgss.GSSException;

/**
 * What RPCSEC_GSS wants of a GSS-API mechanism (RFC 2743): contexts that prove who the initiator is, and protect messages. Safe for use by
 * any number of threads, as are its contexts.
 */
public interface SecurityMechanism {
    /** Begins a context, as its acceptor. */
    Context newContext() throws GSSException;

    /** One context. What protects messages may be used once it is established. */
    interface Context {
        /**
         * Takes a token of the initiator.
         *
         * @return the token to answer with; may be empty
         * @throws GSSException when the initiator is not accepted; the context is of no use then
         */
        byte[] accept(byte[] token) throws GSSException;

        boolean isEstablished();

        /** Who the initiator has proved to be, such as {@code user@REALM}. */
        String initiator() throws GSSException;

        /** For how many seconds the context is good; {@link Integer#MAX_VALUE} when that is not known. */
        int lifetimeSeconds();

        /** A checksum of a message that nobody else can make (GSS_GetMIC). */
        byte[] mic(byte[] message) throws GSSException;

        /** Fails unless the checksum is that of the message (GSS_VerifyMIC). */
        void verifyMic(byte[] mic, byte[] message) throws GSSException;

        /** The message, encrypted (GSS_Wrap). */
        byte[] wrap(byte[] message) throws GSSException;

        /** Decrypts a message; fails if it was changed, or not encrypted at all (GSS_Unwrap). */
        byte[] unwrap(byte[] wrapped) throws GSSException;
    }
}
