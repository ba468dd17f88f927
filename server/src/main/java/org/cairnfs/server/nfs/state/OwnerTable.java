package org.cairnfs.server.nfs.state;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * The open and lock owners of all clients: made when they are first named, gone when they have nothing and nobody needs
 * their sequence any more, at once in 4.1, after a lease or for want of room in 4.0.
 *
 * <p>Invariant: {@code count} is the number of owners that are not retired, and within its limit.
 *
 * <p>Threading: every method wants the state lock held ({@link StateTable#stateLock}).
 */
final class OwnerTable {
    private final StateSettings settings;
    private final Ticker ticker;
    private final Consumer<StateOwner> beforeRetire;
    private final Predicate<StateOwner> isRemembered;
    private int count;

    /**
     * @param beforeRetire takes from an owner what is kept after a CLOSE
     * @param isRemembered whether something is, so that the owner is not dropped for being idle
     */
    OwnerTable(
            StateSettings settings,
            Ticker ticker,
            Consumer<StateOwner> beforeRetire,
            Predicate<StateOwner> isRemembered) {
        this.settings = settings;
        this.ticker = ticker;
        this.beforeRetire = beforeRetire;
        this.isRemembered = isRemembered;
    }

    /** Refuses a client that was discarded meanwhile. */
    static void checkNotGone(ClientEntry client) throws NfsException {
        if (client.states().isGone()) {
            throw new NfsException(client.minorVersion() == 0 ? NfsStatus.EXPIRED : NfsStatus.DEADSESSION);
        }
    }

    /** The open owner of a name; a new one if there is none. */
    OpenOwner openOwner(ClientEntry client, Bytes name) throws NfsException {
        checkNotGone(client);
        OpenOwner owner = client.states().openOwners().get(name);
        if (owner == null) {
            makeRoom(client, client.states().openOwners().values());
            owner = new OpenOwner(client, name, ticker.read());
            client.states().openOwners().put(name, owner);
            count++;
        }
        owner.touch(ticker.read());
        return owner;
    }

    /** The lock owner of a name; a new one if there is none. */
    LockingOwner lockOwner(ClientEntry client, Bytes name) throws NfsException {
        checkNotGone(client);
        LockingOwner owner = client.states().lockOwners().get(name);
        if (owner == null) {
            makeRoom(client, client.states().lockOwners().values());
            owner = new LockingOwner(client, name, ticker.read());
            client.states().lockOwners().put(name, owner);
            count++;
        }
        owner.touch(ticker.read());
        return owner;
    }

    /** Sees to it that one more owner is within the limit; the oldest that has nothing goes. */
    private void makeRoom(ClientEntry client, Collection<? extends StateOwner> known) throws NfsException {
        if (known.size() < settings.maxOwnersPerClient() && count < settings.maxStates()) {
            return;
        }
        Optional<? extends StateOwner> idle =
                known.stream().filter(OwnerTable::isIdle).findFirst();
        if (idle.isEmpty()) {
            throw StateTable.limit(client, "too many owners");
        }
        retire(idle.get());
    }

    /** Drops an owner that is not used; a 4.1 one as soon as it is not. */
    void retireIfIdle(StateOwner owner) {
        if (owner.client().minorVersion() > 0 && isIdle(owner)) {
            retire(owner);
        }
    }

    /** Drops an owner that is not used. */
    void retire(StateOwner owner) {
        if (owner.isRetired()) {
            return;
        }
        owner.retire();
        count--;
        beforeRetire.accept(owner);
        ClientStates states = owner.client().states();
        if (owner instanceof OpenOwner) {
            states.openOwners().remove(owner.name());
        } else {
            states.lockOwners().remove(owner.name());
        }
    }

    /** Drops the owners of a client that have had nothing for this long. */
    void reap(ClientEntry client, Duration idle) {
        long since = ticker.read() - idle.toNanos();
        List<StateOwner> known = new ArrayList<>(client.states().openOwners().values());
        known.addAll(client.states().lockOwners().values());
        known.stream()
                .filter(owner -> isIdle(owner) && owner.idleSince() - since < 0 && !isRemembered.test(owner))
                .forEach(this::retire);
    }

    private static boolean isIdle(StateOwner owner) {
        return !owner.isUsed() && !owner.sequence().isTaken();
    }
}
