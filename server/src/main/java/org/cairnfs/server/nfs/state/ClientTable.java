package org.cairnfs.server.nfs.state;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The client records, by id and by name. A name has at most one confirmed and one unconfirmed record; a client id too (in
 * 4.0, an update of the callback waits under the id that it is for).
 *
 * <p>Client ids are the low 32 bits of the incarnation, then a count from 1.
 *
 * <p>Threading: {@link #registration} guards all; only look-ups of confirmed records by id are free.
 */
final class ClientTable {
    final ReentrantLock registration = new ReentrantLock();

    private final int boot;
    private final int maxUnconfirmed;
    private final AtomicInteger given = new AtomicInteger();
    private final Map<Long, ClientEntry> confirmedById = new ConcurrentHashMap<>();
    private final Map<ClientName, ClientEntry> confirmedByName = new HashMap<>();
    private final Map<Long, ClientEntry> unconfirmedById = new LinkedHashMap<>();
    private final Map<ClientName, ClientEntry> unconfirmedByName = new HashMap<>();

    ClientTable(long incarnation, int maxUnconfirmed) {
        this.boot = (int) incarnation;
        this.maxUnconfirmed = maxUnconfirmed;
    }

    /** A client id that was never given before. */
    long newId() {
        return ((long) boot << Integer.SIZE) | Integer.toUnsignedLong(given.incrementAndGet());
    }

    boolean isOfThisBoot(long id) {
        return (int) (id >>> Integer.SIZE) == boot;
    }

    /** Whether an id of this boot was given to anyone. */
    boolean wasGiven(long id) {
        return (int) id != 0 && Integer.compareUnsigned((int) id, given.get()) <= 0;
    }

    /** Free of the lock. */
    Optional<ClientEntry> confirmed(long id) {
        return Optional.ofNullable(confirmedById.get(id));
    }

    Optional<ClientEntry> confirmed(ClientName name) {
        return Optional.ofNullable(confirmedByName.get(name));
    }

    Optional<ClientEntry> unconfirmed(long id) {
        return Optional.ofNullable(unconfirmedById.get(id));
    }

    Optional<ClientEntry> unconfirmed(ClientName name) {
        return Optional.ofNullable(unconfirmedByName.get(name));
    }

    /** All confirmed records, as they are now. */
    List<ClientEntry> allConfirmed() {
        return List.copyOf(confirmedById.values());
    }

    /** All unconfirmed records, the oldest first. */
    List<ClientEntry> allUnconfirmed() {
        return List.copyOf(unconfirmedById.values());
    }

    int confirmedCount() {
        return confirmedById.size();
    }

    /** Adds an unconfirmed record in place of that of its name; the oldest goes when there are too many. */
    void addUnconfirmed(ClientEntry client) {
        removeUnconfirmed(client.name());
        if (unconfirmedById.size() >= maxUnconfirmed) {
            Iterator<ClientEntry> oldest = unconfirmedById.values().iterator();
            unconfirmedByName.remove(oldest.next().name());
            oldest.remove();
        }
        unconfirmedById.put(client.id(), client);
        unconfirmedByName.put(client.name(), client);
    }

    void removeUnconfirmed(ClientName name) {
        ClientEntry old = unconfirmedByName.remove(name);
        if (old != null) {
            unconfirmedById.remove(old.id());
        }
    }

    /** Makes an unconfirmed record the confirmed one of its name. The one before must be removed. */
    void addConfirmed(ClientEntry client) {
        removeUnconfirmed(client.name());
        confirmedById.put(client.id(), client);
        confirmedByName.put(client.name(), client);
    }

    void removeConfirmed(ClientEntry client) {
        confirmedById.remove(client.id());
        confirmedByName.remove(client.name());
    }
}
