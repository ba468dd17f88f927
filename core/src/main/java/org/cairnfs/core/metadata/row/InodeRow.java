package org.cairnfs.core.metadata.row;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileType;

/**
 * An inode in the present.
 *
 * @param inode number, positive, never reused
 * @param generation incarnation in which it was made
 * @param mode permission bits 0 to 07777
 * @param uid unsigned 32 bits
 * @param gid unsigned 32 bits
 * @param nlink names; of a directory 2 + sub-directories; 0 for an orphan that is still open
 * @param size bytes of a regular file; target length of a symbolic link; 0 else
 * @param used bytes of a regular file that extents hold (dirty ranges are not counted until flushed)
 * @param device packed device numbers ({@link org.cairnfs.core.fs.DeviceNumber#packed()}), 0 if none
 * @param mtime nanoseconds since the epoch
 * @param ctime nanoseconds since the epoch
 * @param btime nanoseconds since the epoch
 * @param change strictly monotonic over the whole file system: incarnation in the upper 24 bits, a counter in the lower 40
 * @param parent of a directory: the directory that holds it (the root: itself); 0 else
 * @param content of a regular file: its content id; 0 else
 * @param target of a symbolic link; null else
 * @param entries of a directory: names in it; 0 else
 * @param nextCookie of a directory: the cookie that its next name gets, from 3; 0 else
 * @param xattrs number of extended attributes
 * @param quotaRoot the directory whose quota it counts for; 0 if none
 * @param verifier of the exclusive create that made it; 0 if none or past
 * @param flags bits, see {@code FLAG_*}
 * @param born epoch of the last change
 */
public record InodeRow(
        long inode,
        long generation,
        FileType type,
        int mode,
        int uid,
        int gid,
        int nlink,
        long size,
        long used,
        long device,
        long mtime,
        long ctime,
        long btime,
        long change,
        long parent,
        long content,
        Bytes target,
        long entries,
        long nextCookie,
        int xattrs,
        long quotaRoot,
        long verifier,
        int flags,
        long born)
        implements Row {

    /** Bit of {@link #flags}: hidden from every listing and look-up (staging of copies). */
    public static final int FLAG_HIDDEN = 1;

    /** Bit of {@link #flags}: removed, without names, and kept for a time: it has a {@link TrashRow}. */
    public static final int FLAG_TRASHED = 2;

    /** The {@link #quotaRoot} of what is in the trash, so that its usage is known: the number of no inode. */
    public static final long TRASH_ROOT = 1L << 40;

    @Override
    public RowKey.Inode key() {
        return new RowKey.Inode(inode);
    }

    /** A copy to be changed. */
    public InodeRowBuilder edit() {
        return new InodeRowBuilder(this);
    }

    public boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }

    public boolean isTrashed() {
        return (flags & FLAG_TRASHED) != 0;
    }
}
