package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * What may stand in the way of any change of an inode, whoever asks: the leases of others. Every mutating verb calls {@link
 * #beforeChange} once for each inode that it is about to change, when all its own checks are done, and {@link #afterChange} when
 * all can see what it did, or when it failed.
 */
final class Guards {
    private final Handles handles;
    private final Leases leases;

    Guards(Handles handles, Leases leases) {
        this.handles = handles;
        this.leases = leases;
    }

    /**
     * Asks whether an inode may change now. Does not block.
     *
     * @throws FsException EAGAIN while a lease is being given back
     */
    void beforeChange(OpContext op, InodeRow inode) throws FsException {
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
