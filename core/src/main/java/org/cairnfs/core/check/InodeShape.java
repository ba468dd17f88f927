package org.cairnfs.core.check;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.InodeRowBuilder;

/** What the columns of an inode may hold, by its type, whatever else there is. Stateless. */
final class InodeShape {
    private static final int PERMISSIONS = 07777;
    private static final long FIRST_COOKIE = 3;

    private InodeShape() {}

    static boolean isSound(InodeRow row) {
        return normal(row).equals(row) && (row.type() != FileType.REGULAR || row.content() > 0);
    }

    /** The row with what its type cannot have put right; a file without content has to be given one besides. */
    static InodeRow normal(InodeRow row) {
        InodeRowBuilder edit = row.edit().mode(row.mode() & PERMISSIONS).nlink(Math.max(0, row.nlink()));
        switch (row.type()) {
            case DIRECTORY ->
                edit.size(0)
                        .nextCookie(Math.max(FIRST_COOKIE, row.nextCookie()))
                        .entries(Math.max(0, row.entries()));
            case REGULAR -> edit.size(Math.max(0, row.size())).used(Math.max(0, row.used()));
            case SYMLINK -> {
                Bytes target = row.target() == null ? Bytes.EMPTY : row.target();
                edit.target(target).size(target.length());
            }
            default -> edit.size(0);
        }
        if (!row.isDirectory()) {
            edit.parent(0).entries(0).nextCookie(0);
        }
        if (row.type() != FileType.REGULAR) {
            edit.content(0).used(0);
        }
        if (row.type() != FileType.SYMLINK) {
            edit.target(null);
        }
        if (!row.type().isDevice()) {
            edit.device(0);
        }
        return edit.build();
    }
}
