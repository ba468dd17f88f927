package org.cairnfs.core.metadata;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.UsageRow;

/**
 * What each quota root holds, and the whole file system as root 0, kept by the differences between old and new inodes.
 * Any thread.
 */
final class Usages {
    private final ConcurrentMap<Long, UsageRow> roots = new ConcurrentHashMap<>();
    private final Set<Long> touched = ConcurrentHashMap.newKeySet();

    UsageRow of(long root) {
        return roots.getOrDefault(root, new UsageRow(root, 0, 0));
    }

    void load(Collection<UsageRow> rows) {
        for (UsageRow row : rows) {
            roots.put(row.root(), row);
        }
    }

    /** An inode changed; null stands for none. */
    void changed(InodeRow before, InodeRow after) {
        if (before != null
                && after != null
                && before.quotaRoot() == after.quotaRoot()
                && bytes(before) == bytes(after)) {
            return;
        }
        if (before != null) {
            add(before, -1);
        }
        if (after != null) {
            add(after, 1);
        }
    }

    private void add(InodeRow inode, int sign) {
        add(0, inode, sign);
        if (inode.quotaRoot() != 0) {
            add(inode.quotaRoot(), inode, sign);
        }
    }

    private void add(long root, InodeRow inode, int sign) {
        correct(new UsageRow(root, sign * bytes(inode), sign));
    }

    /** Adds a difference. */
    void correct(UsageRow difference) {
        long root = difference.root();
        roots.merge(root, difference, (a, b) -> new UsageRow(root, a.bytes() + b.bytes(), a.inodes() + b.inodes()));
        touched.add(root);
    }

    /** The numbers that changed since the last call. */
    List<UsageRow> takeTouched() {
        List<UsageRow> rows = new ArrayList<>();
        for (Iterator<Long> next = touched.iterator(); next.hasNext(); ) {
            long root = next.next();
            next.remove();
            rows.add(of(root));
        }
        return rows;
    }

    private static long bytes(InodeRow inode) {
        return inode.type() == FileType.REGULAR ? inode.size() : 0;
    }
}
