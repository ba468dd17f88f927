package org.cairnfs.core.namespace;

import java.util.Optional;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;

/** From names to inodes, inside mutations, where every name leads to one. */
final class Entries {
    private Entries() {}

    /** The entry of a name; ENOENT. */
    static DirentRow require(MetadataView view, InodeRow directory, Name name) throws FsException {
        return view.dirent(directory.inode(), name)
                .orElseThrow(() -> new FsException(Errno.ENOENT, name + " is not in directory " + directory.inode()));
    }

    /** The inode of an entry, to be looked at. */
    static InodeRow look(Transaction transaction, DirentRow entry) throws FsException {
        return whole(entry, transaction.peek(entry.inode()));
    }

    /** The inode of an entry, locked for the rest of the mutation, to be changed by it. */
    static InodeRow toChange(Transaction transaction, DirentRow entry) throws FsException {
        return whole(entry, transaction.inode(entry.inode()));
    }

    private static InodeRow whole(DirentRow entry, Optional<InodeRow> inode) throws FsException {
        return inode.orElseThrow(() -> new FsException(
                Errno.EIO,
                "directory " + entry.parent() + ": " + entry.name() + " leads to inode " + entry.inode()
                        + ", which is missing"));
    }
}
