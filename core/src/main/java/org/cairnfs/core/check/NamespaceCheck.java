package org.cairnfs.core.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.metadata.FrozenTables;
import org.cairnfs.core.metadata.RowCursor;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.TrashRow;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.metadata.row.XattrRow;

/**
 * Checks each inode against its names, attributes and what else belongs to it, by a merge of the tables in the order of inodes; and collects
 * what the checks of directories, of reachability and of contents need.
 */
final class NamespaceCheck {
    /** The root directory's inode. */
    static final long ROOT = 1;

    /** Bits of the third-last number of {@link #children}. */
    static final long DIRECTORY = 1;

    static final long MISSING = 2;

    private final CheckScope scope;
    private final FrozenTables tables;
    private final Findings findings;
    private final Maxima maxima;
    private final SortedRecords names;
    private final SortedRecords children;
    private final SortedRecords places;
    private final SortedRecords owners;
    private final SortedRecords trash;
    private final Map<Long, long[]> usage = new TreeMap<>();
    private long entries;

    NamespaceCheck(CheckScope scope, Maxima maxima) {
        this.scope = scope;
        this.tables = scope.tables();
        this.findings = scope.findings();
        this.maxima = maxima;
        names = scope.sorter(3);
        children = scope.sorter(5);
        places = scope.sorter(2);
        owners = scope.sorter(4);
        trash = scope.sorter(2);
        usage.put(0L, new long[2]);
    }

    /** Names: directory, cookie, inode, {@link #DIRECTORY} or {@link #MISSING}, the quota that the inode counts for. */
    SortedRecords children() {
        return children;
    }

    /** Directories: inode, and the one that its name is in; 0 where nothing is above. */
    SortedRecords places() {
        return places;
    }

    /** Files: content, inode, size, bytes used. */
    SortedRecords owners() {
        return owners;
    }

    /** How many inodes there are. */
    long inodes() {
        return usage.get(0L)[1];
    }

    /** How many names there are. */
    long entries() {
        return entries;
    }

    void run() {
        scope.begin("names", tables.progress().entries());
        for (RowCursor<DirentRow> rows = tables.rows(DirentRow.class); rows.hasNext(); ) {
            DirentRow row = rows.next();
            names.add(row.inode(), row.parent(), row.cookie());
            entries++;
            scope.step();
        }
        for (RowCursor<TrashRow> rows = tables.rows(TrashRow.class); rows.hasNext(); ) {
            TrashRow row = rows.next();
            trash.add(row.inode(), row.until());
        }
        scope.begin("inodes", expectedInodes());
        Merge merge = new Merge(names.sorted(), trash.sorted());
        while (merge.next()) {
            check(merge);
            scope.step();
        }
        if (!merge.seenRoot) {
            findings.add(FindingKind.ROOT, new RowKey.Inode(ROOT), "the root directory is missing");
        }
        checkUsage();
    }

    private long expectedInodes() {
        return tables.find(new RowKey.Usage(0))
                .map(row -> ((UsageRow) row).inodes())
                .orElse(-1L);
    }

    /** What belongs to one inode after the other. */
    private final class Merge {
        private final RowCursor<InodeRow> inodes = tables.rows(InodeRow.class);
        private final RowCursor<long[]> nameRecords;
        private final RowCursor<long[]> trashRecords;
        private final RowCursor<XattrRow> xattrs = tables.rows(XattrRow.class);
        private final RowCursor<AtimeRow> atimes = tables.rows(AtimeRow.class);
        private final RowCursor<OrphanRow> orphans = tables.rows(OrphanRow.class);
        private long number;
        private InodeRow inode;
        private boolean orphan;
        private boolean seenRoot;

        Merge(RowCursor<long[]> nameRecords, RowCursor<long[]> trashRecords) {
            this.nameRecords = nameRecords;
            this.trashRecords = trashRecords;
        }

