package org.cairnfs.core.check;

import java.nio.charset.StandardCharsets;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.InodeRowBuilder;

/**
 * The directory {@code lost+found} in the root, mode 0700, where a repair puts what has no name, under {@code #} and its number. Used within
 * one mutation; whoever uses it, counts of the directories that it changes are right afterwards if they were before.
 */
final class LostAndFound {
    private static final String NAME = "lost+found";
    private static final int MODE = 0700;
    private static final long FIRST_COOKIE = 3;

    private final Transaction transaction;

    LostAndFound(Transaction transaction) {
        this.transaction = transaction;
    }

    /** Gives an inode without names one. */
    void add(InodeRow inode) {
        InodeRow directory = directory();
        enter(directory, freeName(directory, "#" + inode.inode()), inode);
        InodeRowBuilder edit = inode.edit()
                .ctime(transaction.now())
                .change(transaction.nextChange())
                .flags(0);
        if (inode.quotaRoot() == InodeRow.TRASH_ROOT) {
            edit.quotaRoot(directory.quotaRoot());
        }
        if (inode.isDirectory()) {
            edit.parent(directory.inode()).nlink(Math.max(2, inode.nlink()));
        } else {
            edit.nlink(1);
        }
        transaction.put(edit.build());
    }

    /** The directory; made if it is not there, beside what has its name if that is none. */
    private InodeRow directory() {
        InodeRow root = transaction
                .inode(NamespaceCheck.ROOT)
                .orElseThrow(() -> new IllegalStateException("there is no root directory"));
        for (int i = 0; ; i++) {
            Name name = name(NAME, i);
            DirentRow entry = transaction.dirent(root.inode(), name).orElse(null);
            if (entry == null) {
                return make(root, name);
            }
            InodeRow there = transaction.inode(entry.inode()).orElse(null);
            if (there != null && there.isDirectory() && there.parent() == root.inode()) {
                return there;
            }
        }
    }

    private InodeRow make(InodeRow root, Name name) {
        long now = transaction.now();
        InodeRow made = new InodeRowBuilder(transaction.newInode(), transaction.incarnation(), FileType.DIRECTORY)
                .mode(MODE)
                .nlink(2)
                .mtime(now)
                .ctime(now)
                .btime(now)
                .change(transaction.nextChange())
                .parent(root.inode())
                .nextCookie(FIRST_COOKIE)
                .quotaRoot(root.quotaRoot())
                .build();
        transaction.put(made);
        enter(root, name, made);
        return made;
    }

    private Name freeName(InodeRow directory, String wanted) {
        for (int i = 0; ; i++) {
            Name name = name(wanted, i);
            if (transaction.dirent(directory.inode(), name).isEmpty()) {
                return name;
            }
        }
    }

    private static Name name(String text, int suffix) {
        String whole = suffix == 0 ? text : text + "." + suffix;
        return Name.ofTrusted(whole.getBytes(StandardCharsets.US_ASCII));
    }

    private void enter(InodeRow directory, Name name, InodeRow inode) {
        transaction.put(new DirentRow(directory.inode(), name, inode.inode(), directory.nextCookie(), 0));
        transaction.put(directory
                .edit()
                .entries(directory.entries() + 1)
                .nextCookie(directory.nextCookie() + 1)
                .nlink(directory.nlink() + (inode.isDirectory() ? 1 : 0))
                .mtime(transaction.now())
                .ctime(transaction.now())
                .change(transaction.nextChange())
                .build());
    }
}
