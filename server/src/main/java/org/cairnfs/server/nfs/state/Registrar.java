package org.cairnfs.server.nfs.state;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.lock.LockClient;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of confirmed clients: how they are confirmed, complete their reclaim, lapse and go, each in step with stable
 * storage and grace.
 *
 * <p>Invariants (RFC 8881 section 8.4.3): a client is confirmed only after its record is stable; what a client held is given
 * up only after its record is gone from stable storage, or is that of its next instance; grace ends only after no record is left that
 * allows reclaiming what will now be given to others.
 *
 * <p>Threading: methods say whether they want the registration lock held. It is held while stable storage is written.
 */
final class Registrar implements Recaller.StableDelegations {
    private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);

    private final ClientTable clients;
    private final StateTable states;
    private final SessionTable sessions;
    private final GracePeriod grace;
    private final StableClients stable;
    private final InodePins pins;
    private final StateSettings settings;
    private final long incarnation;

    Registrar(
            ClientTable clients,
            StateTable states,
            SessionTable sessions,
            GracePeriod grace,
            StableClients stable,
            InodePins pins,
            StateSettings settings,
            long incarnation) {
        this.clients = clients;
        this.states = states;
        this.sessions = sessions;
        this.grace = grace;
        this.stable = stable;
        this.pins = pins;
        this.settings = settings;
        this.incarnation = incarnation;
    }

    /**
     * Confirms a client in place of an earlier instance of it, whose state goes. Wants the registration lock.
     *
     * @throws NfsException RESOURCE (4.0) or NOSPC (4.1) when there are too many; DELAY if stable storage cannot be written
     */
    void confirm(ClientEntry client, ReleasedPins released) throws NfsException {
        Optional<ClientEntry> before = clients.confirmed(client.name());
        if (before.isEmpty()) {
            makeRoom(client, released);
        }
        boolean mayReclaim = grace.admit(client.name(), client.verifier(), client.principal());
        client.setDelegationRecord(mayReclaim ? grace.delegationsOf(client.name()) : DelegationRecord.NONE);
        // A 4.1 client may hold something from RECLAIM_COMPLETE on, or by reclaiming; one of 4.0 from now on.
        write(record(client, mayReclaim || client.minorVersion() == 0));
        before.ifPresent(old -> forget(old, released));
        client.setMayReclaim(mayReclaim);
        client.lease().renew();
        clients.addConfirmed(client);
        LOG.info(
                "{} is confirmed for {}{}",
                client,
                client.principal().name(),
                mayReclaim ? "; it may reclaim what it held" : "");
    }

    /** Notes that a client has reclaimed all that it wants. Wants the registration lock. */
    void completeReclaim(ClientEntry client) throws NfsException {
        if (clients.confirmed(client.id()).isEmpty()) {
            throw new NfsException(NfsStatus.DEADSESSION);
        }
        if (client.isReclaimComplete()) {
            throw new NfsException(NfsStatus.COMPLETE_ALREADY);
        }
        if (client.hasLostDelegations()) {
            client.setDelegationRecord(DelegationRecord.NONE);
        }
        write(record(client, true));
        states.stateLock.lock();
        try {
            client.completeReclaim();
        } finally {
            states.stateLock.unlock();
        }
        grace.completed(client.name());
    }

    /**
     * Notes that a delegation of a client is about to be revoked: after a restart it must not reclaim it. Wants no lock.
     *
     * @return whether that is in stable storage, or the client is gone
     */
    @Override
    public boolean noteLostDelegation(ClientEntry client) {
        return note(client, DelegationRecord.LOST);
    }

    @Override
    public boolean noteGivenDelegation(ClientEntry client) {
        return client.delegationRecord() != DelegationRecord.NONE || note(client, DelegationRecord.GIVEN);
    }

    /** Notes something of a client's delegations: once lost is lost. */
    private boolean note(ClientEntry client, DelegationRecord what) {
        clients.registration.lock();
        try {
            DelegationRecord before = client.delegationRecord();
            if (clients.confirmed(client.id()).isPresent() && before != what && before != DelegationRecord.LOST) {
                client.setDelegationRecord(what);
                boolean noted = false;
                try {
                    write(record(client, client.isReclaimComplete() || client.mayReclaim()));
                    noted = true;
                } finally {
                    if (!noted) {
                        client.setDelegationRecord(before);
                    }
                }
            }
            return true;
        } catch (NfsException e) {
            return false;
        } finally {
            clients.registration.unlock();
        }
    }

    /**
     * Forgets a client that asked for it, or whose lease ended. Wants the registration lock.
     *
     * @throws NfsException DELAY if stable storage cannot be written: then it stays
     */
    void remove(ClientEntry client, ReleasedPins released) throws NfsException {
        try {
            stable.remove(client.name());
        } catch (IOException e) {
            LOG.error("the record of {} cannot be removed from stable storage: it keeps its locks", client, e);
            throw new NfsException(NfsStatus.DELAY, "stable storage");
        }
        grace.completed(client.name());
        forget(client, released);
    }

    @Override
    public boolean expire(LockClient holder) {
        Optional<ClientEntry> client =
                holder.adapter().equals(ClientEntry.ADAPTER) ? clients.confirmed(holder.id()) : Optional.empty();
        return client.isPresent() && client.get().lease().isLapsed() && expire(client.get(), Duration.ZERO);
    }

    /** Forgets a client that lapsed this long ago; whether it is gone. Wants no lock. */
    private boolean expire(ClientEntry client, Duration ago) {
        ReleasedPins released = new ReleasedPins();
        clients.registration.lock();
        try {
            if (clients.confirmed(client.id()).isEmpty()) {
                return true;
            }
            if (!client.lease().endIfLapsed(ago)) {
                return false;
            }
            LOG.warn("{} was silent for longer than its lease: its opens and locks are gone", client);
            remove(client, released);
            return true;
        } catch (NfsException e) {
            return false;
        } finally {
            clients.registration.unlock();
            released.giveBack(pins);
        }
    }

    /** What time alone does: ends grace, drops clients whose courtesy is over, and what was never confirmed or is idle. */
    void tick() {
        endGraceIfDue();
        clients.allConfirmed().forEach(client -> {
            if (!expire(client, settings.courtesy())) {
                states.reapOwners(client, settings.lease());
            }
        });
        clients.registration.lock();
        try {
            clients.allUnconfirmed().stream()
                    .filter(client -> client.lease().isLapsed())
                    .forEach(client -> clients.removeUnconfirmed(client.name()));
        } finally {
            clients.registration.unlock();
        }
    }

    /** All confirmed clients. Wants no lock. */
    List<ClientSummary> summaries() {
        List<ClientEntry> confirmed;
        clients.registration.lock();
        try {
            confirmed = clients.allConfirmed();
        } finally {
            clients.registration.unlock();
        }
        return confirmed.stream().map(states::summary).toList();
    }

    /** Ends grace if it should: first in stable storage, then here, then in the file system. Wants no lock. */
    void endGraceIfDue() {
        clients.registration.lock();
        try {
            if (!grace.isDue()) {
                return;
            }
            LOG.info("grace ends; {} clients did not come back to reclaim", grace.waitingFor());
            dropReclaimRights(stable.load());
            states.stateLock.lock();
            try {
                grace.end();
                states.leases().forgetChanges();
            } finally {
                states.stateLock.unlock();
            }
        } catch (IOException e) {
            LOG.error("grace cannot end, as stable storage cannot be written; trying again", e);
            return;
        } finally {
            clients.registration.unlock();
        }
        pins.endGrace();
    }

    /** No one may reclaim after this grace, and a crash, what others may get now. */
    void dropReclaimRights(List<ClientRecord> records) throws IOException {
        for (ClientRecord record : records) {
            Optional<ClientEntry> client = clients.confirmed(record.name());
            if (client.isEmpty()) {
                stable.remove(record.name());
            } else if (record.mayReclaim() && !client.get().isReclaimComplete()) {
                stable.put(record.withMayReclaim(false));
            }
        }
    }

    private void makeRoom(ClientEntry client, ReleasedPins released) throws NfsException {
        for (ClientEntry other : clients.allConfirmed()) {
            if (clients.confirmedCount() < settings.maxClients()) {
                return;
            }
            if (other.lease().endIfLapsed(Duration.ZERO)) {
                remove(other, released);
            }
        }
        if (clients.confirmedCount() >= settings.maxClients()) {
            LOG.warn("{} is refused: there are {} clients", client, clients.confirmedCount());
            throw new NfsException(client.minorVersion() == 0 ? NfsStatus.RESOURCE : NfsStatus.NOSPC);
        }
    }

    private void forget(ClientEntry client, ReleasedPins released) {
        client.lease().end();
        states.discard(client, released);
        List.copyOf(client.sessions()).forEach(session -> {
            session.destroyNow();
            sessions.remove(session);
        });
        clients.removeConfirmed(client);
    }

    private ClientRecord record(ClientEntry client, boolean mayReclaim) {
        return new ClientRecord(
                client.name(),
                client.verifier(),
                client.principal(),
                incarnation,
                mayReclaim,
                client.delegationRecord());
    }

    private void write(ClientRecord record) throws NfsException {
        try {
            stable.put(record);
        } catch (IOException e) {
            LOG.error("the record of {} cannot be written to stable storage; it has to try again", record.name(), e);
            throw new NfsException(NfsStatus.DELAY, "stable storage");
        }
    }
}
