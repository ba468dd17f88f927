package org.cairnfs.fuse.call;

import java.util.List;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.XattrFlag;

/** Calls on extended attributes, whose names come with their prefix. Safe for any number of threads. */
public final class XattrCalls {
    /** XATTR_CREATE of setxattr(2). */
    private static final int CREATE = 1;

    /** XATTR_REPLACE of setxattr(2). */
    private static final int REPLACE = 2;

    private final FileSystem fileSystem;
    private final Inodes inodes;
    private final Patience patience;

    XattrCalls(FileSystem fileSystem, Inodes inodes, Patience patience) {
        this.fileSystem = fileSystem;
        this.inodes = inodes;
        this.patience = patience;
    }

    /** GETXATTR. */
    public Bytes get(Request request, long inode, byte[] name) throws Refusal {
        FileHandle handle = inodes.get(inode).handle();
        return patience.run(request, op -> fileSystem.getXattr(op, handle, Name.of(name)));
    }

    /** SETXATTR; the flags are those of setxattr(2). */
    public void set(Request request, long inode, byte[] name, byte[] value, int flags) throws Refusal {
        FileHandle handle = inodes.get(inode).handle();
        XattrFlag flag = (flags & CREATE) != 0
                ? XattrFlag.CREATE
                : (flags & REPLACE) != 0 ? XattrFlag.REPLACE : XattrFlag.EITHER;
        Bytes bytes = Bytes.ofTrusted(value);
        patience.run(request, op -> fileSystem.setXattr(op, handle, Name.of(name), bytes, flag));
    }

    /** LISTXATTR: the names, each ended by a NUL. */
    public byte[] list(Request request, long inode) throws Refusal {
        FileHandle handle = inodes.get(inode).handle();
        List<Name> names = patience.run(request, op -> fileSystem.listXattrs(op, handle));
        byte[] list =
                new byte[names.stream().mapToInt(name -> name.length() + 1).sum()];
        int at = 0;
        for (Name name : names) {
            System.arraycopy(name.bytes(), 0, list, at, name.length());
            at += name.length() + 1;
        }
        return list;
    }

    /** REMOVEXATTR. */
    public void remove(Request request, long inode, byte[] name) throws Refusal {
        FileHandle handle = inodes.get(inode).handle();
        patience.run(request, op -> fileSystem.removeXattr(op, handle, Name.of(name)));
    }
}
