package org.cairnfs.core.volume;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Lease;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refreshes the lease of the bucket now and then, and tells when it is lost: nothing may be uploaded from then on. */
final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private final Lease lease;
    private final Consumer<VolumeException> lost;
    private final ScheduledExecutorService timer;

    LeaseKeeper(Lease lease, Duration interval, Consumer<VolumeException> lost) {
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

    /** Stops refreshing; the lease stays ours. */
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
