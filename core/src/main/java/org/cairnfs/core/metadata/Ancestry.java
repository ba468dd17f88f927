package org.cairnfs.core.metadata;

import java.util.Optional;
import java.util.Set;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;

/** The way up from an inode, by point look-ups: each directory knows the one that holds it. Stateless. */
public final class Ancestry {
    private Ancestry() {}

    /** Whether a directory is one of these, or below one. */
    public static boolean isAtOrBelow(MetadataView view, InodeRow directory, Set<Long> tops) {
        Optional<InodeRow> at = tops.isEmpty() ? Optional.empty() : Optional.of(directory);
        while (at.isPresent()) {
            InodeRow here = at.get();
            if (tops.contains(here.inode())) {
                return true;
            }
            if (here.parent() == here.inode()) {
                return false;
            }
            at = view.inode(here.parent());
        }
        return false;
    }

    /** Whether an inode is one of these, or below one by any of its names. */
    public static boolean isWithin(MetadataView view, InodeRow inode, Set<Long> tops) {
        if (inode.isDirectory() || tops.contains(inode.inode())) {
            return tops.contains(inode.inode()) || isAtOrBelow(view, inode, tops);
        }
        for (DirentRow name : view.names(inode.inode(), Integer.MAX_VALUE)) {
            Optional<InodeRow> directory = view.inode(name.parent());
            if (directory.isPresent() && isAtOrBelow(view, directory.get(), tops)) {
                return true;
            }
        }
        return false;
    }
}
