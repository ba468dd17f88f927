package org.cairnfs.server.nfs.v4.testing;

import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;

/** Plays the journal of the file system under a server: each change takes the next sequence, and what is waited for is noted. */
public final class PlayedJournal implements UnaryOperator<FileSystem> {
    private static final Set<String> CHANGES =
            Set.of("create", "link", "rename", "remove", "setattr", "setattrOpen", "write", "writeOpen");

    private final AtomicLong journaled = new AtomicLong();
    private final AtomicLong synced = new AtomicLong();
    private volatile boolean diskFails;

    @Override
    public FileSystem apply(FileSystem model) {
        return Verbs.intercepted(model, (verb, arguments, usual) -> {
            if (verb.equals("awaitStable")) {
                if (diskFails && (Long) arguments[0] > synced.get()) {
                    throw new FsException(Errno.EIO, "the disk fails as the test wants it");
                }
                synced.accumulateAndGet((Long) arguments[0], Math::max);
            }
            Object result = usual.call();
            if (CHANGES.contains(verb)) {
                ((OpContext) arguments[0]).noteJournaled(journaled.incrementAndGet());
            }
            return result;
        });
    }

    /** From now on, nothing reaches the disk, or again everything. */
    public void diskFails(boolean fails) {
        diskFails = fails;
    }

    /** How many changes there were. */
    public long journaled() {
        return journaled.get();
    }

    /** Up to which change someone waited before an answer. */
    public long synced() {
        return synced.get();
    }
}
