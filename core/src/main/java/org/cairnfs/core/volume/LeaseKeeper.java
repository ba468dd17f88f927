package org.cairnfs.core.volume;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Lease;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the lease of the bucket: takes it, refreshes it now and then, gives it back, and tells when it is lost: nothing may be
 * uploaded from then on. Thread-safe.
 */
final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private final Lease lease;
    private final Consumer<VolumeException> lost;
    private final ScheduledExecutorService timer;

    private LeaseKeeper(Lease lease, Duration interval, Consumer<VolumeException> lost) {
        this.lease = lease;
        this.lost = lost;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "cairn-lease");
            thread.setDaemon(true);
            return thread;
        });
        var unused = timer.scheduleWithFixedDelay(
                this::refresh, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Takes the lease for a state directory, and begins to refresh it.
     *
     * @param lost told when it is lost
     */
    static LeaseKeeper take(Bucket bucket, UUID stateDirectory, VolumeOptions options, Consumer<VolumeException> lost)
            throws ObjectStoreException, BucketException, CorruptObjectException {
        Lease.Holder holder = new Lease.Holder(
                stateDirectory, hostName(), ProcessHandle.current().pid());
        return new LeaseKeeper(
                Lease.take(bucket, holder, options.claim().takeOver(), options.clock()), options.leaseInterval(), lost);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** The number of this start, as far as the lease knows. */
    long incarnation() {
        return lease.incarnation();
    }

    /**
     * Sees to it that the incarnation is above all whose objects are in the bucket, and of those that left no trace there: a holder
     * before may have started several times.
     */
    void passOver(long inBucket) throws ObjectStoreException, BucketException, CorruptObjectException {
        if (inBucket >= lease.incarnation()) {
            lease.raise(Math.addExact(inBucket, Lease.UNKNOWN_STARTS));
        }
    }

    /** Tells the bucket the number that the journal gave to this start. */
    void isIncarnation(long incarnation) throws ObjectStoreException, BucketException, CorruptObjectException {
        lease.raise(incarnation);
    }

    /** Checks that nobody took it from us: see {@link Lease#check}. */
    void check() throws ObjectStoreException, BucketException, CorruptObjectException {
        lease.check();
    }

    /** Gives it back, so that another server may take it. */
    void release() {
        try {
            lease.release();
        } catch (BucketException | ObjectStoreException | CorruptObjectException e) {
            LOG.warn("the lease of the bucket was not given back: {}", e.getMessage());
        }
    }

    private void refresh() {
        try {
            lease.refresh();
        } catch (BucketException | CorruptObjectException e) {
            LOG.error("the lease of the bucket is lost: {}; nothing more is uploaded", e.getMessage());
            timer.shutdown();
            lost.accept(new VolumeException(VolumeException.Kind.HELD, e.getMessage(), e));
        } catch (ObjectStoreException e) {
            LOG.warn("the lease of the bucket could not be refreshed: {}; trying again", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("refreshing the lease failed; trying again", e);
        }
    }

    /** Stops refreshing; the lease stays ours until it is given back. */
    @Override
    public void close() {
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("refreshing the lease did not end in 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
