package org.cairnfs.core.check;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.cairnfs.core.metadata.FrozenTables;
import org.cairnfs.core.metadata.RowCursor;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.QuotaRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.quota.AssignQuota;

/**
 * Checks each directory against the names in it: counts, places in listings, and what names inherit from it, which is its quota and its
 * locks.
 */
final class DirectoryCheck {
    private static final long FIRST_COOKIE = 3;

    private final CheckScope scope;
    private final FrozenTables tables;
    private final Findings findings;
    private final SortedRecords children;
    private final SortedRecords locked;
    private final Map<Long, TreeLockRow> locks = new TreeMap<>();
    private final Set<Long> moving = new HashSet<>();
    private final Set<Long> quotas = new HashSet<>();

    /** @param children see {@link NamespaceCheck#children} */
    DirectoryCheck(CheckScope scope, SortedRecords children) {
        this.scope = scope;
        this.tables = scope.tables();
        this.findings = scope.findings();
        this.children = children;
        locked = scope.sorter(2);
    }

    void run() {
        for (RowCursor<TreeLockRow> rows = tables.rows(TreeLockRow.class); rows.hasNext(); ) {
            TreeLockRow lock = rows.next();
            locks.put(lock.lock(), lock);
            if (lock.state() == TreeLockRow.COMPLETE
                    && tables.find(new RowKey.Inode(lock.root())).isPresent()) {
                locked.add(lock.root(), lock.lock());
            }
        }
        for (RowCursor<QuotaRow> rows = tables.rows(QuotaRow.class); rows.hasNext(); ) {
            quotas.add(rows.next().root());
        }
        for (RowCursor<WorkRow> rows = tables.rows(WorkRow.class); rows.hasNext(); ) {
            AssignQuota.movedBy(rows.next()).ifPresent(moving::add);
        }
        scope.begin("directories", -1);
        RowCursor<long[]> names = children.sorted();
        RowCursor<InodeLockRow> lockRows = tables.rows(InodeLockRow.class);
        for (RowCursor<InodeRow> inodes = tables.rows(InodeRow.class); inodes.hasNext(); scope.step()) {
            InodeRow inode = inodes.next();
            while (names.hasNext() && names.peek()[0] < inode.inode()) {
                outside(names.next());
            }
            Set<Long> held = held(lockRows, inode.inode());
            if (inode.isDirectory()) {
                check(inode, names, held);
            } else {
                while (names.hasNext() && names.peek()[0] == inode.inode()) {
                    outside(names.next());
                }
            }
        }
        while (names.hasNext()) {
            outside(names.next());
        }
        checkLocks();
    }

    /** The complete locks that an inode is under. */
    private Set<Long> held(RowCursor<InodeLockRow> rows, long inode) {
        Set<Long> held = new HashSet<>();
        while (rows.hasNext() && rows.peek().inode() <= inode) {
            InodeLockRow row = rows.next();
            TreeLockRow lock = locks.get(row.lock());
            if (lock != null && lock.state() == TreeLockRow.COMPLETE && row.inode() == inode) {
                held.add(row.lock());
            }
        }
        return held;
    }

    private void outside(long[] name) {
        for (DirentRow row : rows(name)) {
            findings.add(
                    FindingKind.NAME,
                    row.key(),
                    "a name of inode " + row.inode() + " in " + row.parent() + ", which is no directory");
        }
    }

    private Iterable<DirentRow> rows(long[] name) {
        return () -> tables.dirents(name[0], name[1] - 1, Integer.MAX_VALUE).stream()
                .takeWhile(row -> row.cookie() == name[1])
                .filter(row -> row.inode() == name[2])
                .iterator();
    }

    private void check(InodeRow directory, RowCursor<long[]> names, Set<Long> held) {
        long number = directory.inode();
        long entries = 0;
        long directories = 0;
        long last = 0;
        while (names.hasNext() && names.peek()[0] == number) {
            long[] name = names.next();
            entries++;
            directories += (name[3] & NamespaceCheck.DIRECTORY) != 0 ? 1 : 0;
            if (name[1] == last || name[1] < FIRST_COOKIE) {
                rows(name)
                        .forEach(row -> findings.add(
                                FindingKind.COOKIE,
                                row.key(),
                                "a name in directory " + number + " at place " + row.cookie()));
            }
            last = name[1];
            if ((name[3] & NamespaceCheck.MISSING) == 0) {
                checkQuota(directory, name);
                held.forEach(lock -> locked.add(name[2], lock));
            }
        }
        boolean removed = directory.nlink() == 0;
        if (directory.entries() != entries
                || directory.nextCookie() <= last
                || !removed && directory.nlink() != 2 + directories) {
            findings.add(
                    FindingKind.DIRECTORY,
                    directory.key(),
                    "directory " + number + " has " + entries + " names, " + directories
                            + " of them directories, up to "
                            + "place " + last + "; it says " + directory.entries() + ", "
                            + (directory.nlink() - 2) + " and " + directory.nextCookie());
        }
    }

    /**
     * A directory counts for the quota of the one that it is in, or for its own. A file with names in several trees counts for that of one of
     * them, and goes on to do so when it loses that name, or the tree its quota; so of files nothing is known.
     */
    private void checkQuota(InodeRow directory, long[] name) {
        long child = name[2];
        long root = name[4];
        boolean settled = !moving.contains(root) && !moving.contains(directory.quotaRoot()) && !moving.contains(child);
        boolean right = (name[3] & NamespaceCheck.DIRECTORY) == 0
                || root == directory.quotaRoot()
                || child == root && quotas.contains(root);
        if (settled && !right) {
            findings.add(
                    FindingKind.QUOTA,
                    new RowKey.Inode(child),
                    "inode " + child + " counts for quota root " + root + ", its directory for "
                            + directory.quotaRoot(),
                    directory.quotaRoot(),
                    0);
        }
    }

    /** Each inode that is to be under a lock has its row; and each row has its lock. */
    private void checkLocks() {
        scope.begin("locked trees", -1);
        RowCursor<long[]> wanted = locked.sorted();
        for (RowCursor<InodeLockRow> rows = tables.rows(InodeLockRow.class); rows.hasNext(); scope.step()) {
            InodeLockRow row = rows.next();
            if (!locks.containsKey(row.lock())) {
                findings.add(FindingKind.LEFTOVER, row.key(), "a row of lock " + row.lock() + ", which is not there");
            }
            while (wanted.hasNext() && compare(wanted.peek(), row) < 0) {
                unlocked(wanted.next());
            }
            while (wanted.hasNext() && compare(wanted.peek(), row) == 0) {
                wanted.next();
            }
        }
        while (wanted.hasNext()) {
            unlocked(wanted.next());
        }
    }

    private static int compare(long[] wanted, InodeLockRow row) {
        return wanted[0] == row.inode() ? Long.compare(wanted[1], row.lock()) : Long.compare(wanted[0], row.inode());
    }

    private void unlocked(long[] wanted) {
        findings.add(
                FindingKind.LOCK,
                new RowKey.InodeLock(wanted[0], wanted[1]),
                "inode " + wanted[0] + " is in the tree of lock " + wanted[1] + " and not locked");
    }
}
