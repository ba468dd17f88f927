package org.cairnfs.core.lock;

import org.cairnfs.core.fs.FileHandle;

/**
 * The break hook of leases (delegations): asked before every mutating verb and every conflicting open, so that what a
 * client was promised holds against all adapters.
 *
 * <p>Whoever was told that the way is {@link Outcome#CLEAR} says {@link #changed} when the change is done, or has failed: in
 * between no lease is given on the inode, as its holder might see what was before.
 */
public interface Leases {
    /** Leases of a server that gives none out. */
    Leases NONE = (inode, client) -> Outcome.CLEAR;

    /** The client of those who have no name here, so that every lease is in their way. */
    long ANYBODY = 0;

    /** Whether the caller may go on. */
    enum Outcome {
        /** There is no lease in the way. */
        CLEAR,
        /** A holder was asked to give its lease back: the caller's client should try again later. */
        DELAY
    }

    /**
     * Sees to it that no lease on {@code inode} stands in the way of a change. Does not block.
     *
     * @param client who changes it, whose own leases are not in the way; {@link #ANYBODY} if it is not known
     */
    Outcome breakLeases(FileHandle inode, long client);

    /**
     * Whether anybody but a client may yet be given a lease on a regular file again that was a promise before the server's restart, so that nobody
     * else should change it until that is known.
     */
    default boolean isAwaited(FileHandle file, long client) {
        return false;
    }

    /** The change of {@code inode} that was let pass is done, or will not come. */
    default void changed(FileHandle inode) {}
}
