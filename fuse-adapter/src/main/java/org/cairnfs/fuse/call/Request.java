package org.cairnfs.fuse.call;

import com.google.common.primitives.ImmutableIntArray;

/** One call of the kernel: who makes it. Used by one thread at a time. */
public interface Request {
    /** Unsigned 32-bit user id of the calling process. */
    int uid();

    /** Unsigned 32-bit group id of the calling process. */
    int gid();

    /** Number of the calling process; 0 if it is not known here. */
    int pid();

    /** Supplementary groups of the calling process; costs a look at the process, so only who needs them asks. */
    ImmutableIntArray groups();

    /** Whether the caller does not wait for the answer any more, as it got a signal. */
    boolean isInterrupted();
}
