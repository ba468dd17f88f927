package org.cairnfs.server.nfs.v3.nlm;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.lock.LockConflict;
import org.cairnfs.core.lock.LockLimitException;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.LockOwner;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.core.lock.RangeLocks.Registration;
import org.cairnfs.core.lock.ShareTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What hosts hold and wait for: decides about locks and shares, and sees to it that who waits is told.
 *
 * <p>Invariants: a host that holds or waits for anything is in {@code hosts}; hosts, and what each of them waits for, stay within
 * their limits.
 *
 * <p>Thread-safe: {@code nlmLock} guards hosts and blocked locks.
 */
final class NlmLocks {
    private static final Logger log = LoggerFactory.getLogger(NlmLocks.class);

    /** How often a host is told of its lock before it is given up, and how long after another. */
    private static final int MAX_ATTEMPTS = 6;

    private static final long ATTEMPT_SECONDS = 10;

    private final Object nlmLock = new Object();
    private final Map<NlmHost.Key, NlmHost> hosts = new HashMap<>();
    private final Map<BlockedLock.Key, BlockedLock> blocked = new HashMap<>();
    private final NlmServices services;
    private final Granter granter;
    private final ScheduledExecutorService timer;
    private long lastHost;

    /** @param timer tells hosts again that did not hear */
    NlmLocks(NlmServices services, Granter granter, ScheduledExecutorService timer) {
        this.services = services;
        this.granter = granter;
        this.timer = timer;
    }

    /** The host of this name and address, known from now on; empty if there are too many that hold something. */
    Optional<NlmHost> host(NlmHost.Key key, InetAddress local) {
        synchronized (nlmLock) {
            NlmHost known = hosts.get(key);
            if (known != null) {
                return Optional.of(known);
            }
            if (hosts.size() >= services.maxHosts()) {
                hosts.values().removeIf(this::isIdle);
            }
            if (hosts.size() >= services.maxHosts()) {
                log.warn("{} is refused: {} hosts hold locks already", key, hosts.size());
                return Optional.empty();
            }
            NlmHost host = new NlmHost(key, local, ++lastHost);
            hosts.put(key, host);
            return Optional.of(host);
        }
    }

    /** A host and what it has, for people. */
    record Held(NlmHost.Key host, int shares, int locks) {}

    /** All hosts that hold something or wait for it. */
    List<Held> held() {
        synchronized (nlmLock) {
            return hosts.values().stream()
                    .filter(host -> !isIdle(host))
                    .map(host -> new Held(
                            host.key(), host.shares().size(), services.locks().count(host.client())))
                    .toList();
        }
    }

    /** Who would be in the way of a lock. */
    Optional<LockConflict> test(NlmHost host, FileHandle inode, LockCall call, LockRange range) {
        LockOwner owner = owner(host, call.lock());
        while (true) {
            Optional<LockConflict> conflict = services.locks().test(inode, owner, range, call.mode());
            if (conflict.isEmpty()
                    || !services.expire().test(conflict.get().owner().client())) {
                return conflict;
            }
        }
    }

    /** Locks, or lets the host wait if it wants to: GRANTED, DENIED, BLOCKED, DENIED_NOLOCKS. */
    NlmStatus lock(NlmHost host, FileHandle inode, LockCall call, LockRange range) {
        BlockedLock.Key key = new BlockedLock.Key(inode, owner(host, call.lock()), range, call.mode());
        try {
            while (true) {
                Optional<LockConflict> conflict;
                synchronized (nlmLock) {
                    host.locksUnder(call.state());
                    conflict = services.locks().tryLock(inode, key.owner(), range, call.mode());
                    if (conflict.isEmpty()) {
                        forget(key);
                        return NlmStatus.GRANTED;
                    }
                }
                if (!services.expire().test(conflict.get().owner().client())) {
                    return call.block() ? block(new BlockedLock(key, host, call.lock())) : NlmStatus.DENIED;
                }
            }
        } catch (LockLimitException e) {
            log.warn("{} is refused a lock: {}", host, e.getMessage());
            return NlmStatus.DENIED_NOLOCKS;
        }
    }

