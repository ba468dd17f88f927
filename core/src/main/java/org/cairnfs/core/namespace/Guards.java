package org.cairnfs.core.namespace;

import java.util.Optional;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.quota.Quotas;
import org.cairnfs.core.treelock.TreeLocks;

/**
 * What may stand in the way of any change of an inode, whoever asks: that it is immutable, that its tree is being removed,
 * and the leases of others. Every
 * mutating verb calls {@link #beforeChange} once for the inodes that it is about to change, when all its own checks are done, and
 * {@link #afterChange} when all can see what it did, or when it failed.
 */
final class Guards {
    private final Handles handles;
    private final TreeLocks locks;
    private final RemovedTrees removed;
    private final Quotas quotas;
    private final Leases leases;

    Guards(Handles handles, TreeLocks locks, RemovedTrees removed, Quotas quotas, Leases leases) {
        this.handles = handles;
        this.locks = locks;
        this.removed = removed;
        this.quotas = quotas;
        this.leases = leases;
    }

    /**
     * Before something grows that counts as an inode does.
     *
     * @throws FsException EDQUOT
     */
    void requireRoom(InodeRow counts, long bytes, long inodes) throws FsException {
        quotas.requireRoom(counts.quotaRoot(), bytes, inodes);
    }

    /**
     * Before directories are compared by their quotas.
     *
     * @throws FsException EAGAIN while a tree of one of them gets a quota or loses it
     */
    void requireSettled(InodeRow... directories) throws FsException {
        for (InodeRow directory : directories) {
            quotas.requireSettled(directory);
        }
    }

    /** @throws FsException EPERM if a tree lock holds it */
    void requireUnlocked(InodeRow inode) throws FsException {
        locks.requireUnlocked(inode);
    }

    boolean isLocked(InodeRow inode) {
        return locks.isLocked(inode);
    }

    /**
     * Asks whether these inodes may change now. Does not block. No lease is broken for what a tree lock forbids.
     *
     * @throws FsException EPERM if a tree lock holds it; ENOENT in a tree that was removed; EAGAIN while a lease is being given
     *     back, or may be claimed yet after a restart, or in a tree that is about to be removed
     */
    void beforeChange(OpContext op, InodeRow... inodes) throws FsException {
        for (InodeRow inode : inodes) {
            locks.requireUnlocked(inode);
            if (inode.isDirectory()) {
                removed.requireNotLookedThrough(inode);
                removed.requireAttached(inode);
                quotas.requireSettled(inode);
            }
        }
        for (InodeRow inode : inodes) {
            breakLeases(op, inode);
        }
    }

    /**
     * Asks whether the top of a tree may go from its directory now, as {@link #beforeChange} does; it was looked through.
     *
     * @throws FsException EPERM if a tree lock holds one of them, or has its root in the tree; EAGAIN while a lease is being given back
     */
    void beforeRemoval(OpContext op, InodeRow top, InodeRow parent) throws FsException {
        Optional<TreeLockRow> within = locks.anyWithin(top);
        if (within.isPresent()) {
            throw new FsException(
                    Errno.EPERM,
                    "inode " + top.inode() + " holds what is immutable: tree lock " + TreeLocks.describe(within.get()));
        }
        locks.requireUnlocked(top);
        locks.requireUnlocked(parent);
        removed.requireAttached(parent);
        quotas.requireSettled(parent);
        quotas.requireSettledWithin(top);
        breakLeases(op, top);
        breakLeases(op, parent);
    }

    /**
     * Asks whether a directory may get other names now, as {@link #beforeChange} does; its tree was looked through.
     *
     * @throws FsException EPERM if a tree lock holds it; ENOENT, EAGAIN
     */
    void beforeExchange(OpContext op, InodeRow directory) throws FsException {
        locks.requireUnlocked(directory);
        removed.requireAttached(directory);
        quotas.requireSettled(directory);
        breakLeases(op, directory);
    }

    private void breakLeases(OpContext op, InodeRow inode) throws FsException {
        FileHandle handle = handles.of(inode);
        if (inode.type() == FileType.REGULAR && leases.isAwaited(handle, op.client())) {
            throw new FsException(
                    Errno.EAGAIN,
                    "a lease on inode " + inode.inode() + " may be claimed yet by who had it before the restart");
        }
        if (leases.breakLeases(handle, op.client()) == Leases.Outcome.DELAY) {
            throw new FsException(Errno.EAGAIN, "a lease on inode " + inode.inode() + " is being given back");
        }
        op.noteChanging(handle);
    }

    /** Ends what {@link #beforeChange} began for this request. */
    void afterChange(OpContext op) {
        op.takeChanging().forEach(leases::changed);
    }
}