        boolean next() {
            long least = Long.MAX_VALUE;
            least = inodes.hasNext() ? Math.min(least, inodes.peek().inode()) : least;
            least = nameRecords.hasNext() ? Math.min(least, nameRecords.peek()[0]) : least;
            least = xattrs.hasNext() ? Math.min(least, xattrs.peek().inode()) : least;
            least = atimes.hasNext() ? Math.min(least, atimes.peek().inode()) : least;
            least = trashRecords.hasNext() ? Math.min(least, trashRecords.peek()[0]) : least;
            least = orphans.hasNext() ? Math.min(least, orphans.peek().inode()) : least;
            number = least;
            inode = inodes.hasNext() && inodes.peek().inode() == number ? inodes.next() : null;
            orphan = orphans.hasNext() && orphans.peek().inode() == number;
            if (orphan) {
                orphans.next();
            }
            seenRoot |= number == ROOT && inode != null;
            return number != Long.MAX_VALUE;
        }

        int takeXattrs() {
            int count = 0;
            for (; xattrs.hasNext() && xattrs.peek().inode() == number; count++) {
                XattrRow row = xattrs.next();
                if (inode == null) {
                    leftover(row.key(), number);
                }
            }
            return count;
        }

        boolean takeAtime() {
            boolean there = atimes.hasNext() && atimes.peek().inode() == number;
            if (there) {
                atimes.next();
            }
            return there;
        }

        /** Under which keys the trash keeps it. */
        List<RowKey.Trash> takeTrash() {
            List<RowKey.Trash> keys = new ArrayList<>();
            while (trashRecords.hasNext() && trashRecords.peek()[0] == number) {
                keys.add(new RowKey.Trash(trashRecords.next()[1], number));
            }
            return keys;
        }

        boolean hasName() {
            return nameRecords.hasNext() && nameRecords.peek()[0] == number;
        }
    }

    private void leftover(RowKey key, long inode) {
        findings.add(FindingKind.LEFTOVER, key, "a row of inode " + inode + ", which is not there: " + key);
    }

    private void check(Merge merge) {
        InodeRow inode = merge.inode;
        int xattrs = merge.takeXattrs();
        boolean atime = merge.takeAtime();
        List<RowKey.Trash> trashed = merge.takeTrash();
        if (inode == null) {
            trashed.forEach(key -> leftover(key, merge.number));
            if (atime) {
                leftover(new RowKey.Atime(merge.number), merge.number);
            }
            if (merge.orphan) {
                leftover(new RowKey.Orphan(merge.number), merge.number);
            }
            while (merge.hasName()) {
                danglingName(merge.nameRecords.next());
            }
            return;
        }
        maxima.inode(inode.inode());
        count(inode);
        if (!InodeShape.isSound(inode)) {
            findings.add(FindingKind.INODE, inode.key(), "an impossible value in " + inode);
        }
        if (inode.xattrs() != xattrs) {
            findings.add(
                    FindingKind.XATTRS,
                    inode.key(),
                    "inode " + inode.inode() + " has " + xattrs + " extended attributes, not " + inode.xattrs());
        }
        if (inode.type() == FileType.REGULAR) {
            maxima.content(inode.content());
            owners.add(inode.content(), inode.inode(), inode.size(), inode.used());
        }
        checkNames(merge, inode, trashed);
    }

    private void danglingName(long[] name) {
        children.add(name[1], name[2], name[0], MISSING, 0);
        nameAt(name)
                .forEach(row -> findings.add(
                        FindingKind.NAME,
                        row.key(),
                        "a name in directory " + row.parent() + " of no inode " + row.inode()));
    }

    /** The row of a name. */
    private Iterable<DirentRow> nameAt(long[] name) {
        return () -> tables.dirents(name[1], name[2] - 1, Integer.MAX_VALUE).stream()
                .takeWhile(row -> row.cookie() == name[2])
                .filter(row -> row.inode() == name[0])
                .iterator();
    }

