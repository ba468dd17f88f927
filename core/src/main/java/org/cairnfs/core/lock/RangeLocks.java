package org.cairnfs.core.lock;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.cairnfs.core.fs.FileHandle;

/**
 * The byte-range locks of all files and all adapters, by the rules of fcntl(2): advisory, of an owner, split and joined
 * byte by byte, upgraded and downgraded in place.
 *
 * <p>Nothing blocks: who wants to wait registers with {@link #onRelease} and tries again when told.
 *
 * <p>Invariants: no two owners hold conflicting modes on a byte, unless their clients are apart ({@link LockClient#isApartFrom}); an owner without ranges in a file, and a file without
 * owners, have no entry; ranges per client and in all stay within their limits.
 *
 * <p>Thread-safe: {@code tableLock} guards everything, and is a leaf. Waiters are told by an executor, so that whoever frees
 * a lock may hold locks of its own.
 */
public final class RangeLocks {
    private final Object tableLock = new Object();
    private final Map<FileHandle, Map<LockOwner, OwnerRanges>> files = new HashMap<>();
    private final Map<FileHandle, List<Waiter>> waiters = new HashMap<>();
    private final Multiset<LockClient> rangesOfClient = HashMultiset.create();
    private final int maxPerClient;
    private final int maxTotal;
    private final Executor teller;
    private int waiting;

    /**
     * No locks yet.
     *
     * @param maxPerClient ranges that one client may hold
     * @param maxTotal ranges in all; also the limit of waiters
     * @param teller runs what waiters want run; must not run it in the thread that calls
     */
    public RangeLocks(int maxPerClient, int maxTotal, Executor teller) {
        this.maxPerClient = maxPerClient;
        this.maxTotal = maxTotal;
        this.teller = teller;
    }

    /**
     * Locks a range, or changes the mode of what the owner has in it; all or nothing.
     *
     * @return the lock in the way; empty if it was granted
     * @throws LockLimitException if that could make more ranges than a limit allows
     */
    public Optional<LockConflict> tryLock(FileHandle inode, LockOwner owner, LockRange range, LockMode mode)
            throws LockLimitException {
        synchronized (tableLock) {
            Optional<LockConflict> conflict = conflict(inode, owner, range, mode);
            if (conflict.isPresent()) {
                return conflict;
            }
            OwnerRanges held = ranges(inode, owner);
            OwnerRanges ranges = held == null ? new OwnerRanges() : held;
            admit(owner.client(), ranges.growthOfLock(range, mode));
            boolean downgrade = mode == LockMode.READ && ranges.hasWrite(range);
            int before = ranges.size();
            ranges.lock(range, mode);
            rangesOfClient.setCount(owner.client(), rangesOfClient.count(owner.client()) + ranges.size() - before);
            files.computeIfAbsent(inode, file -> new HashMap<>()).put(owner, ranges);
            if (downgrade) {
                tellWaiters(inode, range);
            }
        }
        return Optional.empty();
    }

    /** The lock of another owner that {@link #tryLock} would run into. */
    public Optional<LockConflict> test(FileHandle inode, LockOwner owner, LockRange range, LockMode mode) {
        synchronized (tableLock) {
            return conflict(inode, owner, range, mode);
        }
    }

    /**
     * Frees what the owner has in a range; nothing there is fine.
     *
     * @throws LockLimitException if that would split a range and so make more than a limit allows
     */
    public void unlock(FileHandle inode, LockOwner owner, LockRange range) throws LockLimitException {
        synchronized (tableLock) {
            OwnerRanges ranges = ranges(inode, owner);
            if (ranges == null) {
                return;
            }
            admit(owner.client(), ranges.growthOfUnlock(range));
            int before = ranges.size();
            ranges.unlock(range);
            rangesOfClient.setCount(owner.client(), rangesOfClient.count(owner.client()) + ranges.size() - before);
            if (ranges.size() == 0) {
                removeOwner(inode, owner);
            }
            tellWaiters(inode, range);
        }
    }

    /** Frees all that the owner has in a file: what close(2) does. */
    public void unlockAll(FileHandle inode, LockOwner owner) {
        synchronized (tableLock) {
            OwnerRanges ranges = ranges(inode, owner);
            if (ranges == null) {
                return;
            }
            rangesOfClient.remove(owner.client(), ranges.size());
            removeOwner(inode, owner);
            tellWaiters(inode, new LockRange(0, LockRange.TO_END));
        }
    }

