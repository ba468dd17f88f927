package org.cairnfs.core.metadata;

import java.util.Comparator;
import org.cairnfs.core.metadata.row.RowKey;

/** The order in which the database holds the keys of one table: column by column; bytes unsigned. */
enum KeyOrder implements Comparator<RowKey> {
    INSTANCE;

    @Override
    public int compare(RowKey a, RowKey b) {
        if (a instanceof RowKey.Dirent x && b instanceof RowKey.Dirent y) {
            int byParent = Long.compare(x.parent(), y.parent());
            return byParent != 0 ? byParent : x.name().compareTo(y.name());
        } else if (a instanceof RowKey.Xattr x && b instanceof RowKey.Xattr y) {
            int byInode = Long.compare(x.inode(), y.inode());
            return byInode != 0 ? byInode : x.name().compareTo(y.name());
        } else if (a instanceof RowKey.Extent x && b instanceof RowKey.Extent y) {
            int byContent = Long.compare(x.content(), y.content());
            return byContent != 0 ? byContent : Long.compare(x.offset(), y.offset());
        } else if (a instanceof RowKey.InodeLock x && b instanceof RowKey.InodeLock y) {
            int byInode = Long.compare(x.inode(), y.inode());
            return byInode != 0 ? byInode : Long.compare(x.lock(), y.lock());
        } else if (a instanceof RowKey.Counter x && b instanceof RowKey.Counter y) {
            return x.name().compareTo(y.name());
        }
        return Long.compare(number(a), number(b));
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
}
