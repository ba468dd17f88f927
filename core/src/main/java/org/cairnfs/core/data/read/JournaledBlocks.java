package org.cairnfs.core.data.read;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.Journal.PayloadRef;

/**
 * The opened blocks of writes that are in the journal only and were read lately, bounded in bytes. A payload never changes and its
 * place is never used again, so nothing here is ever out of date.
 *
 * <p>What is in keeps its place as long as it is read: what finds no room is not kept. So whoever reads more than there is room for, over and over,
 * finds a part of it, where keeping what was read last would find nothing and cost a copy for each block. What nobody has read for
 * {@value #IDLE_SECONDS} seconds goes at the next use of the memory: its write is in the store by then, as a rule, and is read from there.
 *
 * <p>Thread-safe; guarded by this monitor, a leaf. The listener is called without it.
 */
public final class JournaledBlocks {
    /** Heap that a block costs beside its bytes, about. */
    private static final int ENTRY_OVERHEAD = 256;

    /** The memory that is taken changes in steps of so many bytes, for others to be told seldom. */
    private static final long STEP = 1 << 20;

    /** As long as dirty bytes grow old before they are flushed. */
    private static final int IDLE_SECONDS = 30;

    private static final long IDLE = Duration.ofSeconds(IDLE_SECONDS).toNanos();

    private final LongSupplier clock;
    private final Runnable onTaken;

    @GuardedBy("this")
    private long bound;

    @GuardedBy("this")
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    @GuardedBy("this")
    private long bytes;

    private volatile long taken;

    /** When the entry was read last that was not read for longest; looked at without the monitor. */
    private volatile long oldest = Long.MAX_VALUE;

    private record Key(PayloadRef payload, int block) {}

    private static final class Entry {
        private final ByteBuffer plain;
        private long read;

        Entry(ByteBuffer plain, long read) {
            this.plain = plain;
            this.read = read;
        }

        long cost() {
            return plain.capacity() + (long) ENTRY_OVERHEAD;
        }
    }

    /**
     * Holds nothing yet.
     *
     * @param bound in bytes, 0 or more
     * @param clock monotonic, in nanoseconds
     * @param onTaken runs when {@link #taken} has changed, on the thread that changed it
     */
    JournaledBlocks(long bound, LongSupplier clock, Runnable onTaken) {
        this.bound = bound;
        this.clock = clock;
        this.onTaken = onTaken;
    }

    /**
     * A block that was put.
     *
     * @param block counted from 0, each of {@link Journal#PAYLOAD_BLOCK} bytes but the last
     */
    synchronized Optional<ByteBuffer> get(PayloadRef payload, int block) {
        Entry entry = entries.get(new Key(payload, block));
        if (entry == null) {
            return Optional.empty();
        }
        entry.read = clock.getAsLong();
        noteOldest();
        return Optional.of(entry.plain);
    }

    /** Whether a block of so many bytes would be kept now; who reads a part of it need not open the whole otherwise. */
    synchronized boolean hasRoom(int length) {
        shrink(clock.getAsLong());
        return bytes + length + ENTRY_OVERHEAD <= bound;
    }

    /**
     * Keeps a block, if there is room.
     *
     * @param plain the whole block, read-only, from 0 to its capacity
     */
    void put(PayloadRef payload, int block, ByteBuffer plain) {
        synchronized (this) {
            if (hasRoom(plain.capacity())) {
                Entry entry = new Entry(plain, clock.getAsLong());
                Entry before = entries.put(new Key(payload, block), entry);
                bytes += entry.cost() - (before == null ? 0 : before.cost());
                noteOldest();
            }
        }
        tell();
    }

    /** Lets go what nobody has read lately. */
    void dropIdle() {
        long now = clock.getAsLong();
        long since = oldest;
        if (since == Long.MAX_VALUE || now - since < IDLE) {
            return;
        }
        synchronized (this) {
            shrink(now);
        }
        tell();
    }

    @GuardedBy("this")
    private void shrink(long now) {
        Iterator<Entry> longestUnread = entries.values().iterator();
        while (longestUnread.hasNext()) {
            Entry entry = longestUnread.next();
            if (bytes <= bound && now - entry.read < IDLE) {
                break;
            }
            longestUnread.remove();
            bytes -= entry.cost();
        }
        noteOldest();
    }

    @GuardedBy("this")
    private void noteOldest() {
        Iterator<Entry> longestUnread = entries.values().iterator();
        oldest = longestUnread.hasNext() ? longestUnread.next().read : Long.MAX_VALUE;
    }

    private void tell() {
        long now;
        synchronized (this) {
            now = (bytes + STEP - 1) / STEP * STEP;
            if (now == taken) {
                return;
            }
            taken = now;
        }
        onTaken.run();
    }

    /** Sets the bound; takes effect at once. */
    void resize(long newBound) {
        synchronized (this) {
            bound = newBound;
            shrink(clock.getAsLong());
        }
        tell();
    }

    /** Forgets everything. */
    void clear() {
        synchronized (this) {
            entries.clear();
            bytes = 0;
            noteOldest();
        }
        tell();
    }

    /** Bytes of memory that are used, rounded up to whole MiB: others leave so much free. */
    long taken() {
        return taken;
    }

    /** Bytes that are held, with what holding them costs. */
    synchronized long bytes() {
        return bytes;
    }
}
