package org.cairnfs.core.metadata.row;

/** An inode without names that was open when its last name went; removed with the last close, or after grace. */
public record OrphanRow(long inode) implements Row {
    @Override
    public RowKey.Orphan key() {
        return new RowKey.Orphan(inode);
    }
}
