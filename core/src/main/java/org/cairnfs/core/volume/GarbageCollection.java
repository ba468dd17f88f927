package org.cairnfs.core.volume;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.gc.Collector;
import org.cairnfs.core.gc.GcListener;
import org.cairnfs.core.gc.GcParts;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.shipping.Shipper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the collector now and then, while something changes or waits; and every few seconds has it look whether a new checkpoint is a restore
 * point by now.
 *
 * <p>Threading: one thread of its own.
 */
final class GarbageCollection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollection.class);
    private static final Duration TICK = Duration.ofSeconds(5);

    /** Where nothing changes, but something waits for its time to pass, only each sixth run is done. */
    private static final int IDLE_INTERVALS = 6;

    /** Strays are looked for once in this time, as the whole bucket has to be listed. */
    private static final Duration STRAYS = Duration.ofHours(24);

    private final Collector collector;
    private final GcParts parts;
    private final Duration interval;
    private final Consumer<VolumeException> lost;
    private final PacedThread thread = new PacedThread("cairn-gc", TICK, this::round);
    private Instant begun;
    private int idleIntervals;
    private Instant strays;
    private long sequence = -1;
    private volatile Optional<String> failure = Optional.empty();

    /**
     * Does nothing until {@link #start}.
     *
     * @param interval between runs; zero for none
     * @param lost told when another server turns out to write to the bucket
     */
    private GarbageCollection(Collector collector, GcParts parts, Duration interval, Consumer<VolumeException> lost) {
        this.collector = collector;
        this.parts = parts;
        this.interval = interval;
        this.lost = lost;
        this.begun = parts.clock().instant();
        this.strays = begun;
    }

    /** The collector of a volume that is being opened. */
    static GarbageCollection of(Opening opening) {
        GcParts parts = new GcParts(
                opening.bucket,
                opening.metadata,
                opening.journal::lastSequence,
                opening.lease::check,
                shipping(opening.shipper, opening.upkeep),
                opening.checkpoints,
                opening.data.flusher()::isUnderWay,
                chunk -> opening.data.diskCache().ifPresent(cache -> cache.drop(chunk)),
                opening.data.suspects()::damaged,
                opening.data.packWriters(),
                opening.options.clock());
        VolumeOptions.Garbage options = opening.options.garbage();
        return new GarbageCollection(
                new Collector(parts, options.policy()), parts, options.interval(), opening.failure::complete);
    }

    /** What the collector asks of a shipper and of upkeep. */
    private static GcParts.Shipping shipping(Shipper shipper, Upkeep upkeep) {
        return new GcParts.Shipping() {
            @Override
            public long shipped() {
                return shipper.shipped();
            }

            @Override
            public Logs.Position position() {
                return shipper.standing().position();
            }

            @Override
            public void ship()
                    throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException {
                shipper.ship();
            }

            @Override
            public void checkpoint() throws IOException, BucketException {
                upkeep.checkpoint();
            }
        };
    }

    Collector collector() {
        return collector;
    }

    /** Why the last run in the background did not come to its end; empty if it did. */
    Optional<String> failure() {
        return failure;
    }

    void start() {
        thread.start();
    }

    private Optional<Duration> round() {
        try {
            collector.tick();
            if (isDue()) {
                collect();
            }
            failure = Optional.empty();
        } catch (BucketException e) {
            LOG.error("garbage collection ends: {}", e.getMessage());
            lost.accept(new VolumeException(VolumeException.Kind.HELD, e.getMessage(), e));
            return Optional.empty();
        } catch (IOException | FsException e) {
            note(e.getMessage());
        } catch (JournalFailedException | JournalCorruptException e) {
            LOG.error("garbage collection ends: {}", e.getMessage());
            return Optional.empty();
        } catch (RuntimeException e) {
            failure = Optional.of(e.toString());
            LOG.error("garbage collection failed; trying again in {}", interval, e);
        }
        return Optional.of(TICK);
    }

    private void note(String why) {
        if (!failure.equals(Optional.of(why))) {
            LOG.warn("garbage collection was broken off: {}; trying again in {}", why, interval);
        }
        failure = Optional.of(why);
    }

    private boolean isDue() {
        return !interval.isZero() && !parts.clock().instant().isBefore(begun.plus(interval));
    }

    /** A run, if anything changed since the end of the last, or if something was left for now. */
    private void collect()
            throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException {
        begun = parts.clock().instant();
        boolean waiting = collector
                .last()
                .filter(report -> report.more() || report.waitingPacks() > 0)
                .isPresent();
        if (parts.journalSequence().getAsLong() == sequence && !(waiting && ++idleIntervals >= IDLE_INTERVALS)) {
            return;
        }
        idleIntervals = 0;
        boolean withStrays = !begun.isBefore(strays.plus(STRAYS));
        collector.run(new GcRequest(false, false, withStrays), GcListener.NONE);
        strays = withStrays ? begun : strays;
        sequence = parts.journalSequence().getAsLong();
    }

    /** Ends after the step that is under way. */
    @Override
    public void close() {
        thread.end();
        collector.close();
        thread.close();
    }
}
