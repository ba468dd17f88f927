package org.cairnfs.fuse.call;

import org.cairnfs.core.fs.Access;

/** Flags of open(2) as Linux has them on all machines that Cairn runs on. */
final class OpenFlags {
    static final int WRITE_ONLY = 1;
    static final int READ_WRITE = 2;
    static final int EXCLUSIVE = 0200;
    static final int TRUNCATE = 01000;

    /** FMODE_EXEC: the kernel opens it to run it. */
    private static final int TO_EXECUTE = 040;

    private static final int ACCESS_MODE = 3;

    private OpenFlags() {}

    /** The {@link Access} bits that these flags want. */
    static int access(int flags) {
        return switch (flags & ACCESS_MODE) {
            case WRITE_ONLY -> Access.WRITE;
            case READ_WRITE -> Access.READ | Access.WRITE;
            default -> (flags & TO_EXECUTE) != 0 ? Access.EXECUTE : Access.READ;
        };
    }

    static boolean wantsWrite(int flags) {
        return (access(flags) & Access.WRITE) != 0;
    }

    static boolean truncates(int flags) {
        return (flags & TRUNCATE) != 0;
    }

    static boolean isExclusive(int flags) {
        return (flags & EXCLUSIVE) != 0;
    }
}
