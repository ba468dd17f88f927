package org.cairnfs.core.journal;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets ordinary mutations in while there is room under the byte bound and on the disk, has them wait otherwise, and says why.
 *
 * <p>Room is looked at, not booked: as many calls as are in progress can go over the bound by their bytes, which is small
 * against it.
 *
 * <p>Threading: {@link #roomLock} is for waiting and waking only; the disk is asked at most every {@value #DISK_ASKED_MILLIS} ms, or
 * after 1 MiB was let in.
 */
final class RoomGate {
    private static final Logger LOG = LoggerFactory.getLogger(RoomGate.class);
    private static final int DISK_ASKED_MILLIS = 50;
    private static final long LET_IN = 1 << 20;

    private final JournalFiles files;
    private final LongSupplier used;
    private final long bound;
    private final long minimumFree;
    private final FailStop failStop;
    private final ReentrantLock roomLock = new ReentrantLock();
    private final Condition roomMade = roomLock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicReference<Shortage> shortage = new AtomicReference<>();

    /**
     * What somebody could not have at once.
     *
     * @param bytes that were wanted
     * @param why in words
     * @param told whether somebody was refused for it in the end, and the log says so
     */
    private record Shortage(long bytes, String why, boolean told) {
        Shortage asTold() {
            return new Shortage(bytes, why, true);
        }
    }

    // The last answer of the disk; guarded by the monitor of this object.
    private long free;
    private long askedNanos;
    private long letIn = LET_IN;

    RoomGate(JournalFiles files, LongSupplier used, JournalOptions options, FailStop failStop) {
        this.files = files;
        this.used = used;
        this.bound = options.boundBytes();
        this.minimumFree = options.minimumFreeBytes();
        this.failStop = failStop;
    }

    /** Waits for room; false if there was none in time, or the thread was interrupted (and still is). */
    boolean await(long bytes, long timeoutMillis) throws JournalFailedException {
        try {
            return isRoomFor(bytes) || awaitLonger(bytes, timeoutMillis);
        } catch (IOException e) {
            throw failStop.announce(e);
        }
    }

    private boolean awaitLonger(long bytes, long timeoutMillis) throws IOException, JournalFailedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        Shortage mine = new Shortage(bytes, why(bytes), false);
        shortage.compareAndSet(null, mine);
        roomLock.lock();
        try {
            waiting.incrementAndGet();
            while (!isRoomFor(bytes)) {
                failStop.check();
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    refused(mine);
                    return false;
                }
                // Others free space on the disk too, and do not tell.
                long nap = Math.min(left, TimeUnit.MILLISECONDS.toNanos(DISK_ASKED_MILLIS));
                roomMade.awaitNanos(nap);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waiting.decrementAndGet();
            roomLock.unlock();
        }
    }

    private String why(long bytes) {
        return used.getAsLong() + bytes > bound
                ? "the journal is at its bound of " + bound + " bytes until the object store has what it holds"
                : "the disk of " + files + " has less than " + minimumFree + " bytes left";
    }

    /** Tells it once in a shortage. */
    private void refused(Shortage mine) {
        Shortage before = shortage.getAndUpdate(
                present -> present == null || !present.told || present.bytes < mine.bytes ? mine.asTold() : present);
        if (before == null || !before.told) {
            LOG.warn("changes wait for room, but for removals: {}", mine.why);
        }
    }

    /** Why somebody had to wait, and would have to now; empty once there would be room. */
    Optional<String> shortage() {
        Shortage last = shortage.get();
        if (last == null) {
            return Optional.empty();
        }
        try {
            if (used.getAsLong() + last.bytes <= bound && files.usableSpace() - last.bytes >= minimumFree) {
                if (shortage.compareAndSet(last, null) && last.told) {
                    LOG.info("there is room for changes again");
                }
                return Optional.empty();
            }
        } catch (IOException e) {
            LOG.debug("the disk does not say how much room it has: {}", e.getMessage());
        }
        return Optional.of(last.why);
    }

    boolean isAwaited() {
        return waiting.get() > 0;
    }

    /** Has those who wait look again. */
    void wake() {
        roomLock.lock();
        try {
            roomMade.signalAll();
        } finally {
            roomLock.unlock();
        }
    }

    private boolean isRoomFor(long bytes) throws IOException {
        return used.getAsLong() + bytes <= bound && isDiskRoomFor(bytes);
    }

    private synchronized boolean isDiskRoomFor(long bytes) throws IOException {
        long now = System.nanoTime();
        boolean stale = now - askedNanos > TimeUnit.MILLISECONDS.toNanos(DISK_ASKED_MILLIS);
        if (stale || letIn + bytes > LET_IN || free - letIn - bytes < minimumFree) {
            free = files.usableSpace();
            askedNanos = now;
            letIn = 0;
        }
        if (free - letIn - bytes < minimumFree) {
            return false;
        }
        letIn += bytes;
        return true;
    }
}
