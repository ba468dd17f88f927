package org.cairnfs.core.namespace;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Set;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Ancestry;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * The trees that are being removed as a whole: those that are looked through whether they may be, in which names wait, and those whose top
 * was detached, in which nobody makes, moves or removes names any more but who empties them.
 *
 * <p>While there is none, asking costs two volatile reads; else walking up from a directory.
 *
 * <p>Threading: changed on the writer thread, where all who change names ask; so nothing comes in between.
 */
final class RemovedTrees {
    private final MetadataView view;
    private volatile Set<Long> lookedThrough = ImmutableSet.of();
    private volatile Set<Long> detached = ImmutableSet.of();

    RemovedTrees(MetadataView view) {
        this.view = view;
    }

    void beginLook(long top) {
        lookedThrough = ImmutableSet.copyOf(Sets.union(lookedThrough, Set.of(top)));
    }

    void endLook(long top) {
        lookedThrough = ImmutableSet.copyOf(Sets.difference(lookedThrough, Set.of(top)));
    }

    void isDetached(long top) {
        detached = ImmutableSet.copyOf(Sets.union(detached, Set.of(top)));
    }

    void isEmptied(long top) {
        detached = ImmutableSet.copyOf(Sets.difference(detached, Set.of(top)));
    }

    /** @throws FsException EAGAIN while the tree of a directory is looked through */
    void requireNotLookedThrough(InodeRow directory) throws FsException {
        if (Ancestry.isAtOrBelow(view, directory, lookedThrough)) {
            throw new FsException(
                    Errno.EAGAIN, "directory " + directory.inode() + " is in a tree that is to be removed");
        }
    }

    /** @throws FsException ENOENT when the tree of a directory was removed */
    void requireAttached(InodeRow directory) throws FsException {
        if (Ancestry.isAtOrBelow(view, directory, detached)) {
            throw new FsException(Errno.ENOENT, "directory " + directory.inode() + " was removed with its tree");
        }
    }
}
