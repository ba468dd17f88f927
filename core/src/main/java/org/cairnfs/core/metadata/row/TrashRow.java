package org.cairnfs.core.metadata.row;

import org.cairnfs.core.fs.Name;

/**
 * A removed inode that is kept for a time; it has no names, and {@link InodeRow#FLAG_TRASHED}. In the order of their ends.
 *
 * @param until wall clock when it goes, nanoseconds since the epoch
 * @param parent inode of the directory from which it was removed; may be removed itself
 * @param name under which it was in it
 * @param directory whether it is a directory, an empty one
 * @param removed wall clock when it was removed, nanoseconds since the epoch
 */
public record TrashRow(long until, long inode, long parent, Name name, boolean directory, long removed) implements Row {
    @Override
    public RowKey.Trash key() {
        return new RowKey.Trash(until, inode);
    }
}
