package org.cairnfs.server.nfs.state;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.nfs.state.DelegationState.Recall;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets delegations back that stand in somebody's way: calls the client, again and again while it cannot be reached, and revokes
 * what it has not returned a lease after the recall began. A client that was silent for longer than its lease is not waited
 * for: one of 4.1 keeps what else it has, which nobody wanted; one of 4.0 loses everything, so that it hears of it.
 *
 * <p>Threading: the state lock guards the recalls that are under way; nothing is sent while it is held. Recalls begin on the background
 * executor, and go on there or on the thread that brings an answer.
 */
final class Recaller {
    private static final Logger LOG = LoggerFactory.getLogger(Recaller.class);

    /** How often a client is believed to have been asked before it knew of its delegation. */
    private static final int DISOWNED_AT_MOST = 2;

    /** Where it is noted who lost a delegation, before anybody profits from that, and who has some, before that one does. */
    interface StableDelegations extends LapsedClients {
        /** False if it cannot be noted: then it is to be tried again later. Wants no lock. */
        boolean noteLostDelegation(ClientEntry client);

        /** That the client has, or has had, some to reclaim after a restart; false if it cannot be noted. Wants no lock. */
        boolean noteGivenDelegation(ClientEntry client);
    }

    private final StateTable table;
    private final StableDelegations stable;
    private final Callbacks callbacks;
    private final StateSettings settings;
    private final Ticker ticker;
    private final Executor background;
    private final Set<DelegationState> recalling = new LinkedHashSet<>();
    private final AtomicLong recalled = new AtomicLong();
    private final AtomicLong revoked = new AtomicLong();

    Recaller(
            StateTable table,
            StableDelegations stable,
            Callbacks callbacks,
            StateSettings settings,
            Ticker ticker,
            Executor background) {
        this.table = table;
        this.stable = stable;
        this.callbacks = callbacks;
        this.settings = settings;
        this.ticker = ticker;
        this.background = background;
    }

    /** Recalls a delegation, if the client has it, without keeping the caller waiting. */
    void breakSoon(ClientEntry client, FileHandle inode) {
        background.execute(() -> broken(client, inode));
    }

    /** The same, at once. Wants no lock. */
    void broken(ClientEntry client, FileHandle inode) {
        DelegationState held;
        table.stateLock.lock();
        try {
            held = client.states().delegations().get(inode);
            if (held == null || held.recall() != Recall.NONE) {
                return;
            }
            held.beginRecall(ticker.read());
            recalling.add(held);
            client.states().toRecall().add(held);
            recalled.incrementAndGet();
        } finally {
            table.stateLock.unlock();
        }
        if (client.lease().isLapsed()) {
            revoke(held);
        } else {
            send(client);
        }
    }

    /** Finds out whether a 4.0 client can be called. Wants no lock. */
    void probe(ClientEntry client) {
        CallbackPath path = client.callbackPath();
        if (settings.delegations().perClient() == 0) {
            return;
        }
        if (!path.service().isCallers()) {
            client.foundCallbackPath(path, false);
            return;
        }
        var unused = callbacks.probe(path.service()).whenComplete((nothing, failure) -> {
            if (failure != null) {
                LOG.info(
                        "{} cannot be called back at {}, so it gets no delegations: {}",
                        client,
                        path.service().address(),
                        failure.toString());
            }
            client.foundCallbackPath(path, failure == null);
        });
    }

    /** What time alone does: recalls again what could not be sent, and revokes what was not returned in time. */
    void tick() {
        List<DelegationState> late = new ArrayList<>();
        Set<ClientEntry> waiting = new LinkedHashSet<>();
        table.stateLock.lock();
        try {
            recalling.removeIf(held -> held.isClosed() || held.isRevoked());
            long now = ticker.read();
            for (DelegationState held : recalling) {
                boolean isLate = now - held.recalledAt() >= settings.lease().toNanos();
                if (isLate || held.client().lease().isLapsed()) {
                    late.add(held);
                } else if (held.recall() == Recall.QUEUED) {
                    waiting.add(held.client());
                    if (!held.client().states().toRecall().contains(held)) {
                        held.client().states().toRecall().add(held);
                    }
                }
            }
        } finally {
            table.stateLock.unlock();
        }
        late.forEach(this::revoke);
        waiting.forEach(this::send);
    }

