package org.cairnfs.server.nfs.state;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The time after a restart in which clients get back what they held, and nobody gets anything else (RFC 8881 section 8.4.2).
 * There is none when nobody of before may reclaim. It is due to end when all that may have completed, or after a lease; where there
 * are others than NFSv4 clients, who never say that they have completed, after a lease. While reclaims still come in, it goes on, for
 * a second lease at most.
 *
 * <p>Threading: the registration lock guards everything but {@link #reclaiming}, {@link #awaitsDelegations} and {@link #isActive}, which turns to false under registration and
 * state lock: who holds one of them sees it not change.
 */
final class GracePeriod {
    /** Without a reclaim for so long, nobody is in the midst of it. */
    static final Duration QUIET = Duration.ofSeconds(2);

    private final Ticker ticker;
    private final long endNanos;
    private final long lastNanos;
    private final boolean others;
    private final Map<ClientName, ClientRecord> pending = new HashMap<>();
    private volatile boolean active;
    private volatile Set<ClientName> delegated = Set.of();
    private volatile long reclaimedNanos;

    /** @param others whether others than these clients may reclaim */
    GracePeriod(Collection<ClientRecord> records, boolean others, Duration length, Ticker ticker) {
        this.ticker = ticker;
        this.others = others;
        this.endNanos = ticker.read() + length.toNanos();
        this.lastNanos = endNanos + length.toNanos();
        this.reclaimedNanos = ticker.read();
        records.stream().filter(ClientRecord::mayReclaim).forEach(record -> pending.put(record.name(), record));
        this.active = others || !pending.isEmpty();
        noteDelegated();
    }

    boolean isActive() {
        return active;
    }

    /** Whether grace should end now. */
    boolean isDue() {
        return active && (pending.isEmpty() && !others || isOver(ticker.read()));
    }

    private boolean isOver(long now) {
        return now - endNanos >= 0 && (now - reclaimedNanos >= QUIET.toNanos() || now - lastNanos >= 0);
    }

    /** Something is reclaimed now; with or without a lock. */
    void reclaiming() {
        reclaimedNanos = ticker.read();
    }

    /**
     * A client is confirmed: whether it may reclaim. If it is another instance than the one of before, or of another
     * principal, that one's locks are gone.
     */
    boolean admit(ClientName name, long verifier, Principal principal) {
        ClientRecord before = pending.get(name);
        if (before == null) {
            return false;
        }
        boolean same = before.verifier() == verifier && before.principal().equals(principal);
        if (!same) {
            completed(name);
        }
        return same && active;
    }

    /** What is known of a client's delegations in the life before; only of one that {@link #admit} lets reclaim. */
    DelegationRecord delegationsOf(ClientName name) {
        ClientRecord before = pending.get(name);
        return before == null ? DelegationRecord.NONE : before.delegations();
    }

    /** Whether anybody may yet reclaim a delegation, but for one, to whom it makes no difference. With or without a lock. */
    boolean awaitsDelegations(Optional<ClientName> one) {
        Set<ClientName> some = delegated;
        return one.isPresent() && some.contains(one.get()) ? some.size() > 1 : !some.isEmpty();
    }

    private void noteDelegated() {
        delegated = pending.values().stream()
                .filter(record -> record.delegations() == DelegationRecord.GIVEN)
                .map(ClientRecord::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A client will reclaim nothing more. */
    void completed(ClientName name) {
        pending.remove(name);
        noteDelegated();
    }

    /** Ends it, under both locks. */
    void end() {
        pending.clear();
        noteDelegated();
        active = false;
    }

    /** How many clients may still reclaim. */
    int waitingFor() {
        return pending.size();
    }
}