    /** Stops waiting for a lock; one that has been granted meanwhile is freed. GRANTED if there was one, else DENIED. */
    NlmStatus cancel(NlmHost host, FileHandle inode, LockCall call, LockRange range) {
        synchronized (nlmLock) {
            BlockedLock waiting = forget(new BlockedLock.Key(inode, owner(host, call.lock()), range, call.mode()));
            if (waiting == null) {
                return NlmStatus.DENIED;
            }
            if (waiting.isGranted()) {
                unlock(waiting.key());
            }
            return NlmStatus.GRANTED;
        }
    }

    /** GRANTED, also where nothing was locked; DENIED_NOLOCKS. */
    NlmStatus unlock(NlmHost host, FileHandle inode, LockCall call, LockRange range) {
        try {
            services.locks().unlock(inode, owner(host, call.lock()), range);
            return NlmStatus.GRANTED;
        } catch (LockLimitException e) {
            log.warn("{} cannot split a lock: {}", host, e.getMessage());
            return NlmStatus.DENIED_NOLOCKS;
        }
    }

    /** GRANTED, DENIED, DENIED_NOLOCKS; DENIED_GRACE_PERIOD, so that the host asks again, while a delegation is called back. */
    NlmStatus share(NlmHost host, FileHandle inode, ShareCall call) {
        boolean disturbs = (call.access() & ShareTable.WRITE) != 0 || (call.deny() & ShareTable.READ) != 0;
        if (!disturbs) {
            return reserve(host, inode, call);
        }
        if (services.leases().breakLeases(inode, Leases.ANYBODY) == Leases.Outcome.DELAY) {
            return NlmStatus.DENIED_GRACE_PERIOD;
        }
        try {
            return reserve(host, inode, call);
        } finally {
            services.leases().changed(inode);
        }
    }

    private NlmStatus reserve(NlmHost host, FileHandle inode, ShareCall call) {
        LockOwner owner = new LockOwner(host.client(), call.owner());
        try {
            while (true) {
                Optional<LockOwner> conflict;
                synchronized (nlmLock) {
                    conflict = services.shares().open(inode, owner, call.access(), call.deny());
                    if (conflict.isEmpty()) {
                        host.shares().add(new NlmHost.Share(inode, owner));
                        return NlmStatus.GRANTED;
                    }
                }
                if (!services.expire().test(conflict.get().client())) {
                    return NlmStatus.DENIED;
                }
            }
        } catch (LockLimitException e) {
            log.warn("{} is refused a share: {}", host, e.getMessage());
            return NlmStatus.DENIED_NOLOCKS;
        }
    }

    void unshare(NlmHost host, FileHandle inode, ShareCall call) {
        LockOwner owner = new LockOwner(host.client(), call.owner());
        synchronized (nlmLock) {
            services.shares().close(inode, owner);
            host.shares().remove(new NlmHost.Share(inode, owner));
        }
    }

    /**
     * A host has rebooted, as its status monitor says: what it held is gone.
     *
     * @param state of the monitor after the reboot
     * @return the host; empty if it is not known, or this is no news
     */
    Optional<NlmHost> rebooted(NlmHost.Key key, int state) {
        synchronized (nlmLock) {
            NlmHost host = hosts.get(key);
            if (host == null || !host.isReboot(state)) {
                return Optional.empty();
            }
            log.info("{} has rebooted: its locks are gone", host);
            release(host);
            return Optional.of(host);
        }
    }

    /** Frees all that a host has, and forgets what it waits for. */
    void freeAll(NlmHost.Key key) {
        synchronized (nlmLock) {
            NlmHost host = hosts.get(key);
            if (host != null) {
                release(host);
            }
        }
    }

    /** Whether a host holds or waits for something. */
    boolean isActive(NlmHost.Key key) {
        synchronized (nlmLock) {
            NlmHost host = hosts.get(key);
            return host != null && !isIdle(host);
        }
    }

    private void release(NlmHost host) {
        List<BlockedLock.Key> waiting = blocked.values().stream()
                .filter(one -> one.host() == host)
                .map(BlockedLock::key)
                .toList();
        waiting.forEach(this::forget);
        services.locks().releaseClient(host.client());
        host.shares().forEach(share -> services.shares().close(share.inode(), share.owner()));
        host.shares().clear();
    }

