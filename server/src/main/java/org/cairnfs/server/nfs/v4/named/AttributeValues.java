package org.cairnfs.server.nfs.v4.named;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.XattrFlag;

/**
 * The values of extended attributes, which are set as a whole, changed in parts as files are.
 *
 * <p>Safe for use by any number of threads: what reads a value and sets it again holds one of {@code locks}, by the inode; nobody
 * waits for it but who changes an attribute in parts, too. A value that is set as a whole by another way meanwhile is overwritten.
 */
final class AttributeValues {
    private static final int LOCKS = 64;

    private final FileSystem inodes;
    private final Object[] locks = new Object[LOCKS];

    AttributeValues(FileSystem inodes) {
        this.inodes = inodes;
        Arrays.setAll(locks, i -> new Object());
    }

    /** A change of a value. */
    private interface Edit {
        byte[] of(byte[] present) throws FsException;
    }

    /** The value, whoever asks; ENODATA. */
    byte[] get(FileHandle inode, Name attribute) throws FsException {
        return inodes.getXattr(new OpContext(Credentials.ROOT), inode, attribute)
                .toArray();
    }

    /** Puts bytes at an offset, growing the value by zeros if need be; EFBIG past the longest value. Returns the new length. */
    int write(OpContext op, FileHandle inode, Name attribute, long offset, ByteBuffer data) throws FsException {
        int length = data.remaining();
        requireLength(offset, length);
        return edit(op, inode, attribute, present -> {
            byte[] value = Arrays.copyOf(present, Math.max(present.length, (int) offset + length));
            data.duplicate().get(value, (int) offset, length);
            return value;
        });
    }

    /** Cuts the value, or grows it by zeros; EFBIG past the longest value. */
    int resize(OpContext op, FileHandle inode, Name attribute, long length) throws FsException {
        requireLength(0, length);
        return edit(op, inode, attribute, present -> Arrays.copyOf(present, (int) length));
    }

    static void requireLength(long offset, long length) throws FsException {
        if (offset > FileSystem.MAX_XATTR_BYTES - length) {
            throw new FsException(
                    Errno.EFBIG, "a named attribute of more than " + FileSystem.MAX_XATTR_BYTES + " bytes");
        }
    }

    private int edit(OpContext op, FileHandle inode, Name attribute, Edit edit) throws FsException {
        synchronized (locks[Math.floorMod(Long.hashCode(inode.inode()), LOCKS)]) {
            byte[] value = edit.of(get(inode, attribute));
            inodes.setXattr(op, inode, attribute, Bytes.ofTrusted(value), XattrFlag.REPLACE);
            return value.length;
        }
    }
}
