package org.cairnfs.core.lock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.cairnfs.core.fs.FileHandle;

/**
 * Who was promised that an inode does not change behind its back, and which inodes are changing right now. A lease is a promise
 * until its holder has released it: a change by anybody else waits for that, and has it broken.
 *
 * <p>Invariants: an inode that is changing gets no lease, and one with a lease of another client begins no change; so a
 * holder never sees an inode as it was before a change that it was not asked about. A client has one lease on an inode at most;
 * a lease is broken once.
 *
 * <p>A lease that is granted again after a restart was a promise all the time. So until {@link #forgetChanges} it is remembered which inodes
 * have changed since the start: {@link #hasChanged}.
 *
 * <p>Thread-safe: each inode belongs to a stripe, whose monitor guards it and is a leaf. Breakers are called with none held.
 */
public final class LeaseTable implements Leases {
    private static final int STRIPES = 256;

    /** So many inodes that have changed are remembered; of more, all are taken to have. */
    private static final int MAX_CHANGED = 100_000;

    private final Stripe[] stripes = new Stripe[STRIPES];
    private final Map<FileHandle, Long> changedBy = new ConcurrentHashMap<>();
    private volatile boolean remembers = true;
    private volatile boolean forgotSome;
    private volatile Awaited awaited = (file, client) -> false;

    private static final class Stripe {
        final Map<FileHandle, List<Lease>> leases = new HashMap<>();
        final Map<FileHandle, Integer> changing = new HashMap<>();
    }

    private static final class Lease {
        final long client;
        final Consumer<FileHandle> breaker;
        boolean breaking;

        Lease(long client, Consumer<FileHandle> breaker) {
            this.client = client;
            this.breaker = breaker;
        }

        boolean isInTheWayOf(long changer) {
            return changer == ANYBODY || changer != client;
        }
    }

    /** Says what {@link Leases#isAwaited} does. */
    @FunctionalInterface
    public interface Awaited {
        boolean test(FileHandle file, long client);
    }

    public LeaseTable() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /**
     * Gives a lease, unless the inode is changing or the client has one.
     *
     * @param client not {@link Leases#ANYBODY}
     * @param breaker called once, when the lease comes into the way of a change: sees to it that it is released; must not
     *     block, nor call the file system
     * @return whether it was given
     */
    public boolean grant(FileHandle inode, long client, Consumer<FileHandle> breaker) {
        Stripe stripe = stripe(inode);
        synchronized (stripe) {
            if (stripe.changing.containsKey(inode)) {
                return false;
            }
            List<Lease> held = stripe.leases.computeIfAbsent(inode, file -> new ArrayList<>(1));
            if (held.stream().anyMatch(lease -> lease.client == client)) {
                return false;
            }
            held.add(new Lease(client, breaker));
            return true;
        }
    }

    /** Takes a lease back from its holder, broken or not; none is fine. */
    public void release(FileHandle inode, long client) {
        Stripe stripe = stripe(inode);
        synchronized (stripe) {
            List<Lease> held = stripe.leases.get(inode);
            if (held != null) {
                held.removeIf(lease -> lease.client == client);
                if (held.isEmpty()) {
                    stripe.leases.remove(inode);
                }
            }
        }
    }

    /**
     * Whether anybody but a client has changed an inode since the start, or might have. To be asked by who has the lease already: later
     * changes break it. Never after {@link #forgetChanges}.
     */
    public boolean hasChanged(FileHandle inode, long client) {
        Long by = changedBy.get(inode);
        return by != null ? by != client : forgotSome;
    }

    /** Tells which leases of before the restart may be granted again, until {@link #forgetChanges}. Wants no lock of the one who asks. */
    public void await(Awaited some) {
        awaited = some;
    }

    @Override
    public boolean isAwaited(FileHandle file, long client) {
        return awaited.test(file, client);
    }

    /** From now on nobody asks what has changed: all leases of before the restart were granted again, or are lost. */
    public void forgetChanges() {
        awaited = (file, client) -> false;
        remembers = false;
        forgotSome = false;
        changedBy.clear();
    }

    private void remember(FileHandle inode, long client) {
        if (changedBy.size() < MAX_CHANGED || changedBy.containsKey(inode)) {
            changedBy.merge(inode, client, (one, other) -> one.equals(other) ? one : (Long) ANYBODY);
        } else {
            forgotSome = true;
        }
    }

    @Override
    public Outcome breakLeases(FileHandle inode, long client) {
        Stripe stripe = stripe(inode);
        List<Lease> toBreak = new ArrayList<>(0);
        synchronized (stripe) {
            boolean isClear = true;
            for (Lease lease : stripe.leases.getOrDefault(inode, List.of())) {
                if (lease.isInTheWayOf(client)) {
                    isClear = false;
                    if (!lease.breaking) {
                        lease.breaking = true;
                        toBreak.add(lease);
                    }
                }
            }
            if (isClear) {
                stripe.changing.merge(inode, 1, Integer::sum);
                if (remembers) {
                    remember(inode, client);
                }
                return Outcome.CLEAR;
            }
        }
        toBreak.forEach(lease -> lease.breaker.accept(inode));
        return Outcome.DELAY;
    }

    @Override
    public void changed(FileHandle inode) {
        Stripe stripe = stripe(inode);
        synchronized (stripe) {
            stripe.changing.computeIfPresent(inode, (file, count) -> count == 1 ? null : count - 1);
        }
    }

    private Stripe stripe(FileHandle inode) {
        int hash = inode.hashCode();
        return stripes[Math.floorMod(hash ^ hash >>> Short.SIZE, STRIPES)];
    }
}
