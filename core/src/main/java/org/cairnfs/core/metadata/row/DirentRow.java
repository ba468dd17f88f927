package org.cairnfs.core.metadata.row;

import org.cairnfs.core.fs.Name;

/**
 * A name in a directory.
 *
 * @param parent inode of the directory
 * @param name unique in it
 * @param inode that it leads to
 * @param cookie place in listings, unique in the directory, from 3, never reused there
 * @param born epoch of the last change
 */
public record DirentRow(long parent, Name name, long inode, long cookie, long born) implements Row {
    @Override
    public RowKey.Dirent key() {
        return new RowKey.Dirent(parent, name);
    }
}
