package org.cairnfs.server.nfs.state;

/**
 * What CREATE_SESSION answers with OK.
 *
 * @param session the session's id
 * @param sequence csr_sequence, that of the request
 * @param flags csr_flags: what was granted of the request's
 * @param fore what the fore channel has
 * @param back what the back channel has
 */
public record CreateSessionResult(
        SessionId session, int sequence, int flags, ChannelAttributes fore, ChannelAttributes back) {}
