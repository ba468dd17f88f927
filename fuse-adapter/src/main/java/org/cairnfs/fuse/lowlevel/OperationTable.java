package org.cairnfs.fuse.lowlevel;

import com.kenai.jffi.MemoryIO;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import jnr.ffi.Runtime;

/**
 * A struct fuse_lowlevel_ops of libfuse 2.9: function pointers in the order of {@code fuse_lowlevel.h}, null where nothing is offered. Keeps what they
 * point to alive. Filled by one thread, before the session begins.
 */
final class OperationTable {
    /** The places in the structure, from {@code init} to {@code fallocate}. */
    enum Slot {
        INIT,
        DESTROY,
        LOOKUP,
        FORGET,
        GETATTR,
        SETATTR,
        READLINK,
        MKNOD,
        MKDIR,
        UNLINK,
        RMDIR,
        SYMLINK,
        RENAME,
        LINK,
        OPEN,
        READ,
        WRITE,
        FLUSH,
        RELEASE,
        FSYNC,
        OPENDIR,
        READDIR,
        RELEASEDIR,
        FSYNCDIR,
        STATFS,
        SETXATTR,
        GETXATTR,
        LISTXATTR,
        REMOVEXATTR,
        ACCESS,
        CREATE,
        GETLK,
        SETLK,
        BMAP,
        IOCTL,
        POLL,
        WRITE_BUF,
        RETRIEVE_REPLY,
        FORGET_MULTI,
        FLOCK,
        FALLOCATE;

        private final String request = "FUSE_" + name();

        /** What the kernel calls the request. */
        String request() {
            return request;
        }
    }

    static final int BYTES = Slot.values().length * Long.BYTES;

    private final MemoryIO memory = MemoryIO.getInstance();
    private final long address = memory.allocateMemory(BYTES, true);
    private final Map<Slot, Long> pointers = new EnumMap<>(Slot.class);
    private final List<Object> kept = new ArrayList<>();

    /** Puts a callback into its place. */
    <T> void put(Slot slot, Class<T> signature, T callback) {
        long pointer = Runtime.getSystemRuntime()
                .getClosureManager()
                .getClosurePointer(signature, callback)
                .address();
        pointers.put(slot, pointer);
        kept.add(callback);
    }

    /** Writes the structure, and tells where it is; valid while this object is. */
    long write() {
        long at = address;
        for (Slot slot : Slot.values()) {
            memory.putLong(at, pointers.getOrDefault(slot, 0L));
            at += Long.BYTES;
        }
        return address;
    }
}
