package org.cairnfs.fuse.call;

import java.nio.ByteBuffer;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.lock.LockClient;
import org.cairnfs.core.lock.LockOwner;
import org.cairnfs.core.lock.ShareTable;

/** The names that the mount has in the tables of locks and shares. */
final class Owners {
    /** Who holds locks of fcntl(2), and has files open. */
    static final LockClient MOUNT = new LockClient(LockClient.FUSE, 0);

    /** Who holds locks of flock(2), which Linux keeps apart from the others on one machine. */
    static final LockClient WHOLE_FILES = new LockClient(LockClient.FLOCK, 0);

    static final int SHARE_READ = ShareTable.READ;

    private Owners() {}

    /** Of an open file, as far as it stands in the way of others who open the file. */
    static LockOwner ofOpen(long file) {
        return named(MOUNT, file);
    }

    /** Of the locks of fcntl(2) of one process, by the number that the kernel gives it. */
    static LockOwner ofProcess(long lockOwner) {
        return named(MOUNT, lockOwner);
    }

    /** Of the lock of flock(2) of one open file, by the number that the kernel gives it. */
    static LockOwner ofFlock(long lockOwner) {
        return named(WHOLE_FILES, lockOwner);
    }

    /** {@link ShareTable} bits of {@link Access} bits. */
    static int shareOf(int access) {
        return ((access & Access.READ) != 0 ? ShareTable.READ : 0)
                | ((access & Access.WRITE) != 0 ? ShareTable.WRITE : 0);
    }

    private static LockOwner named(LockClient client, long number) {
        return new LockOwner(
                client,
                Bytes.ofTrusted(ByteBuffer.allocate(Long.BYTES).putLong(number).array()));
    }
}
