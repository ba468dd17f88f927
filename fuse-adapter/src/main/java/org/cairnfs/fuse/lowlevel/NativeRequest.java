package org.cairnfs.fuse.lowlevel;

import com.google.common.primitives.ImmutableIntArray;
import com.kenai.jffi.MemoryIO;
import org.cairnfs.fuse.call.Request;

/**
 * A request of the kernel, by the pointer that libfuse gave it. Valid until it is answered, which happens once; asked by one thread at a time.
 */
final class NativeRequest implements Request {
    private static final MemoryIO MEMORY = MemoryIO.getInstance();
    private static final int GROUPS_AT_FIRST = 64;

    /** What Linux lets a process have (NGROUPS_MAX). */
    private static final int MOST_GROUPS = 65_536;

    private final LibFuse library;
    private final long pointer;
    private final int uid;
    private final int gid;
    private final int pid;

    NativeRequest(LibFuse library, long pointer) {
        this.library = library;
        this.pointer = pointer;
        long context = library.fuse_req_ctx(pointer);
        uid = MEMORY.getInt(context);
        gid = MEMORY.getInt(context + Integer.BYTES);
        pid = MEMORY.getInt(context + 2L * Integer.BYTES);
    }

    @Override
    public int uid() {
        return uid;
    }

    @Override
    public int gid() {
        return gid;
    }

    @Override
    public int pid() {
        return pid;
    }

    /** None of a process that has ended, or that is none of this machine's. */
    @Override
    public ImmutableIntArray groups() {
        int room = GROUPS_AT_FIRST;
        while (true) {
            long list = MEMORY.allocateMemory((long) room * Integer.BYTES, false);
            try {
                int there = library.fuse_req_getgroups(pointer, room, list);
                if (there <= room) {
                    int[] groups = new int[Math.max(0, there)];
                    MEMORY.getIntArray(list, groups, 0, groups.length);
                    return ImmutableIntArray.copyOf(groups);
                }
                room = Math.min(there, MOST_GROUPS);
            } finally {
                MEMORY.freeMemory(list);
            }
        }
    }

    @Override
    public boolean isInterrupted() {
        return library.fuse_req_interrupted(pointer) != 0;
    }
}
