package org.cairnfs.core.check;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.InodeRowBuilder;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.TrashRow;

/**
 * Mends what is wrong with inodes, names and directories: each within a mutation that looks again whether it is still so. What is right after
 * a change of another row is left to the next check. Stateless.
 *
 * <p>Each returns whether it changed anything.
 */
final class NamespaceRepair {
    private static final int PAGE = 1_000;
    private static final int ROOT_MODE = 0755;
    private static final long FIRST_COOKIE = 3;

    private NamespaceRepair() {}

    /** Makes the root directory anew; the names in it are still there. */
    static boolean root(Transaction transaction) {
        if (transaction.inode(NamespaceCheck.ROOT).isPresent()) {
            return false;
        }
        long now = transaction.now();
        transaction.put(new InodeRowBuilder(NamespaceCheck.ROOT, transaction.incarnation(), FileType.DIRECTORY)
                .mode(ROOT_MODE)
                .nlink(2)
                .mtime(now)
                .ctime(now)
                .btime(now)
                .change(transaction.nextChange())
                .parent(NamespaceCheck.ROOT)
                .nextCookie(FIRST_COOKIE)
                .build());
        directory(transaction, NamespaceCheck.ROOT);
        return true;
    }

    static boolean inode(Transaction transaction, long inode) {
        Optional<InodeRow> found = transaction.inode(inode).filter(row -> !InodeShape.isSound(row));
        if (found.isEmpty()) {
            return false;
        }
        InodeRowBuilder edit = InodeShape.normal(found.get()).edit().change(transaction.nextChange());
        if (found.get().type() == FileType.REGULAR && found.get().content() <= 0) {
            edit.content(transaction.newContent()).used(0);
        }
        transaction.put(edit.build());
        return true;
    }

    static boolean links(Transaction transaction, long inode) {
        Optional<InodeRow> found = transaction.inode(inode).filter(row -> !row.isDirectory());
        int names = transaction.names(inode, Integer.MAX_VALUE).size();
        if (found.isEmpty() || names == 0 || found.get().nlink() == names) {
            return false;
        }
        transaction.put(
                found.get().edit().nlink(names).change(transaction.nextChange()).build());
        return true;
    }

    static boolean unreachable(Transaction transaction, long inode) {
        Optional<InodeRow> found = transaction.inode(inode);
        boolean named = !transaction.names(inode, 1).isEmpty();
        if (found.isEmpty()
                || named
                || found.get().nlink() == 0 && (isOrphan(transaction, inode) || isKept(transaction, found.get()))) {
            return false;
        }
        transaction.delete(new RowKey.Orphan(inode));
        new LostAndFound(transaction).add(found.get());
        return true;
    }

    private static boolean isOrphan(Transaction transaction, long inode) {
        return transaction.scan(OrphanRow.class, Optional.of(new RowKey.Orphan(inode - 1)), 1).stream()
                .anyMatch(row -> row.inode() == inode);
    }

    private static boolean isKept(Transaction transaction, InodeRow inode) {
        return inode.isTrashed()
                && Rows.all(transaction, TrashRow.class).stream()
                                .filter(row -> row.inode() == inode.inode())
                                .count()
                        == 1;
    }

    /** Deletes a row of the trash, unless it rightly keeps its inode. */
    static boolean trashRow(Transaction transaction, RowKey.Trash key) {
        Optional<InodeRow> inode = transaction.inode(key.inode());
        boolean right = inode.isPresent()
                && isKept(transaction, inode.get())
                && inode.get().nlink() == 0
                && transaction.names(key.inode(), 1).isEmpty();
        if (!right) {
            transaction.delete(key);
        }
        return !right;
    }

    /** Takes the mark of the trash from what has names. */
    static boolean trashFlag(Transaction transaction, long inode) {
        Optional<InodeRow> found = transaction.inode(inode).filter(InodeRow::isTrashed);
        Optional<DirentRow> name = transaction.anyName(inode);
        if (found.isEmpty() || name.isEmpty()) {
            return false;
        }
        long quota =
                transaction.peek(name.get().parent()).map(InodeRow::quotaRoot).orElse(0L);
        InodeRowBuilder edit = found.get()
                .edit()
                .flags(found.get().flags() & ~InodeRow.FLAG_TRASHED)
                .change(transaction.nextChange());
        transaction.put((found.get().quotaRoot() == InodeRow.TRASH_ROOT ? edit.quotaRoot(quota) : edit).build());
        return true;
    }

    static boolean orphan(Transaction transaction, long inode) {
        Optional<InodeRow> row = transaction.inode(inode);
        boolean named = !transaction.names(inode, 1).isEmpty();
        if (!isOrphan(transaction, inode)
                || row.isPresent()
                        && row.get().nlink() == 0
                        && !named
                        && !row.get().isTrashed()) {
            return false;
        }
        transaction.delete(new RowKey.Orphan(inode));
        return true;
    }

    static boolean name(Transaction transaction, RowKey.Dirent key) {
        Optional<DirentRow> name = transaction.dirent(key.parent(), key.name());
        boolean wrong = name.isPresent()
                && (transaction.peek(name.get().inode()).isEmpty()
                        || !transaction
                                .peek(key.parent())
                                .map(InodeRow::isDirectory)
                                .orElse(false));
        if (wrong) {
            transaction.delete(key);
        }
        return wrong;
    }

