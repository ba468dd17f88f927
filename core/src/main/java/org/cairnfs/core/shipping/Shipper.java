package org.cairnfs.core.shipping;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Chain;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.dirty.DirtyContent;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.dirty.DirtySnapshot;
import org.cairnfs.core.data.flush.FlushedContent;
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
 * and each byte of it, in a pack or inline.
 *
 * <p><b>How.</b> What is dirty is flushed, unless it is little. While no flush is under way, a still moment of the metadata then gives
 * S and what has become dirty meanwhile. If that is little it travels inline; else it is flushed as it was at S, however it is
 * written to, and how it lies in chunks travels beside the records, as these know only what was flushed before S. Then the journal is
 * synced up to S (a sequence that others hear of must not be given again), and records and overlay go into log objects.
 *
 * <p><b>Threading.</b> One barrier at a time ({@code shipLock}, held during uploads; taken before the flusher's lock). {@code
 * stateLock} is a leaf and guards what is asked for and where shipping stands. One thread of its own.
 */
public final class Shipper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);
    private static final long LONGEST_PAUSE_MILLIS = 60_000;

    /** So many dirty bytes, in all, travel inline: less than a pack is worth. More is flushed, which stores nothing twice. */
    private static final long INLINE_BYTES = 16 << 10;

    private final Parts parts;
    private final BarrierWriter writer;
    private final ReentrantLock shipLock = new ReentrantLock();
    private final ReentrantLock stateLock = new ReentrantLock();
    private final Condition changed = stateLock.newCondition();
    private final Thread thread = new Thread(this::run, "cairn-ship");

    @GuardedBy("stateLock")
    private long shipped;

    @GuardedBy("stateLock")
    private long wanted;

    @GuardedBy("stateLock")
    private boolean closed;

    private volatile Instant shippedAt;
    private volatile Logs.Position position;
    private volatile long writtenBytes;
    private volatile Optional<String> lastFailure = Optional.empty();

    /**
     * What it works with.
     *
     * @param codec compresses bodies
     * @param interval between barriers while something changes
     * @param fenced told when another server turns out to write to the bucket; shipping has ended then
     */
    public record Parts(
            Journal journal,
            H2MetadataStore metadata,
            DirtyMap dirty,
            Flusher flusher,
            PieceReader reader,
            Chain chain,
            ChunkCodec codec,
            long incarnation,
            UUID stateDirectory,
            Clock clock,
            Duration interval,
            Consumer<BucketException> fenced) {}

    /**
     * Where shipping stood when the file system was opened.
     *
     * @param sequence of the newest barrier; 0 if there is none
     * @param at when it was made
     * @param position of the newest log object
     */
    public record Standing(long sequence, Instant at, Logs.Position position) {}

    public Shipper(Parts parts, Standing standing) {
        this.parts = parts;
        this.shipped = standing.sequence();
        this.shippedAt = standing.at();
        this.position = standing.position();
        this.writer = new BarrierWriter(
                parts.chain(),
                new BarrierWriter.Writer(parts.incarnation(), parts.stateDirectory()),
                parts.codec(),
                parts.clock());
        thread.setDaemon(true);
    }

    /** Begins to make barriers in the background. */
    public void start() {
        thread.start();
    }

    /** The sequence of the newest barrier. */
    public long shipped() {
        stateLock.lock();
        try {
            return shipped;
        } finally {
            stateLock.unlock();
        }
    }

    /** When the newest barrier was made. */
    public Instant shippedAt() {
        return shippedAt;
    }

    /** Where the newest barrier's last log object stands. */
    public Logs.Position position() {
        return position;
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
            while (shipped < sequence) {
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
            writer.beginLineage();
            barrier(shipped());
        } finally {
            shipLock.unlock();
        }
    }

    /** Asks for a barrier soon. */
    public void request() {
        stateLock.lock();
        try {
            wanted = Math.max(wanted, shipped + 1);
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
            long before = shipped();
            if (parts.journal().lastSequence() > before) {
                barrier(before);
            }
            lastFailure = Optional.empty();
        } catch (IOException | FsException e) {
            lastFailure = Optional.of(e.getMessage());
            throw e;
        } finally {
            shipLock.unlock();
        }
    }

    private void barrier(long before)
            throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException {
        if (parts.dirty().dataBytes() > INLINE_BYTES) {
            parts.flusher().flushAll(left -> {});
        }
        Frozen[] moment = new Frozen[1];
        try {
            Instant at = parts.clock().instant();
            List<FlushedContent> flushed = parts.flusher().flushFrozen(() -> {
                moment[0] = parts.metadata().still(this::freeze);
                return moment[0].large();
            });
            Frozen frozen = moment[0];
            Overlay overlay = new Overlay(parts.metadata().view(), parts.reader());
            for (FlushedContent content : flushed) {
                overlay.flushed(content);
            }
            for (DirtySnapshot snapshot : frozen.little()) {
                overlay.inline(snapshot);
            }
            parts.journal().sync(frozen.sequence());
            writer.write(parts.journal(), before + 1, frozen.sequence(), overlay.items());
            writtenBytes = writer.writtenBytes();
            position = writer.position();
            shippedAt = at;
            isShipped(frozen.sequence());
        } finally {
            if (moment[0] != null) {
                moment[0].pin().close();
            }
        }
    }

    /** What was dirty at a moment; the pin keeps its bytes readable. */
    private record Frozen(long sequence, List<DirtySnapshot> little, List<DirtySnapshot> large, Journal.Pin pin) {}

    private Frozen freeze(long sequence) {
        List<DirtySnapshot> all = new ArrayList<>();
        for (DirtyContent content : parts.dirty().all()) {
            all.add(content.snapshot(0, Long.MAX_VALUE));
        }
        boolean little = all.stream().mapToLong(DirtySnapshot::dataBytes).sum() <= INLINE_BYTES;
        return new Frozen(
                sequence,
                little ? all : List.of(),
                little ? List.of() : all,
                parts.journal().pin());
    }

    private void isShipped(long sequence) {
        stateLock.lock();
        try {
            shipped = sequence;
            changed.signalAll();
        } finally {
            stateLock.unlock();
        }
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
                LOG.warn("the bucket is behind since {}: {}; trying again in {} ms", shippedAt, e.getMessage(), pause);
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
            boolean urgent = lastFailure.isEmpty();
            while (!closed && left > 0 && !(urgent && wanted > shipped)) {
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
