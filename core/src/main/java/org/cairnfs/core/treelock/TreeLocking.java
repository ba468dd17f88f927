package org.cairnfs.core.treelock;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.TreeLockRow;

/**
 * Locks trees, and lets go of them: each a mutation that holds or frees at once, and background work that follows.
 *
 * <p>A root has at most one lock with a date and one without. A date can be moved to a later one, never to an earlier one; and a
 * lock without a date on the same root takes nothing from one that has one.
 *
 * <p>Safe for any number of threads.
 */
public final class TreeLocking {
    private final MetadataStore store;
    private final TreeLocks locks;
    private final Runnable wakeBackground;

    /** @param wakeBackground called when there is work to do in the background */
    public TreeLocking(MetadataStore store, TreeLocks locks, Runnable wakeBackground) {
        this.store = store;
        this.locks = locks;
        this.wakeBackground = wakeBackground;
    }

    /**
     * Makes an inode, and everything below it, immutable. When this returns, nothing of it changes any more.
     *
     * @param untilMillis wall clock, milliseconds since the epoch; 0 for no date
     * @return the lock; one that was there already if it holds as long or longer
     * @throws FsException EINVAL for a date in the past; ENOENT
     */
    public TreeLockRow lock(long root, long untilMillis) throws FsException {
        return store.mutate(transaction -> lock(transaction, root, untilMillis)).value();
    }

    private TreeLockRow lock(Transaction transaction, long root, long untilMillis) throws FsException {
        boolean dated = untilMillis != 0;
        if (dated && untilMillis <= locks.clock().millis()) {
            throw new FsException(Errno.EINVAL, Instant.ofEpochMilli(untilMillis) + " is past already");
        }
        InodeRow inode = transaction.peek(root).filter(row -> row.nlink() > 0).orElse(null);
        if (inode == null) {
            throw new FsException(Errno.ENOENT, "inode " + root + " is gone");
        }
        for (TreeLockRow there : holding(transaction, root)) {
            if (there.isDated() == dated) {
                if (untilMillis <= there.untilMillis()) {
                    return there;
                }
                TreeLockRow extended = there.withUntil(untilMillis);
                locks.extend(transaction, extended);
                return extended;
            }
        }
        TreeLockRow lock = new TreeLockRow(transaction.newWork(), root, untilMillis, TreeLockRow.BEING_FILLED);
        locks.intend(transaction, lock);
        transaction.put(new InodeLockRow(root, lock.lock()));
        LockTree.begin(transaction, lock);
        if (dated) {
            locks.clock().standing().forEach(transaction::put);
        }
        transaction.afterCommit(wakeBackground);
        return lock;
    }

    /** The locks in force whose root an inode is. */
    private List<TreeLockRow> holding(Transaction transaction, long root) {
        return transaction.scan(TreeLockRow.class, Optional.empty(), Integer.MAX_VALUE).stream()
                .filter(lock -> lock.root() == root && locks.isInForce(lock))
                .toList();
    }

    /**
     * Takes the lock without a date from the root of a tree.
     *
     * @return what was released
     * @throws FsException EPERM if the policy forbids it, or the lock has a date; EINVAL if the inode is the root of no lock
     */
    public TreeLockRow unlock(long root, UnlockPolicy policy) throws FsException {
        return store.mutate(transaction -> unlock(transaction, root, policy)).value();
    }

    private TreeLockRow unlock(Transaction transaction, long root, UnlockPolicy policy) throws FsException {
        List<TreeLockRow> there = holding(transaction, root);
        if (there.isEmpty()) {
            throw new FsException(Errno.EINVAL, "inode " + root + " is the root of no tree lock");
        }
        Optional<TreeLockRow> undated =
                there.stream().filter(lock -> !lock.isDated()).findFirst();
        if (undated.isEmpty()) {
            throw new FsException(
                    Errno.EPERM,
                    "it is locked until " + Instant.ofEpochMilli(there.get(0).untilMillis()) + ", and not less");
        }
        if (policy == UnlockPolicy.NEVER) {
            throw new FsException(Errno.EPERM, "locks of this file system are not taken away (unlock = never)");
        }
        release(transaction, undated.get());
        return undated.get();
    }

    private void release(Transaction transaction, TreeLockRow lock) {
        locks.becomes(transaction, lock, TreeLockRow.BEING_RELEASED);
        UnlockTree.begin(transaction, lock);
        transaction.afterCommit(wakeBackground);
    }

    /**
     * Clears away the locks whose date has passed, which hold nothing any more, and keeps where the clock stands; to be called now and
     * then.
     *
     * @return the locks that are cleared away now
     */
    public List<TreeLockRow> keep() throws FsException {
        if (locks.all().stream().noneMatch(TreeLockRow::isDated)) {
            return List.of();
        }
        return store.mutate(transaction -> {
                    List<TreeLockRow> ended = new ArrayList<>();
                    for (TreeLockRow lock : transaction.scan(TreeLockRow.class, Optional.empty(), Integer.MAX_VALUE)) {
                        if (!lock.isBeingReleased() && !locks.isInForce(lock)) {
                            release(transaction, lock);
                            ended.add(lock);
                        }
                    }
                    if (locks.clock().isDueToBeKept()) {
                        locks.clock().standing().forEach(transaction::put);
                    }
                    return ended;
                })
                .value();
    }
}
