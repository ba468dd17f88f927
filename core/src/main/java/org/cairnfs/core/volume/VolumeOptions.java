package org.cairnfs.core.volume;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.data.flush.FlushSettings;
import org.cairnfs.core.gc.GcPolicy;

/**
 * How a volume runs; nothing of it is stored.
 *
 * @param flush when dirty data is flushed
 * @param leaseInterval how often the lease of the bucket is refreshed
 * @param garbage when garbage is collected
 * @param claim what is asked of the bucket when it is opened
 * @param trashKeep how long what is removed is kept; zero for not at all
 */
public record VolumeOptions(
        Caches caches,
        JournalSize journal,
        FlushSettings flush,
        Duration leaseInterval,
        Barriers barriers,
        Garbage garbage,
        Claim claim,
        Duration trashKeep,
        Clock clock) {

    /**
     * How much is kept near.
     *
     * @param heapBytes decoded chunks on the heap
     * @param diskBytes sealed chunks on the disk; 0 for none
     */
    public record Caches(long heapBytes, long diskBytes) {}

    /**
     * How much the journal takes.
     *
     * @param bytes bound of all segments together
     * @param segmentBytes size of one
     */
    public record JournalSize(long bytes, long segmentBytes) {}

    /**
     * When the bucket is brought up to date.
     *
     * @param interval between barriers, while something changes
     * @param awaited whether commits wait until their barrier is in the bucket ({@code durability = remote})
     */
    public record Barriers(Duration interval, boolean awaited) {}

    /**
     * When garbage is collected.
     *
     * @param policy what is garbage, and how much of it a run takes
     * @param interval between runs in the background, while something changes; zero for none
     */
    public record Garbage(GcPolicy policy, Duration interval) {}

    /**
     * What is asked of the bucket when it is opened.
     *
     * @param takeOver whether to take it from a holder that is known to be dead
     * @param atLeast a link that its chain must pass through; empty for none
     */
    public record Claim(boolean takeOver, Optional<Link> atLeast) {
        /** Free, and as it is. */
        public static final Claim USUAL = new Claim(false, Optional.empty());
    }

    /** The usual bounds, for a heap of 512 MiB and more. */
    public static VolumeOptions defaults() {
        return new VolumeOptions(
                new Caches(96L << 20, 0),
                new JournalSize(2L << 30, 64L << 20),
                FlushSettings.defaults(),
                Duration.ofSeconds(180),
                new Barriers(Duration.ofSeconds(10), false),
                new Garbage(GcPolicy.DEFAULT, Duration.ofHours(1)),
                Claim.USUAL,
                Duration.ZERO,
                Clock.systemUTC());
    }

    public VolumeOptions withCaches(Caches other) {
        return new VolumeOptions(other, journal, flush, leaseInterval, barriers, garbage, claim, trashKeep, clock);
    }

    public VolumeOptions withJournal(JournalSize other) {
        return new VolumeOptions(caches, other, flush, leaseInterval, barriers, garbage, claim, trashKeep, clock);
    }

    public VolumeOptions withFlush(FlushSettings other) {
        return new VolumeOptions(caches, journal, other, leaseInterval, barriers, garbage, claim, trashKeep, clock);
    }

    public VolumeOptions withBarriers(Barriers other) {
        return new VolumeOptions(caches, journal, flush, leaseInterval, other, garbage, claim, trashKeep, clock);
    }

    public VolumeOptions withGarbage(Garbage other) {
        return new VolumeOptions(caches, journal, flush, leaseInterval, barriers, other, claim, trashKeep, clock);
    }

    public VolumeOptions withTrashKeep(Duration other) {
        return new VolumeOptions(caches, journal, flush, leaseInterval, barriers, garbage, claim, other, clock);
    }

    public VolumeOptions withClock(Clock other) {
        return new VolumeOptions(caches, journal, flush, leaseInterval, barriers, garbage, claim, trashKeep, other);
    }

    public VolumeOptions withClaim(Claim other) {
        return new VolumeOptions(caches, journal, flush, leaseInterval, barriers, garbage, other, trashKeep, clock);
    }

    /** That takes the bucket from whoever holds it. */
    public VolumeOptions withTakeOver() {
        return new VolumeOptions(
                caches,
                journal,
                flush,
                leaseInterval,
                barriers,
                garbage,
                new Claim(true, claim.atLeast()),
                trashKeep,
                clock);
    }
}
