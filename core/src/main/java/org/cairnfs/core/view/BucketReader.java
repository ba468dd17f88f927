package org.cairnfs.core.view;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.cache.DiskCache;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.MetadataLostException;
import org.cairnfs.core.metadata.h2.DatabaseOptions;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.shipping.BarrierMark;
import org.cairnfs.core.shipping.ChainSearch;
import org.cairnfs.core.shipping.ShippedLog;
import org.cairnfs.core.volume.LocalKeys;
import org.cairnfs.core.volume.VolumeException;
import org.cairnfs.core.volume.VolumeOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a bucket without its lease, in a directory of its own: makes views of barriers. The directory may be kept, and then the next
 * reader fetches only what came since.
 *
 * <p>Thread-safe; one view is made at a time, under this monitor. Views live on until they are closed, all of them before the reader.
 */
public final class BucketReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BucketReader.class);
    private static final long PAGE_CACHE_BYTES = 16L << 20;

    /** How often the chain is read again whose objects were collected while it was read. */
    private static final int TRIES = 3;

    private final Bucket bucket;
    private final ViewDirectory directory;
    private final ViewBase base;
    private final BucketView.Shared shared;
    private volatile long heapBytes;

    private BucketReader(
            Bucket bucket, ViewDirectory directory, VolumeOptions.Caches caches, Consumer<Throwable> failed)
            throws IOException {
        LocalKeys keys = new LocalKeys(bucket.keys(), directory.id());
        this.bucket = bucket;
        this.directory = directory;
        this.heapBytes = caches.heapBytes();
        this.base = new ViewBase(bucket, directory, database(keys));
        this.shared = new BucketView.Shared(
                bucket,
                keys,
                () -> heapBytes,
                caches.diskBytes() > 0
                        ? Optional.of(new DiskCache(directory.cache(), caches.diskBytes()))
                        : Optional.empty(),
                failed);
    }

    /**
     * Opens a reader; nothing is fetched yet.
     *
     * @param bucket closed by the caller, after the reader
     * @param directory made if it is not there; locked until the reader is closed
     * @throws VolumeException of kind LOCAL_STORAGE if another process has the directory, or it cannot be used; STATE_MISMATCH if it is
     *     of another file system
     */
    public static BucketReader open(Bucket bucket, Path directory, VolumeOptions.Caches caches) throws VolumeException {
        return open(bucket, directory, caches, cause -> LOG.error("a view failed: {}", cause.toString()));
    }

    /**
     * The same.
     *
     * @param failed told when a view cannot go on as its files cannot be used
     */
    static BucketReader open(Bucket bucket, Path directory, VolumeOptions.Caches caches, Consumer<Throwable> failed)
            throws VolumeException {
        try {
            ViewDirectory taken = ViewDirectory.take(directory, bucket.format().fileSystem());
            try {
                return new BucketReader(bucket, taken, caches, failed);
            } catch (IOException | RuntimeException e) {
                taken.close();
                throw e;
            }
        } catch (IOException e) {
            throw new VolumeException(VolumeException.Kind.LOCAL_STORAGE, e.toString(), e);
        }
    }

    /** How databases of views and their base run. */
    static DatabaseOptions database(LocalKeys keys) {
        return keys.database().withCacheBytes(PAGE_CACHE_BYTES);
    }

    /**
     * Makes a view of the newest barrier.
     *
     * @param progress told the bytes of metadata that are fetched for a checkpoint
     * @throws VolumeException of kind STATE_MISMATCH if nothing was ever shipped to the bucket; ROLLED_BACK if its chain is shorter
     *     than it was, or goes another way
     */
    public BucketView newest(LongConsumer progress) throws VolumeException {
        return look(Optional.empty(), progress).view().orElseThrow();
    }

    /**
     * What there is to see.
     *
     * @param view of the newest barrier; empty if that is the known one
     * @param seen the last log object in the bucket: a later barrier has later ones
     */
    record Look(Optional<BucketView> view, Logs.Position seen) {}

    /** Makes a view of the newest barrier, if it is another one than this. */
    synchronized Look look(Optional<BarrierMark> known, LongConsumer progress) throws VolumeException {
        return guarded(() -> {
            for (int tries = 1; ; tries++) {
                try {
                    Optional<ShippedLog> newer = newer();
                    if (newer.isPresent()) {
                        return look(newer.get(), known, progress);
                    }
                } catch (MetadataLostException | ObjectMissingException e) {
                    LOG.info("{}; the bucket is read from a checkpoint on", e.getMessage());
                }
                try {
                    return look(whole(), known, progress);
                } catch (ObjectMissingException e) {
                    if (tries == TRIES) {
                        throw e;
                    }
                    LOG.info("{}: collected while it was read; it is read again", e.getMessage());
                }
            }
        });
    }

    /**
     * Makes a view of the newest barrier that a log knows.
     *
     * @param log reaches back to a checkpoint, or to where this directory's base stands
     */
    public synchronized BucketView of(ShippedLog log, LongConsumer progress) throws VolumeException {
        return guarded(() -> make(log, progress));
    }

    private Look look(ShippedLog log, Optional<BarrierMark> known, LongConsumer progress)
            throws IOException, VolumeException, FsException, JournalFailedException, JournalCorruptException {
        boolean same = known.isPresent()
                && log.newestBarrier()
                        .filter(newest -> newest.end().equals(known.get().end()))
                        .isPresent();
        return new Look(same ? Optional.empty() : Optional.of(make(log, progress)), log.newestPosition());
    }

    /** What came behind the base; empty if there is no base, or the chain does not go on from it. */
    private Optional<ShippedLog> newer() throws IOException {
        Optional<BarrierMark> known = directory.base().map(BaseState::barrier);
        return known.isPresent() ? ShippedLog.since(bucket, known.get()) : Optional.empty();
    }

    private ShippedLog whole() throws IOException, VolumeException {
        ShippedLog log = ShippedLog.whole(bucket);
        Optional<BaseState> known = directory.base();
        if (known.isPresent()) {
            if (log.end().height() < known.get().highest()) {
                throw rolledBack(known.get().highest(), log);
            }
            ChainEnd barrier = known.get().barrier().end();
            if (!ChainSearch.isKept(bucket, barrier) && isPassedBy(barrier)) {
                throw rolledBack(barrier.height(), log);
            }
        }
        return log;
    }

    /**
     * Whether the chain goes another way than through a barrier that is not in the bucket any more. What a server put too late, that had
     * lost its lease, stays there beside the chain: it is no roll-back that the chain goes past it.
     */
    private boolean isPassedBy(ChainEnd barrier) throws IOException {
        return ChainSearch.find(bucket, barrier.link(), OptionalLong.of(barrier.height()))
                == ChainSearch.Found.NOT_THERE;
    }

    private VolumeException rolledBack(long height, ShippedLog log) {
        return new VolumeException(
                VolumeException.Kind.ROLLED_BACK,
                bucket.store().describe() + " was rolled back: object " + height
                        + " of its chain was seen from here, and now it ends at "
                        + log.end().height() + ", link "
                        + log.end().link() + ", without that; if that was done on purpose, remove "
                        + directory.path());
    }

    private BucketView make(ShippedLog log, LongConsumer progress)
            throws IOException, VolumeException, FsException, JournalFailedException, JournalCorruptException {
        if (log.newestBarrier().isEmpty()) {
            throw new VolumeException(
                    VolumeException.Kind.STATE_MISMATCH,
                    bucket.store().describe() + " holds nothing that could be read yet: no server has brought"
                            + " a barrier or a checkpoint into it");
        }
        base.bring(log, progress);
        return BucketView.of(base, log, directory.newView(), shared);
    }

    private interface Step<T> {
        T run() throws IOException, VolumeException, FsException, JournalFailedException, JournalCorruptException;
    }

    private static <T> T guarded(Step<T> step) throws VolumeException {
        try {
            return step.run();
        } catch (CorruptObjectException | ObjectStoreException e) {
            throw new VolumeException(VolumeException.Kind.STORE, e.getMessage(), e);
        } catch (IOException | JournalFailedException | JournalCorruptException | FsException e) {
            throw new VolumeException(VolumeException.Kind.LOCAL_STORAGE, e.getMessage(), e);
        }
    }

    /** Whether there may be a later barrier; one small request. */
    boolean isAnythingBehind(Logs.Position seen) throws VolumeException {
        return guarded(() -> bucket.logs().anyAfter(seen));
    }

    /** Sets the bound of decoded chunks on the heap, of views that are made from now on. */
    void resizeMemory(long bytes) {
        heapBytes = bytes;
    }

    /** Gives the directory back. */
    @Override
    public void close() {
        directory.close();
    }
}
