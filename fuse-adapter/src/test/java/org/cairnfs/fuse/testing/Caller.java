package org.cairnfs.fuse.testing;

import com.google.common.primitives.ImmutableIntArray;
import org.cairnfs.fuse.call.Request;

/** A process that calls. May be interrupted by any thread. */
public final class Caller implements Request {
    /** A process of the super-user. */
    public static final Caller ROOT = new Caller(0, 0);

    private final int uid;
    private final int gid;
    private final ImmutableIntArray groups;
    private volatile boolean interrupted;

    public Caller(int uid, int gid, int... groups) {
        this.uid = uid;
        this.gid = gid;
        this.groups = ImmutableIntArray.copyOf(groups);
    }

    @Override
    public int uid() {
        return uid;
    }

    @Override
    public int gid() {
        return gid;
    }

    /** The same as the user, which is enough to tell callers apart. */
    @Override
    public int pid() {
        return uid;
    }

    @Override
    public ImmutableIntArray groups() {
        return groups;
    }

    @Override
    public boolean isInterrupted() {
        return interrupted;
    }

    /** Sends it a signal. */
    public void interrupt() {
        interrupted = true;
    }
}
