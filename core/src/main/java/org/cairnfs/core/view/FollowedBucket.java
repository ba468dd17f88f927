package org.cairnfs.core.view;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.metadata.MetadataStatistics;
import org.cairnfs.core.shipping.BarrierMark;
import org.cairnfs.core.volume.Caches;
import org.cairnfs.core.volume.PacedThread;
import org.cairnfs.core.volume.PackStatistics;
import org.cairnfs.core.volume.RememberedLink;
import org.cairnfs.core.volume.VolumeException;
import org.cairnfs.core.volume.VolumeOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file system that follows the barriers in a bucket, read-only: it looks for a later one at an interval, makes a view of it beside the
 * present one, and then goes over to it. It holds no lease and never changes the bucket.
 *
 * <p>A look that finds nothing is one list request. Making a view that took a time t is not begun again within 10 t, so a reader of a large
 * file system that changes all the time follows at some distance, at a tenth of the work. While the store is away, or does not hold what
 * it held before, the present view stays.
 *
 * <p><b>Threading.</b> Any thread calls anything. One thread of its own looks; {@code lookLock} is held during a look, and {@code
 * stateLock}, a leaf, guards what came of the last look.
 */
public final class FollowedBucket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedBucket.class);
    private static final int PACE = 10;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** A reader that misses an object asks for a look, but not more often than that. */
    private static final Duration BETWEEN_DEMANDS = Duration.ofSeconds(1);

    private final Bucket bucket;
    private final Options options;
    private final BucketReader reader;
    private final CurrentView current;
    private final FileSystem fileSystem;
    private final Instant openedAt;
    private final CompletableFuture<VolumeException> failure;
    private final ExecutorService closer;
    private final PacedThread thread;

    private final ReentrantLock lookLock = new ReentrantLock();

    @GuardedBy("lookLock")
    private Logs.Position seen;

    @GuardedBy("lookLock")
    private long lookedNanos;

    private final ReentrantLock stateLock = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();

    @GuardedBy("stateLock")
    private Standing standing;

    /** Looks that failed in a row; only the thread's. */
    private int failures;

    /**
     * How to follow.
     *
     * @param interval between looks
     * @param atLeast a link that the chain must pass through when it is opened; empty for none
     */
    public record Options(VolumeOptions.Caches caches, Duration interval, Optional<Link> atLeast, Clock clock) {}

    /**
     * Where it stands.
     *
     * @param barrier that is shown
     * @param lookedAt when that was known to be the newest
     * @param failure why a later look did not work; empty if it did
     */
    public record Standing(BarrierMark barrier, Instant lookedAt, Optional<String> failure) {}

    private FollowedBucket(
            Bucket bucket,
            Options options,
            BucketReader reader,
            BucketReader.Look first,
            CompletableFuture<VolumeException> failure) {
        this.bucket = bucket;
        this.options = options;
        this.reader = reader;
        this.failure = failure;
        this.seen = first.seen();
        this.lookedNanos = System.nanoTime() - BETWEEN_DEMANDS.toNanos();
        this.openedAt = options.clock().instant();
        this.closer = Executors.newSingleThreadExecutor(task -> {
            Thread closing = new Thread(task, "cairn-view-close");
            closing.setDaemon(true);
            return closing;
        });
        BucketView view = first.view().orElseThrow();
        this.current = new CurrentView(view, closer);
        this.standing = new Standing(view.barrier(), openedAt, Optional.empty());
        this.fileSystem = new FollowingFileSystem(current, this::lookBeyond, openedAt.toEpochMilli());
        this.thread = new PacedThread("cairn-follow", options.interval(), this::round);
    }

    /**
     * Opens the newest barrier, and follows from there.
     *
     * @param bucket taken over: closed with this
     * @param directory of this reader alone; may be kept, for the next one to begin with
     * @param progress told the bytes of metadata that are fetched for a checkpoint
     * @throws VolumeException as {@link BucketReader#newest}
     */
    public static FollowedBucket open(Bucket bucket, Path directory, Options options, LongConsumer progress)
            throws VolumeException {
        FollowedBucket opened = openOnce(bucket, directory, options, progress);
        opened.thread.start();
        return opened;
    }

    /** The same, but looks only when it is asked to. */
    static FollowedBucket openOnce(Bucket bucket, Path directory, Options options, LongConsumer progress)
            throws VolumeException {
        CompletableFuture<VolumeException> failure = new CompletableFuture<>();
        BucketReader reader = null;
        try {
            if (options.atLeast().isPresent()) {
                insist(bucket, options.atLeast().get());
            }
            reader = BucketReader.open(
                    bucket,
                    directory,
                    options.caches(),
                    cause -> failure.complete(new VolumeException(
                            VolumeException.Kind.LOCAL_STORAGE,
                            "the files of a view cannot be used any more: " + cause.getMessage(),
                            cause)));
            return new FollowedBucket(bucket, options, reader, reader.look(Optional.empty(), progress), failure);
        } catch (VolumeException | RuntimeException e) {
            if (reader != null) {
                reader.close();
            }
            bucket.close();
            throw e;
        }
    }

    private static void insist(Bucket bucket, Link link) throws VolumeException {
        try {
            RememberedLink.insist(bucket, link);
        } catch (IOException e) {
            throw new VolumeException(VolumeException.Kind.STORE, e.getMessage(), e);
        }
    }

    /** What adapters serve; valid until {@link #close}. */
    public FileSystem fileSystem() {
        return fileSystem;
    }

    public Bucket bucket() {
        return bucket;
    }

    public Options options() {
        return options;
    }

    public Instant openedAt() {
        return openedAt;
    }

    /** Completes when this cannot go on. */
    public CompletableFuture<VolumeException> failure() {
        return failure;
    }

    public Standing standing() {
        stateLock.lock();
        try {
            return standing;
        } finally {
            stateLock.unlock();
        }
    }

    public MetadataStatistics statistics() {
        try (CurrentView.Use use = current.use()) {
            return use.view().statistics();
        }
    }

    /** Counts packs, by a scan of their rows. */
    public PackStatistics packStatistics() {
        try (CurrentView.Use use = current.use()) {
            return use.view().packStatistics();
        }
    }

    /** Something to be done with caches. */
    @FunctionalInterface
    public interface CacheStep<T, E extends Exception> {
        T run(Caches caches) throws E;
    }

    /** Does something with the caches of the present view, which stays open meanwhile. */
    public <T, E extends Exception> T withCaches(CacheStep<T, E> step) throws E {
        try (CurrentView.Use use = current.use()) {
            return step.run(use.view().caches());
        }
    }

    /** Sets the bound of decoded chunks on the heap, of this view and those that come. */
    public void resizeMemory(long bytes) {
        reader.resizeMemory(bytes);
        withCaches(caches -> {
            caches.resizeMemory(bytes);
            return null;
        });
    }

    /**
     * Looks for a later barrier now, and goes over to it.
     *
     * @return whether there was one
     */
    public boolean look() throws VolumeException {
        lookLock.lock();
        try {
            lookedNanos = System.nanoTime();
            boolean found = reader.isAnythingBehind(seen) && goOver();
            BarrierMark barrier = present();
            note(new Standing(barrier, options.clock().instant(), Optional.empty()));
            return found;
        } catch (VolumeException e) {
            Standing last = standing();
            note(new Standing(last.barrier(), last.lookedAt(), Optional.of(e.getMessage())));
            throw e;
        } finally {
            lookLock.unlock();
        }
    }

    @GuardedBy("lookLock")
    private boolean goOver() throws VolumeException {
        BucketReader.Look look = reader.look(Optional.of(present()), bytes -> {});
        seen = look.seen();
        look.view().ifPresent(view -> {
            current.put(view);
            LOG.debug("shows barrier {} now", view.barrier());
        });
        return look.view().isPresent();
    }

    private BarrierMark present() {
        try (CurrentView.Use use = current.use()) {
            return use.view().barrier();
        }
    }

    private void note(Standing now) {
        stateLock.lock();
        try {
            standing = now;
        } finally {
            stateLock.unlock();
        }
    }

    /** An object was gone for a reader of a view: whether there is a later view. */
    private boolean lookBeyond(BucketView view) {
        lookLock.lock();
        try {
            if (!current.isPresent(view)) {
                return true;
            }
            if (System.nanoTime() - lookedNanos < BETWEEN_DEMANDS.toNanos()) {
                return false;
            }
            LOG.info(
                    "an object of barrier {} cannot be read; looking for a later barrier",
                    view.barrier().standing());
            return look();
        } catch (VolumeException e) {
            LOG.warn("no later barrier can be looked for: {}", e.getMessage());
            return false;
        } finally {
            lookLock.unlock();
        }
    }

    private Optional<Duration> round() {
        long began = System.nanoTime();
        try {
            look();
            failures = 0;
        } catch (VolumeException e) {
            failures++;
            LOG.warn(
                    "{} cannot be followed now, barrier {} of {} is shown: {}",
                    bucket.store().describe(),
                    standing().barrier().standing().sequence(),
                    standing().barrier().standing().at(),
                    e.getMessage());
        } catch (RuntimeException e) {
            failures++;
            LOG.error("following failed", e);
        }
        return Optional.of(pause(options.interval(), Duration.ofNanos(System.nanoTime() - began), failures));
    }

    /**
     * How long to wait before the next look.
     *
     * @param took the last one
     * @param failures in a row
     */
    static Duration pause(Duration interval, Duration took, int failures) {
        Duration paced = took.multipliedBy(PACE);
        Duration patient = interval.multipliedBy(1L << Math.min(failures, 10));
        if (failures > 0 && patient.compareTo(LONGEST_PAUSE) > 0) {
            patient = interval.compareTo(LONGEST_PAUSE) > 0 ? interval : LONGEST_PAUSE;
        }
        return paced.compareTo(patient) > 0 ? paced : patient;
    }

    /** Ends it. Adapters have ended: nothing calls the file system any more. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        thread.close();
        current.end();
        closer.shutdown();
        if (!Uninterruptibles.awaitTerminationUninterruptibly(closer, 2, TimeUnit.MINUTES)) {
            LOG.warn("a call on an old view does not end");
        }
        reader.close();
        bucket.close();
    }
}
