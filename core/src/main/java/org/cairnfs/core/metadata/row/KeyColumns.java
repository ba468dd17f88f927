package org.cairnfs.core.metadata.row;

import java.util.Arrays;
import java.util.List;

/** The columns of keys, as values: {@code Long}, {@code String}, or {@code byte[]} for names; and their order. */
public final class KeyColumns {
    private KeyColumns() {}

    /** The key's columns in the order of the DDL. */
    public static List<Object> of(RowKey key) {
        if (key instanceof RowKey.Dirent dirent) {
            return List.of(dirent.parent(), dirent.name().bytes());
        } else if (key instanceof RowKey.Xattr xattr) {
            return List.of(xattr.inode(), xattr.name().bytes());
        } else if (key instanceof RowKey.Extent extent) {
            return List.of(extent.content(), extent.offset());
        } else if (key instanceof RowKey.InodeLock lock) {
            return List.of(lock.inode(), lock.lock());
        } else if (key instanceof RowKey.Trash trash) {
            return List.of(trash.until(), trash.inode());
        } else if (key instanceof RowKey.Counter counter) {
            return List.of(counter.name());
        }
        return List.of(number(key));
    }

    private static long number(RowKey key) {
        if (key instanceof RowKey.Inode inode) {
            return inode.inode();
        } else if (key instanceof RowKey.Atime atime) {
            return atime.inode();
        } else if (key instanceof RowKey.Content content) {
            return content.content();
        } else if (key instanceof RowKey.Chunk chunk) {
            return chunk.chunk();
        } else if (key instanceof RowKey.Pack pack) {
            return pack.pack();
        } else if (key instanceof RowKey.Orphan orphan) {
            return orphan.inode();
        } else if (key instanceof RowKey.Work work) {
            return work.id();
        } else if (key instanceof RowKey.Usage usage) {
            return usage.root();
        } else if (key instanceof RowKey.Quota quota) {
            return quota.root();
        } else if (key instanceof RowKey.Snapshot snapshot) {
            return snapshot.number();
        } else if (key instanceof RowKey.TreeLock lock) {
            return lock.lock();
        } else if (key instanceof RowKey.Checkpoint checkpoint) {
            return checkpoint.sequence();
        }
        throw new IllegalArgumentException("not a key of one number: " + key);
    }

    /** Compares two keys of one table as the database does: column by column, bytes unsigned. */
    public static int compare(RowKey a, RowKey b) {
        List<Object> left = of(a);
        List<Object> right = of(b);
        for (int i = 0; i < left.size(); i++) {
            int order = compareColumn(left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compareColumn(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        } else if (a instanceof byte[] x && b instanceof byte[] y) {
            return Arrays.compareUnsigned(x, y);
        }
        return ((String) a).compareTo((String) b);
    }
}
