package org.cairnfs.server.app;

import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.objectstore.StoreMetrics;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;

/**
 * One open file system, as those who operate it see it.
 *
 * <p>Safe for any number of threads. {@link #status} is quick and never waits for the object store; {@link #statistics} may
 * count rows and take seconds.
 */
public interface Volume {
    /** What adapters serve; valid until {@link #stop}. */
    FileSystem fileSystem();

    /** A secret of the file system for {@link org.cairnfs.server.nfs.export.HandleCodec}: the same wherever and whenever it is served. */
    byte[] handleKey();

    /** What {@link #fileSystem} asks before each change; empty if it changes by itself, as one that only follows does. */
    Optional<LeaseTable> leases();

    VolumeStatus status();

    /** What went to and from the object store since this volume was opened. */
    StoreMetrics storeMetrics();

    VolumeStatistics statistics() throws CairnException;

    /** Its caches, its bandwidth and its compression. */
    Tuning tuning();

    /** Its trees. */
    Trees trees();

    /** What was removed and is kept. */
    VolumeTrash trash();

    /** Its snapshots. */
    VolumeSnapshots snapshots();

    /** Its checks. */
    VolumeChecks checks();

    /** Uploads everything that is dirty now and ships the metadata up to it; returns when it is in the object store. */
    void flush(Progress progress) throws CairnException;

    /**
     * Gives back what nothing in the bucket needs any more.
     *
     * @param dropRestorePoints whether nothing but the present is to be restored from now on
     * @param dryRun whether only to say what would be done
     */
    GarbageReport collectGarbage(boolean dropRestorePoints, boolean dryRun, Progress progress) throws CairnException;

    /**
     * Ends this volume cleanly: uploads, checkpoints, gives the bucket back, closes. New mutations are refused from the call
     * on. When uploading does not end within the time-out, all is kept locally, to be uploaded after the next start.
     * A second call waits for the first and gives its result.
     *
     * @return whether everything is in the object store
     */
    boolean stop(Duration uploadTimeout, Progress progress) throws CairnException;

    /**
     * Ends this volume as a crash would, in a process that is not sound any more: uploads, syncs and gives back nothing. The next
     * start recovers from the journal. After {@link #stop} it does nothing.
     */
    void abandon();

    /** Waits until the volume failed (and refuses everything from then on); returns why. Interruptible. */
    CairnException awaitFailure() throws InterruptedException;
}
