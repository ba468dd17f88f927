package org.cairnfs.fuse.call;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs verbs for callers, and runs them again while the file system says EAGAIN: that a client of NFS gives back what it was promised, or
 * that journal and dirty data are at their bounds. A program does not expect EAGAIN from a file, so it waits, as it does for a slow
 * disk, until there is an answer or a signal comes.
 *
 * <p>Safe for any number of threads.
 */
final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Blocking blocking;

    Patience(Blocking blocking) {
        this.blocking = blocking;
    }

    /** What a caller wants of the file system; may be run several times, of which the last one counts. */
    interface Verb<T> {
        T run(OpContext op) throws FsException, Refusal;
    }

    /** Runs a verb in the caller's name, with all its groups. */
    <T> T run(Request request, Verb<T> verb) throws Refusal {
        return run(request, credentials(request), verb);
    }

    /** Runs a verb that asks for no permission, as the kernel has asked already: see {@code docs/fuse.md}. */
    <T> T runTrusted(Request request, Verb<T> verb) throws Refusal {
        return run(request, Credentials.ROOT, verb);
    }

    <T> T run(Request request, Credentials who, Verb<T> verb) throws Refusal {
        try {
            return verb.run(new OpContext(who));
        } catch (FsException e) {
            if (e.errno() != Errno.EAGAIN) {
                throw refusal(e);
            }
        }
        blocking.begin();
        try {
            return runAgain(request, who, verb);
        } finally {
            blocking.end();
        }
    }

    private static <T> T runAgain(Request request, Credentials who, Verb<T> verb) throws Refusal {
        for (long pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
            if (request.isInterrupted()) {
                throw new Refusal(Refusal.EINTR, "the caller does not wait any more");
            }
            LockSupport.parkNanos(pause);
            try {
                return verb.run(new OpContext(who));
            } catch (FsException e) {
                if (e.errno() != Errno.EAGAIN) {
                    throw refusal(e);
                }
            }
        }
    }

    private static Refusal refusal(FsException failure) {
        if (failure.errno() == Errno.EIO) {
            LOG.error("A call of the mount failed: {}", failure.getMessage(), failure);
        }
        return Refusal.of(failure);
    }

    /** Whose call it is: of the super-user, no groups are asked for, as nothing depends on them. */
    static Credentials credentials(Request request) {
        return request.uid() == 0
                ? Credentials.of(0, request.gid())
                : new Credentials(request.uid(), request.gid(), request.groups());
    }
}