    private void revoke(DelegationState held) {
        ClientEntry client = held.client();
        if (client.minorVersion() == 0 && stable.expire(client.holder())) {
            // Nothing else would tell a 4.0 client that came back that its cache is not true any more.
            return;
        }
        if (!stable.noteLostDelegation(client)) {
            return;
        }
        table.stateLock.lock();
        try {
            if (held.isClosed() || held.isRevoked()) {
                return;
            }
            table.revokeDelegation(held);
            recalling.remove(held);
            revoked.incrementAndGet();
        } finally {
            table.stateLock.unlock();
        }
        LOG.warn(
                "{} has not returned its delegation of inode {}: it is revoked",
                client,
                held.inode().inode());
    }

    /** Sends the recalls of a client that are queued, as many as can be. */
    private void send(ClientEntry client) {
        if (client.minorVersion() == 0) {
            send40(client);
        } else {
            send41(client);
        }
    }

    private void send40(ClientEntry client) {
        CallbackPath path = client.callbackPath();
        AtomicInteger room = client.callbackRoom();
        while (room.getAndDecrement() > 0) {
            Optional<DelegationState> next = next(client);
            if (next.isEmpty()) {
                break;
            }
            var unused = callbacks.recall(path.service(), recallOf(next.get())).whenComplete((status, failure) -> {
                client.foundCallbackPath(path, failure == null);
                room.incrementAndGet();
                settle(next.get(), status, failure);
            });
        }
        room.incrementAndGet();
    }

    private void send41(ClientEntry client) {
        for (Session session : client.sessions()) {
            BackChannel channel = session.back();
            Optional<Callbacks.BackCall> call = channel.begin();
            while (call.isPresent()) {
                Optional<DelegationState> next = next(client);
                if (next.isEmpty()) {
                    channel.cancel(call.get());
                    return;
                }
                send(channel, call.get(), next.get());
                call = channel.begin();
            }
        }
    }

    private void send(BackChannel channel, Callbacks.BackCall call, DelegationState held) {
        var unused = callbacks.recall(call, recallOf(held)).whenComplete((answer, failure) -> {
            if (failure != null) {
                channel.lost(call);
                settle(held, null, failure);
            } else if (answer.sequence() == NfsStatus.OK) {
                channel.taken(call);
                settle(held, answer.operation(), null);
            } else {
                channel.notTaken(
                        call, answer.sequence() == NfsStatus.SEQ_MISORDERED, answer.sequence() == NfsStatus.DELAY);
                settle(held, answer.sequence(), null);
            }
        });
    }

    private Optional<DelegationState> next(ClientEntry client) {
        table.stateLock.lock();
        try {
            Optional<DelegationState> next =
                    Optional.ofNullable(client.states().toRecall().poll());
            next.ifPresent(held -> held.setRecall(Recall.SENT));
            return next;
        } finally {
            table.stateLock.unlock();
        }
    }

    private static Callbacks.Recall recallOf(DelegationState held) {
        return new Callbacks.Recall(held.stateid(), held.handle());
    }

    /** Notes what came of a recall; one that did not reach the client is tried again with the next {@link #tick}. */
    private void settle(DelegationState held, NfsStatus status, Throwable failure) {
        boolean disowned = false;
        table.stateLock.lock();
        try {
            held.setRecall(status == NfsStatus.OK ? Recall.TAKEN : Recall.QUEUED);
            if (status == NfsStatus.BAD_STATEID || status == NfsStatus.BADHANDLE) {
                // The recall may have overtaken the answer of OPEN.
                disowned = held.disown() >= DISOWNED_AT_MOST;
            }
        } finally {
            table.stateLock.unlock();
        }
        if (status != NfsStatus.OK) {
            LOG.info(
                    "{} was not told to return its delegation of inode {} ({}); trying again",
                    held.client(),
                    held.inode().inode(),
                    failure == null ? status : failure.toString());
        }
        if (disowned) {
            revoke(held);
        }
        background.execute(() -> send(held.client()));
    }

    /** Delegations that were recalled since the start. */
    long recalled() {
        return recalled.get();
    }

    /** Delegations that were revoked since the start. */
    long revoked() {
        return revoked.get();
    }
}