    /** Frees all that a client has in all files; looks at every file that has locks. */
    public void releaseClient(LockClient client) {
        synchronized (tableLock) {
            if (rangesOfClient.setCount(client, 0) == 0) {
                return;
            }
            Iterator<Map.Entry<FileHandle, Map<LockOwner, OwnerRanges>>> all =
                    files.entrySet().iterator();
            while (all.hasNext()) {
                Map.Entry<FileHandle, Map<LockOwner, OwnerRanges>> file = all.next();
                if (file.getValue().keySet().removeIf(owner -> owner.client().equals(client))) {
                    tellWaiters(file.getKey(), new LockRange(0, LockRange.TO_END));
                }
                if (file.getValue().isEmpty()) {
                    all.remove();
                }
            }
        }
    }

    /** Whether the owner holds any lock in a file. */
    public boolean holds(FileHandle inode, LockOwner owner) {
        synchronized (tableLock) {
            return ranges(inode, owner) != null;
        }
    }

    /** Ranges held by all clients. */
    public int total() {
        synchronized (tableLock) {
            return rangesOfClient.size();
        }
    }

    /** Ranges held by a client. */
    public int count(LockClient client) {
        synchronized (tableLock) {
            return rangesOfClient.count(client);
        }
    }

    /**
     * Has {@code action} run once, when something in a range is freed or downgraded. Register first, then try again: so no
     * release is missed.
     *
     * @return closing it takes the registration back
     * @throws LockLimitException if too many wait
     */
    public Registration onRelease(FileHandle inode, LockRange range, Runnable action) throws LockLimitException {
        Waiter waiter = new Waiter(range, action);
        synchronized (tableLock) {
            if (waiting >= maxTotal) {
                throw new LockLimitException("there are " + waiting + " who wait for locks");
            }
            waiting++;
            waiters.computeIfAbsent(inode, file -> new ArrayList<>()).add(waiter);
        }
        return () -> forget(inode, waiter);
    }

    /** A place among the waiters. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    private Optional<LockConflict> conflict(FileHandle inode, LockOwner owner, LockRange range, LockMode mode) {
        for (Map.Entry<LockOwner, OwnerRanges> held :
                files.getOrDefault(inode, Map.of()).entrySet()) {
            LockOwner other = held.getKey();
            if (!other.equals(owner) && !other.client().isApartFrom(owner.client())) {
                Optional<Map.Entry<LockRange, LockMode>> found = held.getValue().conflict(range, mode);
                if (found.isPresent()) {
                    return found.map(entry -> new LockConflict(other, entry.getKey(), entry.getValue()));
                }
            }
        }
        return Optional.empty();
    }

    private void admit(LockClient client, int growth) throws LockLimitException {
        if (growth > 0
                && (rangesOfClient.count(client) + growth > maxPerClient
                        || rangesOfClient.size() + growth > maxTotal)) {
            throw new LockLimitException(client + " holds " + rangesOfClient.count(client) + " ranges, of "
                    + rangesOfClient.size() + " in all");
        }
    }

    private OwnerRanges ranges(FileHandle inode, LockOwner owner) {
        return files.getOrDefault(inode, Map.of()).get(owner);
    }

    private void removeOwner(FileHandle inode, LockOwner owner) {
        Map<LockOwner, OwnerRanges> owners = files.get(inode);
        owners.remove(owner);
        if (owners.isEmpty()) {
            files.remove(inode);
        }
    }

    private void tellWaiters(FileHandle inode, LockRange freed) {
        List<Waiter> here = waiters.get(inode);
        if (here == null) {
            return;
        }
        List<Waiter> taken =
                here.stream().filter(waiter -> waiter.range.overlaps(freed)).toList();
        here.removeAll(taken);
        waiting -= taken.size();
        if (here.isEmpty()) {
            waiters.remove(inode);
        }
        taken.forEach(waiter -> teller.execute(waiter.action));
    }

    private void forget(FileHandle inode, Waiter waiter) {
        synchronized (tableLock) {
            List<Waiter> here = waiters.get(inode);
            if (here != null && here.remove(waiter)) {
                waiting--;
                if (here.isEmpty()) {
                    waiters.remove(inode);
                }
            }
        }
    }

    /** One who waits, by identity. */
    private static final class Waiter {
        private final LockRange range;
        private final Runnable action;

        Waiter(LockRange range, Runnable action) {
            this.range = range;
            this.action = action;
        }
    }
}
