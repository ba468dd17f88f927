package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.treelock.TreeLocks;

/**
 * What may stand in the way of any change of an inode, whoever asks: that it is immutable, and the leases of others. Every
 * mutating verb calls {@link #beforeChange} once for the inodes that it is about to change, when all its own checks are done, and
 * {@link #afterChange} when all can see what it did, or when it failed.
 */
final class Guards {
    private final Handles handles;
    private final TreeLocks locks;
    private final Leases leases;

    Guards(Handles handles, TreeLocks locks, Leases leases) {
        this.handles = handles;
        this.locks = locks;
        this.leases = leases;
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
     * @throws FsException EPERM if a tree lock holds it; EAGAIN while a lease is being given back
     */
    void beforeChange(OpContext op, InodeRow... inodes) throws FsException {
        for (InodeRow inode : inodes) {
            locks.requireUnlocked(inode);
        }
        for (InodeRow inode : inodes) {
            breakLeases(op, inode);
        }
    }

    private void breakLeases(OpContext op, InodeRow inode) throws FsException {
        FileHandle handle = handles.of(inode);
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
