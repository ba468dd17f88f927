package org.cairnfs.server.nfs.state;

import com.google.common.base.Ticker;
import java.util.Optional;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * EXCHANGE_ID by the table of RFC 8881 section 18.35.4, CREATE_SESSION by the phases of section 18.36.4, DESTROY_CLIENTID.
 * The registration lock guards each step.
 */
final class Clients41 {
    private static final int KNOWN_FLAGS = ExchangeIdRequest.SUPP_MOVED_REFER
            | ExchangeIdRequest.SUPP_MOVED_MIGR
            | ExchangeIdRequest.BIND_PRINC_STATEID
            | ExchangeIdRequest.USE_NON_PNFS
            | ExchangeIdRequest.USE_PNFS_MDS
            | ExchangeIdRequest.USE_PNFS_DS
            | ExchangeIdRequest.UPDATE_CONFIRMED_RECORD;

    private static final int KNOWN_SESSION_FLAGS =
            CreateSessionRequest.PERSIST | CreateSessionRequest.CONN_BACK_CHAN | CreateSessionRequest.CONN_RDMA;

    private static final int PROTECTION_NONE = 0;
    private static final int PROTECTION_MACHINE = 1;

    private final ClientTable clients;
    private final StateTable states;
    private final SessionTable sessions;
    private final Registrar registrar;
    private final StateSettings settings;
    private final Ticker ticker;

    Clients41(
            ClientTable clients,
            StateTable states,
            SessionTable sessions,
            Registrar registrar,
            StateSettings settings,
            Ticker ticker) {
        this.clients = clients;
        this.states = states;
        this.sessions = sessions;
        this.registrar = registrar;
        this.settings = settings;
        this.ticker = ticker;
    }

    ExchangeIdResult exchangeId(ExchangeIdRequest request, ReleasedPins released) throws NfsException {
        if ((request.flags() & ~KNOWN_FLAGS) != 0 || request.protection() == PROTECTION_MACHINE) {
            throw new NfsException(NfsStatus.INVAL, "unknown flags, or machine credentials");
        }
        if (request.protection() != PROTECTION_NONE) {
            throw new NfsException(NfsStatus.ENCR_ALG_UNSUPP);
        }
        ClientName name = new ClientName(1, request.owner());
        Optional<ClientEntry> confirmed = clients.confirmed(name);
        boolean isUpdate = (request.flags() & ExchangeIdRequest.UPDATE_CONFIRMED_RECORD) != 0;
        if (isUpdate) {
            return update(request, confirmed);
        }
        if (confirmed.isPresent() && !confirmed.get().principal().equals(request.principal())) {
            collide(confirmed.get(), released);
        } else if (confirmed.isPresent() && confirmed.get().verifier() == request.verifier()) {
            return result(confirmed.get(), ExchangeIdRequest.CONFIRMED);
        }
        // A new owner, one that was never confirmed, or the next instance after a restart of the client, whose earlier
        // one
        // keeps its state until the new one is confirmed.
        ClientEntry record = new ClientEntry(
                clients.newId(), name, request.verifier(), request.principal(), ticker, settings.lease());
        clients.addUnconfirmed(record);
        return result(record, 0);
    }

    private static ExchangeIdResult update(ExchangeIdRequest request, Optional<ClientEntry> confirmed)
            throws NfsException {
        if (confirmed.isEmpty()) {
            throw new NfsException(NfsStatus.NOENT);
        }
        if (!confirmed.get().principal().equals(request.principal())) {
            throw new NfsException(NfsStatus.PERM);
        }
        if (confirmed.get().verifier() != request.verifier()) {
            throw new NfsException(NfsStatus.NOT_SAME);
        }
        return result(confirmed.get(), ExchangeIdRequest.CONFIRMED);
    }

    /** The name is another principal's: it stays so while that one is alive and has state, else it is free. */
    private void collide(ClientEntry holder, ReleasedPins released) throws NfsException {
        boolean hasState = states.hasState(holder) || !holder.sessions().isEmpty();
        if (hasState && !holder.lease().isLapsed()) {
            throw new NfsException(NfsStatus.CLID_INUSE);
        }
        registrar.remove(holder, released);
    }

    private static ExchangeIdResult result(ClientEntry client, int confirmed) {
        return new ExchangeIdResult(client.id(), client.creation().next(), ExchangeIdRequest.USE_NON_PNFS | confirmed);
    }

    CreateSessionResult createSession(CreateSessionRequest request, ReleasedPins released) throws NfsException {
        ClientEntry client = clients.confirmed(request.clientId())
                .or(() -> clients.unconfirmed(request.clientId()))
                .filter(record -> record.minorVersion() > 0)
                .orElseThrow(() -> new NfsException(NfsStatus.STALE_CLIENTID));
        boolean isConfirmed = clients.confirmed(client.id()).isPresent();
        if (!isConfirmed && !client.principal().equals(request.principal())) {
            // Before its sequence is looked at: a stranger must not move it.
            throw new NfsException(NfsStatus.CLID_INUSE);
        }
        Optional<CreateSessionResult> replay = client.creation().replayOf(request.sequence());
        if (replay.isPresent()) {
            return replay.get();
        }
        try {
            CreateSessionResult created = create(client, request, released);
            client.creation().succeeded(request.sequence(), created);
            return created;
        } catch (NfsException e) {
            client.creation().failed(request.sequence(), e.status());
            throw e;
        }
    }

    private CreateSessionResult create(ClientEntry client, CreateSessionRequest request, ReleasedPins released)
            throws NfsException {
        boolean isConfirmed = clients.confirmed(client.id()).isPresent();
        if ((request.flags() & ~KNOWN_SESSION_FLAGS) != 0) {
            throw new NfsException(NfsStatus.INVAL, "unknown flags");
        }
        if (client.sessions().size() >= settings.maxSessionsPerClient()) {
            throw new NfsException(NfsStatus.NOSPC, "too many sessions of one client");
        }
        Session session = sessions.create(client, request);
        if (!isConfirmed) {
            confirm(client, session, released);
        }
        client.lease().renew();
        int granted = request.flags() & CreateSessionRequest.CONN_BACK_CHAN;
        return new CreateSessionResult(
                session.id(),
                request.sequence(),
                granted,
                session.fore(),
                session.back().attributes());
    }

    private void confirm(ClientEntry client, Session first, ReleasedPins released) throws NfsException {
        boolean confirmed = false;
        try {
            registrar.confirm(client, released);
            confirmed = true;
        } finally {
            if (!confirmed) {
                first.destroyNow();
                sessions.remove(first);
            }
        }
    }

    void destroyClientId(long clientId, ReleasedPins released) throws NfsException {
        Optional<ClientEntry> confirmed = clients.confirmed(clientId).filter(client -> client.minorVersion() > 0);
        Optional<ClientEntry> unconfirmed = clients.unconfirmed(clientId).filter(client -> client.minorVersion() > 0);
        if (confirmed.isPresent()) {
            if (!confirmed.get().sessions().isEmpty() || states.hasState(confirmed.get())) {
                throw new NfsException(NfsStatus.CLIENTID_BUSY);
            }
            registrar.remove(confirmed.get(), released);
        } else {
            clients.removeUnconfirmed(unconfirmed
                    .orElseThrow(() -> new NfsException(NfsStatus.STALE_CLIENTID))
                    .name());
        }
    }
}
