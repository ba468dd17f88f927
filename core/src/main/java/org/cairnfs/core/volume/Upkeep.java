package org.cairnfs.core.volume;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.checkpoint.Checkpoints;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.DumpRange;
import org.cairnfs.core.metadata.H2MetadataStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the journal short: checkpoints the metadata into the bucket when the journal has grown, and lets those segments go that
 * nothing needs any more.
 *
 * <p>Invariant: a record goes only when the newest checkpoint in the bucket covers it, the database has it durably, and no dirty
 * range refers to it; so a lost database can always be made again.
 *
 * <p>Threading: one thread, which alone uses {@code lastCheckpoint}; {@code lock} guards {@code closed} only.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final long TICK_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    private static final long SHORTEST_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Journal journal;
    private final H2MetadataStore metadata;
    private final DirtyMap dirty;
    private final Checkpoints checkpoints;
    private final long incarnation;
    private final Consumer<VolumeException> lost;
    private final Thread thread = new Thread(this::run, "cairn-upkeep");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private boolean closed;
    private long lastCheckpoint = System.nanoTime() - SHORTEST_INTERVAL_NANOS;

    /** @param lost told when another server turns out to write to the bucket */
    Upkeep(
            Journal journal,
            H2MetadataStore metadata,
            DirtyMap dirty,
            Checkpoints checkpoints,
            long incarnation,
            Consumer<VolumeException> lost) {
        this.journal = journal;
        this.metadata = metadata;
        this.dirty = dirty;
        this.checkpoints = checkpoints;
        this.incarnation = incarnation;
        this.lost = lost;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Lets go of what nothing needs any more. */
    void trim() throws JournalFailedException {
        Optional<DumpRange> covered = checkpoints.newestRange();
        if (covered.isEmpty()) {
            return;
        }
        long inDatabase = Math.min(covered.get().applied(), metadata.durableSequence());
        // Asked after the database: what that holds durably had entered the dirty map before.
        long unflushed = dirty.oldestSequence();
        long keepFrom = Math.min(inDatabase + 1, unflushed);
        journal.trim(keepFrom);
    }

    private void run() {
        long pause = TICK_MILLIS;
        while (await(pause)) {
            try {
                if (isOver(4)) {
                    shorten();
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

    /** Trims; if the checkpoint is what holds the journal, takes a new one first, but not all the time. */
    private void shorten() throws IOException, BucketException, JournalFailedException {
        metadata.checkpointDatabase();
        long covered = checkpoints.newestRange().map(DumpRange::applied).orElse(0L);
        boolean helps = Math.min(metadata.durableSequence(), dirty.oldestSequence() - 1) > covered;
        boolean urgent = isOver(2);
        if (helps && (urgent || System.nanoTime() - lastCheckpoint > SHORTEST_INTERVAL_NANOS)) {
            checkpoints.take(metadata::dump, incarnation, false);
            lastCheckpoint = System.nanoTime();
        }
        trim();
    }

    private boolean isOver(int partOfBound) {
        Journal.Usage usage = journal.usage();
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
