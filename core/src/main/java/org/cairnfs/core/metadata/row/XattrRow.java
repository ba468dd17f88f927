package org.cairnfs.core.metadata.row;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Name;

/**
 * An extended attribute.
 *
 * @param name with its prefix
 * @param value 0 to 65,536 bytes
 * @param born epoch of the last change
 */
public record XattrRow(long inode, Name name, Bytes value, long born) implements Row {
    @Override
    public RowKey.Xattr key() {
        return new RowKey.Xattr(inode, name);
    }
}
