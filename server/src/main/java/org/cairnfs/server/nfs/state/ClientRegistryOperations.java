package org.cairnfs.server.nfs.state;

import java.util.Optional;
import java.util.concurrent.Executor;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * {@link ClientRegistry} put together from its parts: takes the registration lock around each step that wants it, and gives
 * pins back after it.
 */
final class ClientRegistryOperations implements ClientRegistry {
    private final ClientTable clients;
    private final SessionTable sessions;
    private final Registrar registrar;
    private final Clients40 clients40;
    private final Clients41 clients41;
    private final StateTable states;
    private final Recaller recaller;
    private final InodePins pins;
    private final Executor background;

    ClientRegistryOperations(
            ClientTable clients,
            SessionTable sessions,
            Registrar registrar,
            Clients40 clients40,
            Clients41 clients41,
            StateTable states,
            Recaller recaller,
            InodePins pins,
            Executor background) {
        this.clients = clients;
        this.sessions = sessions;
        this.registrar = registrar;
        this.clients40 = clients40;
        this.clients41 = clients41;
        this.states = states;
        this.recaller = recaller;
        this.pins = pins;
        this.background = background;
    }

    @Override
    public SetClientIdResult setClientId(SetClientIdRequest request) throws NfsException {
        checkOwner(request.owner().length());
        return registering(released -> clients40.setClientId(request));
    }

    @Override
    public void setClientIdConfirm(Principal principal, long clientId, long confirm) throws NfsException {
        registering(released -> {
            clients40.confirm(principal, clientId, confirm, released);
            return null;
        });
        clients.confirmed(clientId).ifPresent(recaller::probe);
    }

    @Override
    public void renew(long clientId) throws NfsException {
        ClientEntry client = clients40.find(clientId);
        if (client.callbackPath().standing() == CallbackPath.Standing.DOWN && states.hasDelegations(client)) {
            throw new NfsException(NfsStatus.CB_PATH_DOWN);
        }
    }

    @Override
    public Client client40(long clientId) throws NfsException {
        return clients40.find(clientId);
    }

    @Override
    public ExchangeIdResult exchangeId(ExchangeIdRequest request) throws NfsException {
        checkOwner(request.owner().length());
        return registering(released -> clients41.exchangeId(request, released));
    }

    @Override
    public CreateSessionResult createSession(CreateSessionRequest request) throws NfsException {
        return registering(released -> clients41.createSession(request, released));
    }

    @Override
    public void destroySession(SessionId id, SlotTurn current) throws NfsException {
        registering(released -> {
            Session session = sessions.find(id);
            if (!session.destroy(current)) {
                throw new NfsException(NfsStatus.DELAY, "requests of the session are in work");
            }
            sessions.remove(session);
            return null;
        });
    }

    @Override
    public void destroyClientId(long clientId) throws NfsException {
        registering(released -> {
            clients41.destroyClientId(clientId, released);
            return null;
        });
    }

    @Override
    public ChannelDirection bindConnection(SessionId id, Connection connection, ChannelDirection wanted)
            throws NfsException {
        Session session = sessions.find(id);
        boolean back = wanted != ChannelDirection.FORE && session.back().bind(connection);
        return back ? wanted : ChannelDirection.FORE;
    }

    @Override
    public void changeCallbacks(SlotTurn turn, int program, Optional<CallbackCredential> credential) {
        Session.of(turn).back().change(program, credential);
    }

    @Override
    public void reclaimComplete(Client client, boolean oneFileSystem) throws NfsException {
        if (!oneFileSystem) {
            registering(released -> {
                registrar.completeReclaim((ClientEntry) client);
                return null;
            });
            background.execute(registrar::endGraceIfDue);
        }
    }

    @Override
    public SequenceResult sequence(SequenceRequest request) throws NfsException {
        return sessions.sequence(request);
    }

    private static void checkOwner(int length) throws NfsException {
        if (length < 1 || length > ClientName.MAX_OWNER_BYTES) {
            throw new NfsException(NfsStatus.INVAL, "a client owner of " + length + " bytes");
        }
    }

    private <T> T registering(Step<T> step) throws NfsException {
        ReleasedPins released = new ReleasedPins();
        clients.registration.lock();
        try {
            return step.run(released);
        } finally {
            clients.registration.unlock();
            released.giveBack(pins);
        }
    }

    private interface Step<T> {
        T run(ReleasedPins released) throws NfsException;
    }
}
