package org.cairnfs.server.nfs.state;

import com.google.common.base.Ticker;
import java.security.SecureRandom;
import java.util.Optional;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * SETCLIENTID and SETCLIENTID_CONFIRM, by the tables of RFC 7530 sections 16.33.5 and 16.34.5. In their notation a record is
 * {@code {v, x, c, k, s}}: verifier, name, client id, callback, confirm verifier. The registration lock guards each step.
 */
final class Clients40 {
    private final ClientTable clients;
    private final StateTable states;
    private final Registrar registrar;
    private final StateSettings settings;
    private final Ticker ticker;
    private final SecureRandom random = new SecureRandom();

    Clients40(ClientTable clients, StateTable states, Registrar registrar, StateSettings settings, Ticker ticker) {
        this.clients = clients;
        this.states = states;
        this.registrar = registrar;
        this.settings = settings;
        this.ticker = ticker;
    }

    SetClientIdResult setClientId(SetClientIdRequest request) throws NfsException {
        ClientName name = new ClientName(0, request.owner());
        Optional<ClientEntry> confirmed = clients.confirmed(name);
        if (confirmed.isPresent() && isHeldByAnother(confirmed.get(), request.principal())) {
            Callback40 holder = confirmed.get().callback();
            return new SetClientIdResult.InUse(holder.netid(), holder.address());
        }
        // The same instance, {v, x, c, k, s}: an update of its callback, under the same id. Else the first instance, or
        // the
        // next after a restart of the client: a new id. An unconfirmed record of the name gives way in any case.
        boolean isUpdate = confirmed.isPresent()
                && confirmed.get().verifier() == request.verifier()
                && confirmed.get().principal().equals(request.principal());
        long id = isUpdate ? confirmed.get().id() : clients.newId();
        ClientEntry record =
                new ClientEntry(id, name, request.verifier(), request.principal(), ticker, settings.lease());
        record.setCallback(request.callback(), random.nextLong());
        clients.addUnconfirmed(record);
        return new SetClientIdResult.Granted(id, record.confirm());
    }

    void confirm(Principal principal, long clientId, long confirm, ReleasedPins released) throws NfsException {
        Optional<ClientEntry> confirmed = clients.confirmed(clientId);
        Optional<ClientEntry> waiting = clients.unconfirmed(clientId).filter(record -> record.confirm() == confirm);
        if (waiting.isEmpty()) {
            confirmResent(principal, confirmed, confirm);
            return;
        }
        ClientEntry record = waiting.get();
        Optional<ClientEntry> holder = clients.confirmed(record.name());
        boolean heldByAnother = holder.isPresent() && isHeldByAnother(holder.get(), record.principal());
        if (!record.principal().equals(principal) || heldByAnother) {
            throw new NfsException(NfsStatus.CLID_INUSE);
        }
        if (confirmed.isPresent()) {
            confirmed.get().setCallback(record.callback(), record.confirm());
            clients.removeUnconfirmed(record.name());
            confirmed.get().lease().renew();
        } else {
            registrar.confirm(record, released);
        }
    }

    private static void confirmResent(Principal principal, Optional<ClientEntry> confirmed, long confirm)
            throws NfsException {
        if (confirmed.isEmpty()
                || confirmed.get().minorVersion() != 0
                || confirmed.get().confirm() != confirm) {
            throw new NfsException(NfsStatus.STALE_CLIENTID);
        }
        if (!confirmed.get().principal().equals(principal)) {
            throw new NfsException(NfsStatus.CLID_INUSE);
        }
        confirmed.get().lease().renew();
    }

    /** Whether a record stands in the way of a principal: it is another's, who is alive and has something open. */
    private boolean isHeldByAnother(ClientEntry holder, Principal principal) {
        return !holder.principal().equals(principal) && !holder.lease().isLapsed() && states.hasState(holder);
    }

    /** The confirmed client of an operation, its lease renewed; free of the registration lock. */
    ClientEntry find(long clientId) throws NfsException {
        if (!clients.isOfThisBoot(clientId) || !clients.wasGiven(clientId)) {
            throw new NfsException(NfsStatus.STALE_CLIENTID);
        }
        ClientEntry client = clients.confirmed(clientId)
                .filter(entry -> entry.minorVersion() == 0)
                .orElseThrow(() -> new NfsException(NfsStatus.EXPIRED));
        if (!client.lease().renew()) {
            throw new NfsException(NfsStatus.EXPIRED);
        }
        return client;
    }
}
