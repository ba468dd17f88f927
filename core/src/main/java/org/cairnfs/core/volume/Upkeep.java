package org.cairnfs.core.volume;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
 * <p>Threading: one thread; {@code lock} guards {@code closed} only.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final long TICK_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;

    private final Parts parts;
    private final Consumer<VolumeException> lost;
    private final Thread thread = new Thread(this::run, "cairn-upkeep");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private boolean closed;
    private final Instant begun;
    private volatile long logBytesAtCheckpoint;
    private volatile Duration cost = Duration.ZERO;

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
        thread.setDaemon(true);
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

    private void run() {
        long pause = TICK_MILLIS;
        while (await(pause)) {
            try {
                if (isOver(4) || parts.journal().usage().shortage().isPresent()) {
                    shorten();
                }
                if (isCheckpointDue()) {
                    checkpoint();
                }
                pause = TICK_MILLIS;
            } catch (BucketException e) {
                LOG.error("checkpoint refused: {}", e.getMessage());
                lost.accept(new VolumeException(VolumeException.Kind.HELD, e.getMessage(), e));
                return;
            } catch (IOException e) {
                pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
                LOG.warn("checkpoint failed: {}; the journal grows; trying again in {} ms", e.getMessage(), pause);
            } catch (JournalFailedException e) {
                LOG.error("upkeep ends: {}", e.getMessage());
                return;
            } catch (RuntimeException e) {
                pause = LONGEST_PAUSE_MILLIS;
                LOG.error("upkeep failed; trying again in {} ms", pause, e);
            }
        }
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

    private boolean await(long millis) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Ends after what is under way. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
        Uninterruptibles.joinUninterruptibly(thread);
    }
}
