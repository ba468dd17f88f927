package org.cairnfs.core.metadata.row;

/**
 * An immutable tree.
 *
 * @param lock number, never reused
 * @param root inode of the tree
 * @param untilMillis wall clock until which it holds; 0 for ever
 * @param state {@link #BEING_FILLED}, {@link #COMPLETE} or {@link #BEING_RELEASED}
 */
public record TreeLockRow(long lock, long root, long untilMillis, int state) implements Row {
    /** The rows of its inodes are being put. */
    public static final int BEING_FILLED = 0;

    /** Each inode that it holds has its row. */
    public static final int COMPLETE = 1;

    /** It holds nothing any more; the rows of its inodes are being deleted. */
    public static final int BEING_RELEASED = 2;

    @Override
    public RowKey.TreeLock key() {
        return new RowKey.TreeLock(lock);
    }

    public boolean isBeingFilled() {
        return state == BEING_FILLED;
    }

    public boolean isBeingReleased() {
        return state == BEING_RELEASED;
    }

    /** Whether it ends by itself. */
    public boolean isDated() {
        return untilMillis != 0;
    }

    public TreeLockRow withState(int other) {
        return new TreeLockRow(lock, root, untilMillis, other);
    }

    public TreeLockRow withUntil(long millis) {
        return new TreeLockRow(lock, root, millis, state);
    }
}
