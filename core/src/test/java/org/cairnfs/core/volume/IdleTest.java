package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.createFile;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.gc.GcPolicy;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.MeteringObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.StoreMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nothing changes, the bucket is asked for little: each request may cost. */
class IdleTest {
    private static final int REFRESHES = 50;
    private static final int REQUESTS_PER_DAY = 1_500;

    @TempDir
    Path folder;

    @Test
    void anIdleFileSystemOnlyRefreshesItsLease() throws Exception {
        VolumeFixture fixture = new VolumeFixture(folder, true);
        CountDownLatch refreshed = new CountDownLatch(REFRESHES);
        ObjectStore counted = new ForwardingObjectStore(LocalObjectStore.open(fixture.bucketPath())) {
            @Override
            public void put(String key, ByteBuffer... body) throws ObjectStoreException {
                super.put(key, body);
                if (key.equals(BucketLayout.LEASE)) {
                    refreshed.countDown();
                }
            }
        };
        MeteringObjectStore meter = new MeteringObjectStore(counted);
        VolumeOptions usual = VolumeOptions.defaults();
        VolumeOptions quick = new VolumeOptions(
                usual.caches(),
                usual.journal(),
                usual.flush(),
                Duration.ofMillis(1),
                new VolumeOptions.Barriers(Duration.ofMillis(1), false),
                new VolumeOptions.Garbage(GcPolicy.DEFAULT, Duration.ofMillis(1)),
                usual.claim(),
                usual.trashKeep(),
                usual.clock());
        CairnVolume volume = fixture.openOn(meter, quick);
        createFile(volume.fileSystem(), "file");
        volume.barrier();
        long putsBefore = meter.metrics().of(StoreMetrics.Verb.PUT).requests();
        long before = requests(meter);
        assertThat(refreshed.await(60, TimeUnit.SECONDS)).isTrue();
        long after = requests(meter);
        long refreshes = meter.metrics().of(StoreMetrics.Verb.PUT).requests() - putsBefore;

        // A few more belong to the garbage collector's one run after the last change.
        double perRefresh = (double) (after - before) / refreshes;
        long refreshesPerDay =
                Duration.ofDays(1).dividedBy(VolumeOptions.defaults().leaseInterval());
        assertThat(refreshesPerDay * Math.ceil(perRefresh - 0.5)).isLessThanOrEqualTo(REQUESTS_PER_DAY);
        volume.abandon();
    }

    private static long requests(MeteringObjectStore meter) {
        long requests = 0;
        for (StoreMetrics.Verb verb : StoreMetrics.Verb.values()) {
            requests += meter.metrics().of(verb).requests();
        }
        return requests;
    }
}
