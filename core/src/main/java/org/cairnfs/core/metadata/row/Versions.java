package org.cairnfs.core.metadata.row;

/** The epoch of rows that have one; see {@link Table#versioned()}. */
public final class Versions {
    private Versions() {}

    /**
     * The epoch of the row's last change.
     *
     * @throws IllegalArgumentException if its table is not versioned
     */
    public static long born(Row row) {
        if (row instanceof InodeRow inode) {
            return inode.born();
        } else if (row instanceof DirentRow dirent) {
            return dirent.born();
        } else if (row instanceof ExtentRow extent) {
            return extent.born();
        } else if (row instanceof XattrRow xattr) {
            return xattr.born();
        } else if (row instanceof ContentRow content) {
            return content.born();
        }
        throw new IllegalArgumentException("not versioned: " + Table.of(row));
    }

    /** The row as last changed in {@code epoch}; itself, if its table is not versioned. */
    public static Row withBorn(Row row, long epoch) {
        if (row instanceof InodeRow inode) {
            return inode.born() == epoch ? inode : inode.edit().born(epoch).build();
        } else if (row instanceof DirentRow dirent) {
            return new DirentRow(dirent.parent(), dirent.name(), dirent.inode(), dirent.cookie(), epoch);
        } else if (row instanceof ExtentRow extent) {
            return new ExtentRow(
                    extent.content(), extent.offset(), extent.length(), extent.chunk(), extent.chunkOffset(), epoch);
        } else if (row instanceof XattrRow xattr) {
            return new XattrRow(xattr.inode(), xattr.name(), xattr.value(), epoch);
        } else if (row instanceof ContentRow content) {
            return new ContentRow(content.content(), content.references(), epoch);
        }
        return row;
    }
}
