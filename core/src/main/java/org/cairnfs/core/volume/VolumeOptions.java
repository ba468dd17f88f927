package org.cairnfs.core.volume;

import java.time.Clock;
import java.time.Duration;
import org.cairnfs.core.data.flush.FlushSettings;

/**
 * How a volume runs; nothing of it is stored.
 *
 * @param heapCacheBytes decoded chunks on the heap
 * @param diskCacheBytes sealed chunks on the disk; 0 for none
 * @param journalBytes bound of the journal
 * @param journalSegmentBytes size of its segments
 * @param flush when dirty data is flushed
 * @param leaseInterval how often the lease of the bucket is refreshed
 * @param barrierInterval between barriers in the bucket, while something changes
 * @param remote whether commits wait until their barrier is in the bucket ({@code durability = remote})
 * @param takeOver whether to take the bucket from a holder that is known to be dead
 */
public record VolumeOptions(
        long heapCacheBytes,
        long diskCacheBytes,
        long journalBytes,
        long journalSegmentBytes,
        FlushSettings flush,
        Duration leaseInterval,
        Duration barrierInterval,
        boolean remote,
        boolean takeOver,
        Clock clock) {

    /** The usual bounds, for a heap of 512 MiB and more. */
    public static VolumeOptions defaults() {
        return new VolumeOptions(
                96L << 20,
                0,
                2L << 30,
                64L << 20,
                FlushSettings.defaults(),
                Duration.ofSeconds(180),
                Duration.ofSeconds(10),
                false,
                false,
                Clock.systemUTC());
    }

    public VolumeOptions withDiskCache(long bytes) {
        return new VolumeOptions(
                heapCacheBytes,
                bytes,
                journalBytes,
                journalSegmentBytes,
                flush,
                leaseInterval,
                barrierInterval,
                remote,
                takeOver,
                clock);
    }

    public VolumeOptions withHeapCache(long bytes) {
        return new VolumeOptions(
                bytes,
                diskCacheBytes,
                journalBytes,
                journalSegmentBytes,
                flush,
                leaseInterval,
                barrierInterval,
                remote,
                takeOver,
                clock);
    }

    public VolumeOptions withJournal(long bytes, long segmentBytes) {
        return new VolumeOptions(
                heapCacheBytes,
                diskCacheBytes,
                bytes,
                segmentBytes,
                flush,
                leaseInterval,
                barrierInterval,
                remote,
                takeOver,
                clock);
    }

    public VolumeOptions withFlush(FlushSettings settings) {
        return new VolumeOptions(
                heapCacheBytes,
                diskCacheBytes,
                journalBytes,
                journalSegmentBytes,
                settings,
                leaseInterval,
                barrierInterval,
                remote,
                takeOver,
                clock);
    }

    /** With barriers in this interval, and commits that wait for them or not. */
    public VolumeOptions withBarriers(Duration interval, boolean waitForThem) {
        return new VolumeOptions(
                heapCacheBytes,
                diskCacheBytes,
                journalBytes,
                journalSegmentBytes,
                flush,
                leaseInterval,
                interval,
                waitForThem,
                takeOver,
                clock);
    }
}
