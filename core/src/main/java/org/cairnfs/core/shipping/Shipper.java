package org.cairnfs.core.shipping;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Chain;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.flush.Flusher;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.H2MetadataStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes barriers, every few seconds when something changed, and on demand.
 *
 * <p>Invariant: when {@link #shipped} is S, the bucket holds all that makes the file system whole at S: the metadata up to S,
 * and each byte of it, in a pack or inline; and whoever takes the bucket from us goes on from there. For that, the lease is looked
 * at after a barrier was put and before it counts: a server that took it earlier may have overlooked the barrier.
 *
 * <p><b>Threading.</b> One barrier at a time ({@code shipLock}, held during uploads; taken before the flusher's lock). {@code
 * stateLock} is a leaf and guards what is asked for and where shipping stands. One thread of its own.
 */
public final class Shipper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);
    private static final long LONGEST_PAUSE_MILLIS = 60_000;

    private final Parts parts;

    @GuardedBy("shipLock")
    private final Barriers barriers;

    private final ReentrantLock shipLock = new ReentrantLock();
    private final ReentrantLock stateLock = new ReentrantLock();
    private final Condition changed = stateLock.newCondition();
    private final Thread thread = new Thread(this::run, "cairn-ship");

    @GuardedBy("stateLock")
    private Standing shipped;

    @GuardedBy("stateLock")
    private long wanted;

    @GuardedBy("stateLock")
    private boolean closed;

    private volatile long writtenBytes;
    private volatile Optional<String> lastFailure = Optional.empty();

    /**
     * What it works with.
     *
     * @param hold throws if another server took the bucket
     * @param codec compresses bodies
     * @param interval between barriers while something changes
     * @param confirmed told where the chain ended with a barrier that counts now
     * @param fenced told when another server turns out to write to the bucket; shipping has ended then
     */
    public record Parts(
            Journal journal,
            H2MetadataStore metadata,
            DirtyMap dirty,
            Flusher flusher,
            PieceReader reader,
            Chain chain,
            Hold hold,
            ChunkCodec codec,
            long incarnation,
            UUID stateDirectory,
            Clock clock,
            Duration interval,
            Consumer<ChainEnd> confirmed,
            Consumer<BucketException> fenced) {}

    /** Our hold on the bucket. */
    @FunctionalInterface
    public interface Hold {
        /**
         * Checks that no other server has taken the bucket; whoever takes it later sees all that was put before this call.
         *
         * @throws BucketException of kind HELD if one has
         */
        void check() throws IOException, BucketException;
    }

    /**
     * How far the bucket is.
     *
     * @param sequence of a barrier; 0 before the first
     * @param at when it was made
     * @param position of its last log object
     */
    public record Standing(long sequence, Instant at, Logs.Position position) {}

    /** @param standing the newest barrier in the bucket */
    public Shipper(Parts parts, Standing standing) {
        this.parts = parts;
        this.shipped = standing;
        this.barriers = new Barriers(parts, standing);
        thread.setDaemon(true);
    }

    /** Begins to make barriers in the background. */
    public void start() {
        thread.start();
    }

    /** The newest barrier that counts. */
    public Standing standing() {
        stateLock.lock();
        try {
            return shipped;
        } finally {
            stateLock.unlock();
        }
    }

    /** The sequence of the newest barrier that counts. */
    public long shipped() {
        return standing().sequence();
    }

    /** Bytes of log that this start has written. */
    public long writtenBytes() {
        return writtenBytes;
    }

    /** Why the last barrier did not work, for status; empty if it did. */
    public Optional<String> lastFailure() {
        return lastFailure;
    }

    /**
     * Waits until everything up to a sequence is in the bucket; asks for a barrier at once.
     *
     * @return false if it was not in time, or shipping ended
     */
    public boolean awaitShipped(long sequence, long timeoutMillis) {
        stateLock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            wanted = Math.max(wanted, sequence);
            changed.signalAll();
            while (shipped.sequence() < sequence) {
                if (closed || left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            stateLock.unlock();
        }
    }

    /**
     * Puts a barrier at the end of the chain, even if nothing changed, by a state that was rebuilt as of the newest barrier: from
     * now on the bucket says that this state directory goes on from there, and what another server may still write is beside the
     * chain.
     */
    public void claim()
            throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException {
        shipLock.lock();
        try {
            barriers.beginLineage();
            barriers.make();
            confirm();
        } finally {
            shipLock.unlock();
        }
    }

    /** Asks for a barrier soon. */
    public void request() {
        stateLock.lock();
        try {
            wanted = Math.max(wanted, shipped.sequence() + 1);
            changed.signalAll();
        } finally {
            stateLock.unlock();
        }
    }

    /** Makes a barrier now, if anything changed since the last; it is in the bucket when this returns. */
    public void ship()
            throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException {
        shipLock.lock();
        try {
            if (parts.journal().lastSequence() > barriers.newest().sequence()) {
                barriers.make();
            }
            if (barriers.newest().sequence() > shipped()) {
                confirm();
            }
        } catch (IOException | FsException e) {
            lastFailure = Optional.of(e.getMessage());
            throw e;
        } finally {
            shipLock.unlock();
        }
    }

    /** What was written counts, if the bucket is still ours. */
    @GuardedBy("shipLock")
    private void confirm() throws IOException, BucketException {
        writtenBytes = barriers.writtenBytes();
        parts.hold().check();
        stateLock.lock();
        try {
            shipped = barriers.newest();
            lastFailure = Optional.empty();
            changed.signalAll();
        } finally {
            stateLock.unlock();
        }
        parts.confirmed().accept(barriers.newestEnd());
    }

    private void run() {
        long pause = parts.interval().toMillis();
        while (await(pause)) {
            try {
                ship();
                pause = parts.interval().toMillis();
            } catch (BucketException e) {
                LOG.error("shipping ends: {}", e.getMessage());
                end();
                parts.fenced().accept(e);
                return;
            } catch (IOException | FsException e) {
                pause = Math.min(LONGEST_PAUSE_MILLIS, Math.max(1_000, pause * 2));
                LOG.warn(
                        "the bucket is behind since {}: {}; trying again in {} ms",
                        standing().at(),
                        e.getMessage(),
                        pause);
            } catch (JournalFailedException | JournalCorruptException e) {
                LOG.error("shipping ends: {}", e.getMessage());
                end();
                return;
            } catch (RuntimeException e) {
                pause = LONGEST_PAUSE_MILLIS;
                lastFailure = Optional.of(e.toString());
                LOG.error("shipping failed; trying again in {} ms", pause, e);
            }
        }
    }

    /** Waits for the time of the next barrier, or until one is asked for; false at the end. */
    private boolean await(long millis) {
        stateLock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!closed && left > 0 && !(lastFailure.isEmpty() && wanted > shipped.sequence())) {
                left = changed.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            stateLock.unlock();
        }
    }

    private void end() {
        stateLock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            stateLock.unlock();
        }
    }

    /** Ends after what is under way. */
    @Override
    public void close() {
        end();
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