    private void checkNames(Merge merge, InodeRow inode, List<RowKey.Trash> trashed) {
        long number = inode.inode();
        long count = 0;
        long above = 0;
        boolean known = false;
        while (merge.hasName()) {
            long[] name = merge.nameRecords.next();
            long flags = inode.isDirectory() ? DIRECTORY : 0;
            children.add(name[1], name[2], number, flags, inode.quotaRoot());
            count++;
            above = above == 0 || name[1] == inode.parent() ? name[1] : above;
            known |= name[1] == inode.parent();
        }
        boolean kept = inode.isTrashed() && trashed.size() == 1 && inode.nlink() == 0 && count == 0;
        boolean removed = inode.nlink() == 0 && (merge.orphan || kept);
        if (!kept) {
            checkNotInTrash(inode, trashed, count);
        }
        boolean hidden = (inode.flags() & InodeRow.FLAG_HIDDEN) != 0;
        if (merge.orphan && (inode.nlink() != 0 || count > 0 || inode.isTrashed())) {
            findings.add(
                    FindingKind.ORPHAN,
                    new RowKey.Orphan(number),
                    "inode " + number + " has names, or is in the trash");
        }
        if (count == 0 && number != ROOT && !removed && !hidden) {
            findings.add(FindingKind.UNREACHABLE, inode.key(), "inode " + number + " has no name");
        } else if (!inode.isDirectory() && inode.nlink() != count && !hidden) {
            String text = "inode " + number + " has " + count + " names, and a link count of " + inode.nlink();
            findings.add(FindingKind.LINKS, inode.key(), text);
        }
        if (inode.isDirectory()) {
            places.add(number, number == ROOT ? 0 : above);
            checkPlace(inode, count, known);
        }
    }

    private void checkNotInTrash(InodeRow inode, List<RowKey.Trash> trashed, long names) {
        for (RowKey.Trash key : trashed) {
            findings.add(FindingKind.TRASH, key, "the trash keeps inode " + inode.inode() + ", and should not: " + key);
        }
        if (inode.isTrashed() && names > 0) {
            findings.add(FindingKind.TRASH, inode.key(), "inode " + inode.inode() + " has names and is in the trash");
        }
    }

    private void checkPlace(InodeRow directory, long names, boolean known) {
        long number = directory.inode();
        if (number == ROOT || names == 0) {
            if (names > 0) {
                findings.add(FindingKind.SECOND_NAME, directory.key(), "the root directory is in a directory");
            }
            return;
        }
        if (names > 1) {
            findings.add(FindingKind.SECOND_NAME, directory.key(), "directory " + number + " has " + names + " names");
        }
        if (!known) {
            findings.add(
                    FindingKind.PLACE,
                    directory.key(),
                    "directory " + number + " is not in " + directory.parent() + ", which it takes for its own");
        }
    }

    private void count(InodeRow inode) {
        add(usage.get(0L), inode);
        if (inode.quotaRoot() != 0) {
            add(usage.computeIfAbsent(inode.quotaRoot(), root -> new long[2]), inode);
        }
    }

    private static void add(long[] sums, InodeRow inode) {
        sums[0] += inode.type() == FileType.REGULAR ? inode.size() : 0;
        sums[1]++;
    }

    private void checkUsage() {
        Map<Long, long[]> wrong = new HashMap<>(usage);
        for (RowCursor<UsageRow> rows = tables.rows(UsageRow.class); rows.hasNext(); ) {
            UsageRow row = rows.next();
            long[] right = wrong.getOrDefault(row.root(), new long[2]);
            wrong.put(row.root(), new long[] {right[0] - row.bytes(), right[1] - row.inodes()});
        }
        wrong.forEach((root, by) -> {
            if (by[0] != 0 || by[1] != 0) {
                String text = "quota root " + root + " holds " + by[0] + " bytes and " + by[1]
                        + " inodes more than is counted";
                findings.add(FindingKind.USAGE, new RowKey.Usage(root), text, by[0], by[1]);
            }
        });
        long missing = entries - tables.progress().entries();
        if (missing != 0) {
            String text = "there are " + missing + " names more than are counted";
            findings.add(FindingKind.USAGE, new RowKey.Counter(Totals.ENTRIES), text, missing, 0);
        }
    }
}