    private boolean isIdle(NlmHost host) {
        return host.shares().isEmpty() && services.locks().count(host.client()) == 0 && host.waiting() == 0;
    }

    // ---- who waits

    /** Lets a host wait; a client that asks again while it waits, waits once. */
    private NlmStatus block(BlockedLock wanted) throws LockLimitException {
        synchronized (nlmLock) {
            if (blocked.containsKey(wanted.key())) {
                return NlmStatus.BLOCKED;
            }
            if (wanted.host().waiting() >= services.maxWaiting()) {
                throw new LockLimitException("it waits for " + wanted.host().waiting() + " already");
            }
            blocked.put(wanted.key(), wanted);
            wanted.host().countWaiting(1);
            try {
                if (tryOrWait(wanted)) {
                    // It was freed just now: the answer says so, and nobody needs to be told.
                    forget(wanted.key());
                    return NlmStatus.GRANTED;
                }
                return NlmStatus.BLOCKED;
            } catch (LockLimitException e) {
                forget(wanted.key());
                throw e;
            }
        }
    }

    /** Registers first, then tries: so no release is missed. Whether the lock was granted. */
    private boolean tryOrWait(BlockedLock wanted) throws LockLimitException {
        BlockedLock.Key key = wanted.key();
        Registration registration = services.locks().onRelease(key.inode(), key.range(), () -> retry(wanted));
        wanted.waitsBy(registration);
        if (services.locks()
                .tryLock(key.inode(), key.owner(), key.range(), key.mode())
                .isPresent()) {
            return false;
        }
        wanted.grant();
        return true;
    }

    /** Something was freed. */
    private void retry(BlockedLock wanted) {
        synchronized (nlmLock) {
            if (blocked.get(wanted.key()) != wanted || wanted.isGranted()) {
                return;
            }
            try {
                if (!tryOrWait(wanted)) {
                    return;
                }
            } catch (LockLimitException e) {
                log.warn("{} waits no more for a lock: {}; it will ask again", wanted.host(), e.getMessage());
                forget(wanted.key());
                return;
            }
        }
        tell(wanted);
    }

    private void tell(BlockedLock granted) {
        CompletableFuture<Boolean> telling =
                granter.grant(granted.host(), granted.lock(), granted.key().mode());
        CompletableFuture<Boolean> unused = telling.whenComplete((taken, failure) -> {
            synchronized (nlmLock) {
                if (blocked.get(granted.key()) != granted) {
                    return; // It has asked again meanwhile, and heard so; or it has cancelled.
                }
                if (failure == null && taken) {
                    forget(granted.key());
                    return;
                }
                if (failure == null || granted.countAttempt() >= MAX_ATTEMPTS) {
                    log.info(
                            "{} does not take the lock that it has waited for{}",
                            granted.host(),
                            failure == null ? "" : ": it cannot be told: " + failure);
                    forget(granted.key());
                    unlock(granted.key());
                    return;
                }
            }
            log.debug("{} cannot be told of its lock; once more soon: {}", granted.host(), failure.toString());
            ScheduledFuture<?> unusedTimer = timer.schedule(() -> tell(granted), ATTEMPT_SECONDS, TimeUnit.SECONDS);
        });
    }

    private BlockedLock forget(BlockedLock.Key key) {
        BlockedLock waiting = blocked.remove(key);
        if (waiting != null) {
            waiting.stopWaiting();
            waiting.host().countWaiting(-1);
        }
        return waiting;
    }

    private void unlock(BlockedLock.Key key) {
        try {
            services.locks().unlock(key.inode(), key.owner(), key.range());
        } catch (LockLimitException e) {
            log.warn("a lock that nobody takes cannot be split off: {}", e.getMessage());
        }
    }

    private static LockOwner owner(NlmHost host, NlmLock lock) {
        return new LockOwner(host.client(), lock.owner());
    }

    /** What modes mean in questions: whether the holder excludes everybody. */
    static boolean isExclusive(LockConflict conflict) {
        return conflict.mode() == LockMode.WRITE;
    }
}
