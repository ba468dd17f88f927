package org.cairnfs.core.metadata.row;

/** An inode that is immutable by a tree lock. */
public record InodeLockRow(long inode, long lock) implements Row {
    @Override
    public RowKey.InodeLock key() {
        return new RowKey.InodeLock(inode, lock);
    }
}
