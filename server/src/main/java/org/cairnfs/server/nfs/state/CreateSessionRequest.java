package org.cairnfs.server.nfs.state;

import java.util.Optional;

/**
 * CREATE_SESSION (RFC 8881 section 18.36).
 *
 * @param principal who asks
 * @param connection what the request came in on: it is bound to both channels, as far as they are wanted
 * @param clientId from EXCHANGE_ID
 * @param sequence csa_sequence
 * @param flags csa_flags: {@link #PERSIST}, {@link #CONN_BACK_CHAN}, {@link #CONN_RDMA}
 * @param fore what the client wants of the fore channel
 * @param back what the client offers of the back channel
 * @param callbackProgram csa_cb_program
 * @param callbackCredential the first of csa_sec_parms that this server can do; empty if there is none
 * @param minorVersion of the COMPOUND, 1 or 2: that of callbacks too
 */
public record CreateSessionRequest(
        Principal principal,
        Connection connection,
        long clientId,
        int sequence,
        int flags,
        ChannelAttributes fore,
        ChannelAttributes back,
        int callbackProgram,
        Optional<CallbackCredential> callbackCredential,
        int minorVersion) {
    public static final int PERSIST = 1;
    public static final int CONN_BACK_CHAN = 2;
    public static final int CONN_RDMA = 4;
}
