package org.cairnfs.core.metadata.row;

/**
 * An immutable tree.
 *
 * @param lock number, never reused
 * @param root inode of the tree
 * @param untilMillis wall clock until which it holds; 0 for ever
 * @param state 0 being filled in, 1 complete, 2 being released
 */
public record TreeLockRow(long lock, long root, long untilMillis, int state) implements Row {
    @Override
    public RowKey.TreeLock key() {
        return new RowKey.TreeLock(lock);
    }
}
