package org.cairnfs.server.nfs.state;

import java.util.Optional;
import org.cairnfs.server.nfs.v4.NfsException;

/** How clients become known, confirmed, renewed and forgotten, of 4.0 and 4.1. */
public interface ClientRegistry {
    // ---- 4.0

    /**
     * SETCLIENTID (RFC 7530 section 16.33).
     *
     * @throws NfsException RESOURCE when there are too many clients; INVAL for an owner of a wrong length
     */
    SetClientIdResult setClientId(SetClientIdRequest request) throws NfsException;

    /**
     * SETCLIENTID_CONFIRM (RFC 7530 section 16.34). The client's record is in stable storage on return.
     *
     * @param confirm the verifier from SETCLIENTID
     * @throws NfsException STALE_CLIENTID; CLID_INUSE for another principal; DELAY when stable storage cannot be written
     */
    void setClientIdConfirm(Principal principal, long clientId, long confirm) throws NfsException;

    /**
     * RENEW.
     *
     * @throws NfsException STALE_CLIENTID, EXPIRED; CB_PATH_DOWN if the client has delegations and cannot be called: its lease is renewed
     *     all the same
     */
    void renew(long clientId) throws NfsException;

    /**
     * The confirmed client of an operation of 4.0 that names one (OPEN, LOCK, LOCKT, RELEASE_LOCKOWNER); renews its lease.
     *
     * @throws NfsException STALE_CLIENTID (from before a restart, or never confirmed), EXPIRED
     */
    Client client40(long clientId) throws NfsException;

    // ---- 4.1

    /**
     * EXCHANGE_ID (RFC 8881 section 18.35).
     *
     * @throws NfsException INVAL (unknown flags, machine credential protection, length of the owner), ENCR_ALG_UNSUPP (SSV),
     *     CLID_INUSE, NOENT, NOT_SAME, PERM (rows of the table); DELAY when there are too many clients
     */
    ExchangeIdResult exchangeId(ExchangeIdRequest request) throws NfsException;

    /**
     * CREATE_SESSION (RFC 8881 section 18.36); replays are answered from its own slot. The first one confirms the client, whose
     * record is in stable storage on return.
     *
     * @throws NfsException STALE_CLIENTID, SEQ_MISORDERED, CLID_INUSE, INVAL (unknown flags), TOOSMALL (sizes that no COMPOUND fits
     *     in), NOSPC (sessions of the client, or memory of all reply caches), DELAY
     */
    CreateSessionResult createSession(CreateSessionRequest request) throws NfsException;

    /**
     * DESTROY_SESSION.
     *
     * @param current the turn of the COMPOUND that asks, which does not count as using the session; null if it has none
     * @throws NfsException BADSESSION; DELAY while other requests of the session are in work
     */
    void destroySession(SessionId session, SlotTurn current) throws NfsException;

    /**
     * DESTROY_CLIENTID.
     *
     * @throws NfsException STALE_CLIENTID; CLIENTID_BUSY while it has sessions, opens or locks
     */
    void destroyClientId(long clientId) throws NfsException;

    /**
     * BIND_CONN_TO_SESSION (RFC 8881 section 18.34).
     *
     * @param wanted what the client asks for; of "fore or both" and "back or both", BOTH
     * @return what it got
     * @throws NfsException BADSESSION
     */
    ChannelDirection bindConnection(SessionId session, Connection connection, ChannelDirection wanted)
            throws NfsException;

    /** BACKCHANNEL_CTL: the program number and the credential of callbacks in the session of this turn. */
    void changeCallbacks(SlotTurn turn, int program, Optional<CallbackCredential> credential);

    /**
     * RECLAIM_COMPLETE (RFC 8881 section 18.51). The client's record is in stable storage on return.
     *
     * @param oneFileSystem rca_one_fs: then nothing is noted
     * @throws NfsException COMPLETE_ALREADY; DELAY when stable storage cannot be written
     */
    void reclaimComplete(Client client, boolean oneFileSystem) throws NfsException;

    /**
     * SEQUENCE (RFC 8881 section 18.46); renews the lease.
     *
     * @throws NfsException BADSESSION, BADSLOT, SEQ_MISORDERED, SEQ_FALSE_RETRY, BAD_HIGH_SLOT, REQ_TOO_BIG, TOO_MANY_OPS;
     *     DELAY for a resend of what is still in work
     */
    SequenceResult sequence(SequenceRequest request) throws NfsException;
}
