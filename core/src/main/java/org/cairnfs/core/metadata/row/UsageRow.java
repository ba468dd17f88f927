package org.cairnfs.core.metadata.row;

/**
 * What a quota root (or, as root 0, the whole file system) holds; unversioned, absolute.
 *
 * @param root inode of the quota root, 0 for the whole
 * @param bytes sum of the sizes of regular files
 * @param inodes count
 */
public record UsageRow(long root, long bytes, long inodes) implements Row {
    @Override
    public RowKey.Usage key() {
        return new RowKey.Usage(root);
    }
}
