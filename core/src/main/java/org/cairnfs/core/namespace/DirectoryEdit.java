package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.RowKey;

/**
 * The names of one directory being changed by one mutation: keeps entries, link count and cookies right, and puts the
 * directory's row once, at the end. Only within a mutation, on the writer thread.
 */
final class DirectoryEdit {
    private final Transaction transaction;
    private final InodeRow before;
    private long entries;
    private long nextCookie;
    private int nlink;

    DirectoryEdit(Transaction transaction, InodeRow directory) {
        this.transaction = transaction;
        this.before = directory;
        this.entries = directory.entries();
        this.nextCookie = directory.nextCookie();
        this.nlink = directory.nlink();
    }

    /** Adds a name that is not there. */
    void add(Name name, InodeRow child) {
        transaction.put(new DirentRow(before.inode(), name, child.inode(), nextCookie++, 0));
        entries++;
        nlink += child.isDirectory() ? 1 : 0;
    }

    /** Lets a name that is there lead to another inode; its place in listings stays. */
    void replace(DirentRow entry, InodeRow oldChild, InodeRow newChild) {
        transaction.put(new DirentRow(entry.parent(), entry.name(), newChild.inode(), entry.cookie(), 0));
        nlink += (newChild.isDirectory() ? 1 : 0) - (oldChild.isDirectory() ? 1 : 0);
    }

    void remove(Name name, InodeRow child) {
        transaction.delete(new RowKey.Dirent(before.inode(), name));
        entries--;
        nlink -= child.isDirectory() ? 1 : 0;
    }

    /** Puts the directory's row, with the times of a change of its contents. */
    DirectoryChange finish() {
        long change = transaction.nextChange();
        transaction.put(before.edit()
                .entries(entries)
                .nextCookie(nextCookie)
                .nlink(before.nlink() == 0 ? 0 : nlink) // a detached tree's top stays without links while it is emptied
                .mtime(transaction.now())
                .ctime(transaction.now())
                .change(change)
                .build());
        return new DirectoryChange(before.change(), change);
    }

    /**
     * Whether one more name may lead to an inode, or one more sub-directory up to it.
     *
     * @throws FsException EMLINK
     */
    static void requireRoomForLink(InodeRow inode) throws FsException {
        if (inode.nlink() == FileSystem.MAX_LINKS) {
            throw new FsException(Errno.EMLINK, "inode " + inode.inode() + " has as many links as it can");
        }
    }

    /** The change of a directory that did not change. */
    static DirectoryChange none(InodeRow directory) {
        return new DirectoryChange(directory.change(), directory.change());
    }
}
