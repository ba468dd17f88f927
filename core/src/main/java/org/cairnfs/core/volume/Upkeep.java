package org.cairnfs.core.volume;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Chain;
import org.cairnfs.core.checkpoint.Checkpoints;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.H2MetadataStore;
import org.cairnfs.core.shipping.Shipper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the journal and the log short: lets those segments go that nothing needs any more, and checkpoints the metadata into the
 * bucket when there is much log to replay since the last checkpoint.
 *
 * <p>Invariant: a record goes only when a barrier in the bucket covers it, the database has it durably, and no dirty range refers
 * to it; so a lost database can always be made again.
 *
 * <p>Threading: one thread of its own; a checkpoint may be asked for by any.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Parts parts;
    private final Consumer<VolumeException> lost;
    private final PacedThread thread = new PacedThread("cairn-upkeep", TICK, this::round);
    private final Instant begun;
    private volatile long logBytesAtCheckpoint;
    private volatile Duration cost = Duration.ZERO;

    /** Only the thread's. */
    private Duration pause = TICK;

    /** What it works with. */
    record Parts(
            Journal journal,
            H2MetadataStore metadata,
            DirtyMap dirty,
            Checkpoints checkpoints,
            Chain chain,
            Shipper shipper,
            Shipper.Hold hold,
            long incarnation,
            Clock clock) {}

    /** @param lost told when another server turns out to write to the bucket */
    Upkeep(Parts parts, Consumer<VolumeException> lost) {
        this.parts = parts;
        this.lost = lost;
        this.begun = parts.clock().instant();
    }

    void start() {
        thread.start();
    }

    /** Lets go of what nothing needs any more. */
    void trim() throws JournalFailedException {
        long inDatabase = parts.metadata().durableSequence();
        // Asked after the database: what that holds durably had entered the dirty map before.
        long unflushed = parts.dirty().oldestSequence();
        parts.journal().trim(Math.min(Math.min(inDatabase, parts.shipper().shipped()) + 1, unflushed));
    }

    /** Whether it is time for a checkpoint. */
    boolean isCheckpointDue() {
        Instant last =
                parts.checkpoints().takenAtMillis().map(Instant::ofEpochMilli).orElse(begun);
        return new CheckpointDue(
                        parts.shipper().writtenBytes() - logBytesAtCheckpoint,
                        parts.chain().end().height() - parts.checkpoints().newestHeight(),
                        Duration.between(last, parts.clock().instant()),
                        cost)
                .isDue();
    }

    /**
     * Takes a checkpoint of the metadata as it is now.
     *
     * @throws BucketException if another server took the bucket meanwhile
     */
    void checkpoint() throws IOException, BucketException {
        long begin = System.nanoTime();
        long bytes = parts.shipper().writtenBytes();
        parts.checkpoints()
                .take(
                        parts.metadata()::dump,
                        parts.incarnation(),
                        parts.shipper().standing().position(),
                        false);
        parts.hold().check();
        logBytesAtCheckpoint = bytes;
        cost = Duration.ofNanos(System.nanoTime() - begin);
    }

    private Optional<Duration> round() {
        try {
            if (isOver(4) || parts.journal().usage().shortage().isPresent()) {
                shorten();
            }
            if (isCheckpointDue()) {
                checkpoint();
            }
            pause = TICK;
        } catch (BucketException e) {
            LOG.error("checkpoint refused: {}", e.getMessage());
            lost.accept(new VolumeException(VolumeException.Kind.HELD, e.getMessage(), e));
            return Optional.empty();
        } catch (IOException e) {
            pause = Collections.min(List.of(LONGEST_PAUSE, pause.multipliedBy(2)));
            LOG.warn("checkpoint failed: {}; the journal grows; trying again in {}", e.getMessage(), pause);
        } catch (JournalFailedException e) {
            LOG.error("upkeep ends: {}", e.getMessage());
            return Optional.empty();
        } catch (RuntimeException e) {
            pause = LONGEST_PAUSE;
            LOG.error("upkeep failed; trying again in {}", pause, e);
        }
        return Optional.of(pause);
    }

    private void shorten() throws JournalFailedException {
        parts.metadata().checkpointDatabase();
        if (isOver(2)) {
            parts.shipper().request();
        }
        trim();
    }

    private boolean isOver(int partOfBound) {
        Journal.Usage usage = parts.journal().usage();
        return usage.bytes() > usage.bound() / partOfBound;
    }

    /** Ends after what is under way. */
    @Override
    public void close() {
        thread.close();
    }
}
