package org.cairnfs.core.testkit;

import static org.cairnfs.core.fs.Access.EXECUTE;
import static org.cairnfs.core.fs.Access.READ;
import static org.cairnfs.core.fs.Access.WRITE;

import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;

/** Who may do what, by the reference model: pure functions, which know nothing of the real file system's rules. */
final class ModelRules {
    static final int SETUID = 04000;
    static final int SETGID = 02000;
    static final int STICKY = 01000;

    private ModelRules() {}

    /** The access bits that a caller has: the first class that fits decides; root needs an x bit to execute a file. */
    static int permissions(Credentials who, ModelInode inode) {
        if (who.isSuperUser()) {
            boolean execute = inode.type == FileType.DIRECTORY || (inode.mode & 0111) != 0;
            return execute ? READ | WRITE | EXECUTE : READ | WRITE;
        }
        if (who.uid() == inode.uid) {
            return inode.mode >> 6 & 7;
        }
        return (who.isInGroup(inode.gid) ? inode.mode >> 3 : inode.mode) & 7;
    }

    static void need(Credentials who, ModelInode inode, int bit) throws FsException {
        check((permissions(who, inode) & bit) != 0, Errno.EACCES);
    }

    /** Any of the bits, or ownership: what an NFS server, which knows no open files, has to allow. */
    static void needOrOwner(Credentials who, ModelInode inode, int bits) throws FsException {
        check(isOwner(who, inode) || (permissions(who, inode) & bits) != 0, Errno.EACCES);
    }

    /** A name may be added to a directory. */
    static void needCreate(Credentials who, ModelInode directory) throws FsException {
        check(directory.nlink > 0, Errno.ENOENT);
        need(who, directory, WRITE);
    }

    /** A name may be taken from a directory: a sticky one gives it up to the owner of either only. */
    static void needDelete(Credentials who, ModelInode directory, ModelInode victim) throws FsException {
        need(who, directory, WRITE);
        boolean sticky = (directory.mode & STICKY) != 0;
        check(!sticky || isOwner(who, victim) || isOwner(who, directory), Errno.EPERM);
    }

    static boolean isOwner(Credentials who, ModelInode inode) {
        return who.isSuperUser() || who.uid() == inode.uid;
    }

    static boolean isMember(Credentials who, int gid) {
        return who.isSuperUser() || who.isInGroup(gid);
    }

    /** setuid goes; setgid goes where it means a privilege (with group execute) or the caller is not in the group. */
    static void dropSetIds(Credentials who, ModelInode inode) {
        inode.mode &= ~SETUID;
        if ((inode.mode & 010) != 0 || !isMember(who, inode.gid)) {
            inode.mode &= ~SETGID;
        }
    }

    static boolean isAtOrAbove(ModelInode upper, ModelInode lower) {
        ModelInode at = lower;
        while (at != upper && at.parent != at) {
            at = at.parent;
        }
        return at == upper;
    }

    static void checkSize(FileType type, Long size) throws FsException {
        if (size != null) {
            check(type != FileType.DIRECTORY, Errno.EISDIR);
            check(type == FileType.REGULAR && size >= 0, Errno.EINVAL);
        }
    }

    static void checkTarget(CreateRequest request) throws FsException {
        if (request.type() == FileType.SYMLINK) {
            check(request.target() != null && request.target().length() > 0, Errno.EINVAL);
            check(request.target().length() <= FileSystem.MAX_SYMLINK_BYTES, Errno.ENAMETOOLONG);
            for (byte b : request.target().toArray()) {
                check(b != 0, Errno.EINVAL);
            }
        }
    }

    /** Linux' xattr_permission(): each prefix has its rule. */
    static void needXattr(Credentials who, ModelInode inode, Name name, int bit) throws FsException {
        String text = name.toString();
        boolean write = bit == WRITE;
        if (text.startsWith("user.")) {
            check(text.length() > "user.".length(), Errno.EINVAL);
            boolean directory = inode.type == FileType.DIRECTORY;
            check(directory || inode.type == FileType.REGULAR, write ? Errno.EPERM : Errno.ENODATA);
            boolean sticky = directory && (inode.mode & STICKY) != 0;
            check(!write || !sticky || isOwner(who, inode), Errno.EPERM);
            need(who, inode, bit);
        } else if (text.startsWith("trusted.")) {
            check(text.length() > "trusted.".length(), Errno.EINVAL);
            check(who.isSuperUser(), write ? Errno.EPERM : Errno.ENODATA);
        } else if (text.startsWith("security.")) {
            check(text.length() > "security.".length(), Errno.EINVAL);
            check(who.isSuperUser() || !write, Errno.EPERM);
        } else {
            throw fail(Errno.ENOTSUP);
        }
    }

    static void check(boolean holds, Errno otherwise) throws FsException {
        if (!holds) {
            throw fail(otherwise);
        }
    }

    static FsException fail(Errno errno) {
        return new FsException(errno, "refused by the model");
    }
}
