package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.metadata.row.InodeRow;

/** What happens to permission bits on their own: inheritance from setgid directories, and loss of setuid and setgid. */
final class ModeBits {
    static final int ALL = 07777;
    static final int SET_UID = 04000;
    static final int SET_GID = 02000;
    static final int STICKY = 01000;
    static final int GROUP_EXECUTE = 00010;

    /** Of every symbolic link, for ever: Linux looks at it nowhere. */
    static final int SYMLINK = 0777;

    private ModeBits() {}

    /**
     * The bits of a new inode. A directory in a setgid directory is setgid too; an executable there loses setgid when its
     * creator is not in the directory's group, as it would lend a privilege that the creator does not have.
     *
     * @param wanted bits asked for
     */
    static int ofNew(Credentials who, InodeRow parent, FileType type, int wanted) {
        if (type == FileType.SYMLINK) {
            return SYMLINK;
        }
        int bits = wanted & ALL;
        if ((parent.mode() & SET_GID) == 0) {
            return bits;
        }
        if (type == FileType.DIRECTORY) {
            return bits | SET_GID;
        }
        boolean lendsGroup = (bits & SET_GID) != 0 && (bits & GROUP_EXECUTE) != 0;
        return lendsGroup && !Permissions.isMember(who, parent.gid()) ? bits & ~SET_GID : bits;
    }

    /**
     * The bits after chmod(2): setgid is not for those outside the group.
     *
     * @param gid group of the inode after the operation
     */
    static int afterChmod(Credentials who, int gid, int wanted) {
        int bits = wanted & ALL;
        return Permissions.isMember(who, gid) ? bits : bits & ~SET_GID;
    }

    /** The bits after chown(2), by anyone: see {@link #withoutSetIds}; directories keep theirs. */
    static int afterChown(Credentials who, InodeRow inode) {
        return inode.isDirectory() ? inode.mode() : withoutSetIds(who, inode);
    }

    /** The bits after a change of contents: the super-user's leaves them, anyone else's takes setuid and setgid away. */
    static int afterWrite(Credentials who, InodeRow file) {
        return who.isSuperUser() ? file.mode() : withoutSetIds(who, file);
    }

    /**
     * Without setuid; without setgid too where it lends the group (with group execute), or where the caller is not in the
     * group. Setgid without group execute once meant mandatory locking, and stays for members.
     */
    private static int withoutSetIds(Credentials who, InodeRow inode) {
        int bits = inode.mode() & ~SET_UID;
        boolean keep = (bits & GROUP_EXECUTE) == 0 && Permissions.isMember(who, inode.gid());
        return keep ? bits : bits & ~SET_GID;
    }
}
