package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.row.InodeRowBuilder;

/** The first inode of a file system, its own parent. */
public final class RootDirectory {
    /** Its number. */
    public static final long INODE = 1;

    private RootDirectory() {}

    /**
     * Makes it, mode 0755, if it is not there: the first thing done to new metadata.
     *
     * @param uid owner
     * @param gid group
     */
    public static void ensure(MetadataStore store, int uid, int gid) throws FsException {
        if (store.view().inode(INODE).isPresent()) {
            return;
        }
        store.mutate(transaction -> {
            long number = transaction.newInode();
            if (number != INODE) {
                throw new IllegalStateException(
                        "the root directory is missing, and inodes up to " + number + " were made");
            }
            long now = transaction.now();
            transaction.put(new InodeRowBuilder(number, transaction.incarnation(), FileType.DIRECTORY)
                    .mode(0755)
                    .uid(uid)
                    .gid(gid)
                    .nlink(2)
                    .mtime(now)
                    .ctime(now)
                    .btime(now)
                    .change(transaction.nextChange())
                    .parent(number)
                    .nextCookie(Creation.FIRST_COOKIE)
                    .build());
            return null;
        });
    }
}
