package org.cairnfs.core.lock;

import org.cairnfs.core.fs.FileHandle;

/**
 * The break hook of leases (delegations): asked before every mutating verb and every conflicting open, so that what a
 * client was promised holds against all adapters.
 */
public interface Leases {
    /** Leases of a server that gives none out. */
    Leases NONE = inode -> Outcome.CLEAR;

    /** Whether the caller may go on. */
    enum Outcome {
        /** There is no lease in the way. */
        CLEAR,
        /** A holder was asked to give its lease back: the caller's client should try again later. */
        DELAY
    }

    /** Sees to it that no lease on {@code inode} stands in the way of a change. Does not block. */
    Outcome breakLeases(FileHandle inode);
}
