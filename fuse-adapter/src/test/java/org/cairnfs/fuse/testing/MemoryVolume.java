package org.cairnfs.fuse.testing;

import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.VerbsSubject;
import org.cairnfs.fuse.call.Shared;

/** The real verbs over memory, and the tables that adapters share. */
public final class MemoryVolume implements AutoCloseable {
    private static final int MANY = 10_000;

    private final ExecutorService teller = Executors.newSingleThreadExecutor();
    private final LeaseTable leases = new LeaseTable();
    private final VerbsSubject subject = VerbsSubject.inMemory(MemoryVolume::now);
    private final Shared shared;
    private volatile boolean grace;

    public MemoryVolume() {
        subject.restartWith(leases);
        subject.fileSystem().endGrace();
        shared = new Shared(
                subject.fileSystem(),
                new RangeLocks(MANY, MANY, teller),
                new ShareTable(MANY, MANY),
                leases,
                () -> grace);
    }

    private static long now() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    public Shared shared() {
        return shared;
    }

    public LeaseTable leases() {
        return leases;
    }

    /** The same file system for another adapter. */
    public Shell shell() {
        return new Shell(subject.fileSystem());
    }

    /** Locks a tree for good, as {@code cairn lock} does. */
    public void lock(String path) throws FsException {
        subject.treeLocking().lock(shell().at(path).inode(), 0);
    }

    /** Has clients of NFS take back their locks, or not any more. */
    public void setGrace(boolean now) {
        grace = now;
    }

    @Override
    public void close() {
        teller.shutdownNow();
        subject.close();
    }
}
