package org.cairnfs.core.metadata.row;

/**
 * The access time of an inode, kept apart and not versioned; an inode without one has its birth time.
 *
 * @param atime nanoseconds since the epoch
 */
public record AtimeRow(long inode, long atime) implements Row {
    @Override
    public RowKey.Atime key() {
        return new RowKey.Atime(inode);
    }
}