    static boolean cookie(Transaction transaction, RowKey.Dirent key) {
        Optional<DirentRow> name = transaction.dirent(key.parent(), key.name());
        Optional<InodeRow> directory = transaction.inode(key.parent());
        if (name.isEmpty() || directory.isEmpty()) {
            return false;
        }
        long cookie = name.get().cookie();
        long alike = transaction.dirents(key.parent(), cookie - 1, 2).stream()
                .filter(row -> row.cookie() == cookie)
                .count();
        if (alike < 2 && cookie >= FIRST_COOKIE) {
            return false;
        }
        long fresh = Math.max(
                highestCookie(transaction, key.parent()) + 1, directory.get().nextCookie());
        transaction.put(new DirentRow(key.parent(), key.name(), name.get().inode(), fresh, 0));
        transaction.put(directory
                .get()
                .edit()
                .nextCookie(fresh + 1)
                .change(transaction.nextChange())
                .build());
        return true;
    }

    private static long highestCookie(Transaction transaction, long directory) {
        long highest = 0;
        List<DirentRow> page;
        do {
            page = transaction.dirents(directory, highest, PAGE);
            highest = page.isEmpty() ? highest : page.get(page.size() - 1).cookie();
        } while (page.size() == PAGE);
        return highest;
    }

    /** Counts its names. */
    static boolean directory(Transaction transaction, long inode) {
        Optional<InodeRow> found = transaction.inode(inode).filter(InodeRow::isDirectory);
        if (found.isEmpty()) {
            return false;
        }
        long entries = 0;
        int directories = 0;
        long last = FIRST_COOKIE - 1;
        List<DirentRow> page;
        do {
            page = transaction.dirents(inode, entries == 0 ? Long.MIN_VALUE : last, PAGE);
            for (DirentRow row : page) {
                entries++;
                directories += transaction
                                .peek(row.inode())
                                .filter(InodeRow::isDirectory)
                                .isPresent()
                        ? 1
                        : 0;
                last = row.cookie();
            }
        } while (page.size() == PAGE);
        InodeRow before = found.get();
        InodeRow after = before.edit()
                .entries(entries)
                .nlink(before.nlink() == 0 ? 0 : 2 + directories)
                .nextCookie(Math.max(before.nextCookie(), last + 1))
                .build();
        if (after.equals(before)) {
            return false;
        }
        transaction.put(after.edit().change(transaction.nextChange()).build());
        return true;
    }

    /** Keeps the name in the directory that it takes for its own, or else the first one. */
    static boolean secondName(Transaction transaction, long inode) {
        Optional<InodeRow> found = transaction.inode(inode).filter(InodeRow::isDirectory);
        List<DirentRow> names = transaction.names(inode, Integer.MAX_VALUE);
        boolean root = inode == NamespaceCheck.ROOT;
        if (found.isEmpty() || names.size() < (root ? 1 : 2)) {
            return false;
        }
        DirentRow kept = names.stream()
                .filter(name -> name.parent() == found.get().parent())
                .findFirst()
                .orElse(names.get(0));
        for (DirentRow name : names) {
            if (root || !name.equals(kept)) {
                transaction.delete(name.key());
            }
        }
        return true;
    }

    static boolean place(Transaction transaction, long inode) {
        Optional<InodeRow> found = transaction.inode(inode).filter(InodeRow::isDirectory);
        List<DirentRow> names = transaction.names(inode, 2);
        if (found.isEmpty()
                || names.size() != 1
                || names.get(0).parent() == found.get().parent()) {
            return false;
        }
        transaction.put(found.get()
                .edit()
                .parent(names.get(0).parent())
                .change(transaction.nextChange())
                .build());
        return true;
    }

    /** Goes up from a directory until it comes to one again, and takes that out of the circle. */
    static boolean loop(Transaction transaction, long inode) {
        Set<Long> seen = new HashSet<>();
        long at = inode;
        while (at != NamespaceCheck.ROOT && seen.add(at)) {
            Optional<DirentRow> name = transaction.anyName(at);
            if (name.isEmpty()) {
                return false;
            }
            at = name.get().parent();
        }
        Optional<InodeRow> member = at == NamespaceCheck.ROOT ? Optional.empty() : transaction.inode(at);
        if (member.isEmpty()) {
            return false;
        }
        transaction.names(at, Integer.MAX_VALUE).forEach(name -> transaction.delete(name.key()));
        new LostAndFound(transaction).add(member.get());
        return true;
    }

    static boolean xattrs(Transaction transaction, long inode) {
        Optional<InodeRow> found = transaction.inode(inode);
        int count = transaction.xattrNames(inode).size();
        if (found.isEmpty() || found.get().xattrs() == count) {
            return false;
        }
        transaction.put(found.get()
                .edit()
                .xattrs(count)
                .change(transaction.nextChange())
                .build());
        return true;
    }

    /** Lets an inode count for the quota of the directory that it is in. */
    static boolean quota(Transaction transaction, long inode) {
        Optional<InodeRow> found = transaction.inode(inode);
        Optional<InodeRow> directory = transaction.anyName(inode).flatMap(name -> transaction.peek(name.parent()));
        if (found.isEmpty()
                || directory.isEmpty()
                || found.get().quotaRoot() == directory.get().quotaRoot()) {
            return false;
        }
        transaction.put(
                found.get().edit().quotaRoot(directory.get().quotaRoot()).build());
        return true;
    }

    /** Deletes a row of an inode that is not there. */
    static boolean leftover(Transaction transaction, RowKey key, long inode) {
        if (transaction.peek(inode).isPresent()) {
            return false;
        }
        transaction.delete(key);
        return true;
    }
}
