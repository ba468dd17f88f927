package org.cairnfs.core.metadata.row;

/**
 * A content that more than one inode points to; one that is not listed has exactly one owner.
 *
 * @param content id, never reused
 * @param references inodes that point to it, in the present; over 1
 * @param born epoch of the last change
 */
public record ContentRow(long content, long references, long born) implements Row {
    @Override
    public RowKey.Content key() {
        return new RowKey.Content(content);
    }
}
