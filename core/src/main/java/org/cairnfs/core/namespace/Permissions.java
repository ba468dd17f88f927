package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.row.InodeRow;

/** Who may do what, from mode, owner and group alone: pure functions. */
final class Permissions {
    private static final int ALL = Access.READ | Access.WRITE | Access.EXECUTE;

    private Permissions() {}

    /**
     * The {@link Access} bits that a caller has. The first class that fits (owner, group, other) decides alone. The super-user
     * may do everything, but execute only what somebody may execute; to search a directory always.
     */
    static int granted(Credentials who, InodeRow inode) {
        int mode = inode.mode();
        if (who.isSuperUser()) {
            boolean executable = inode.isDirectory() || (mode & 0111) != 0;
            return executable ? ALL : ALL & ~Access.EXECUTE;
        }
        if (who.uid() == inode.uid()) {
            return (mode >> 6) & ALL;
        }
        return (who.isInGroup(inode.gid()) ? mode >> 3 : mode) & ALL;
    }

    /** @throws FsException EACCES unless the caller has this bit */
    static void require(Credentials who, InodeRow inode, int bit) throws FsException {
        if ((granted(who, inode) & bit) == 0) {
            throw new FsException(Errno.EACCES, "permission denied on inode " + inode.inode());
        }
    }

    /**
     * For reads and writes that come without an open file: an owner who opened the file and took the permission from
     * everyone goes on, as on a local file system (RFC 1813 section 4.4).
     *
     * @param bits of which one is enough
     * @throws FsException EACCES
     */
    static void requireAnyOrOwner(Credentials who, InodeRow inode, int bits) throws FsException {
        if (!isOwner(who, inode)) {
            require(who, inode, bits);
        }
    }

    /** To use names in a directory; EACCES. */
    static void requireSearch(Credentials who, InodeRow directory) throws FsException {
        require(who, directory, Access.EXECUTE);
    }

    /** To add a name to a directory that is searched already; ENOENT if it was removed, EACCES. */
    static void requireAddition(Credentials who, InodeRow directory) throws FsException {
        requirePresent(directory);
        require(who, directory, Access.WRITE);
    }

    /** That a directory was not removed while someone had it open; ENOENT. */
    static void requirePresent(InodeRow directory) throws FsException {
        if (directory.nlink() == 0) {
            throw new FsException(Errno.ENOENT, "directory " + directory.inode() + " was removed");
        }
    }

    /**
     * To take the name of {@code victim} from a directory that is searched already; EACCES, or EPERM where the directory is
     * sticky and neither it nor the victim belongs to the caller.
     */
    static void requireRemoval(Credentials who, InodeRow directory, InodeRow victim) throws FsException {
        require(who, directory, Access.WRITE);
        boolean sticky = (directory.mode() & ModeBits.STICKY) != 0;
        if (sticky && !isOwner(who, victim) && !isOwner(who, directory)) {
            throw new FsException(Errno.EPERM, "directory " + directory.inode() + " is sticky");
        }
    }

    /** @throws FsException EPERM unless the caller is the owner or the super-user */
    static void requireOwner(Credentials who, InodeRow inode) throws FsException {
        if (!isOwner(who, inode)) {
            throw new FsException(Errno.EPERM, "inode " + inode.inode() + " belongs to " + inode.uid());
        }
    }

    /** Whether the caller is the owner, or the super-user, who is everyone. */
    static boolean isOwner(Credentials who, InodeRow inode) {
        return who.isSuperUser() || who.uid() == inode.uid();
    }

    /** Whether the caller is in a group; the super-user is in all. */
    static boolean isMember(Credentials who, int gid) {
        return who.isSuperUser() || who.isInGroup(gid);
    }
}
