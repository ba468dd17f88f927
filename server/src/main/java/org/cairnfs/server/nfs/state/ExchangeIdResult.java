package org.cairnfs.server.nfs.state;

/**
 * What EXCHANGE_ID answers with OK; protection is always SP4_NONE, owner, scope and implementation are those of
 * {@link NfsState#identity()}.
 *
 * @param clientId the client id
 * @param sequence eir_sequenceid: what the next CREATE_SESSION has to bring
 * @param flags eir_flags, with CONFIRMED where it is
 */
public record ExchangeIdResult(long clientId, int sequence, int flags) {}
