package org.cairnfs.core.data.read;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The decoded chunks that came last, among them those that were fetched ahead of their reader: bounded in bytes, first in, first
 * out. A cache that resists scans keeps nothing of a scan, but a chunk is read in several parts, and read ahead of the first.
 *
 * <p>Invariant: what was fetched ahead and not read yet, together with what is being fetched ahead, is at most the bound; so
 * reading ahead never pushes out what it fetched itself.
 *
 * <p>Thread-safe; guarded by this monitor, a leaf.
 */
final class RecentChunks {
    @GuardedBy("this")
    private long bound;

    @GuardedBy("this")
    private final Map<Long, Entry> entries = new LinkedHashMap<>();

    @GuardedBy("this")
    private long bytes;

    @GuardedBy("this")
    private long ahead;

    private static final class Entry {
        private final ByteBuffer plain;
        private boolean ahead;

        Entry(ByteBuffer plain, boolean ahead) {
            this.plain = plain;
            this.ahead = ahead;
        }
    }

    /** @param bound in bytes, 0 or more */
    RecentChunks(long bound) {
        this.bound = bound;
    }

    /** A chunk that somebody reads. */
    synchronized Optional<ByteBuffer> get(long chunk) {
        Entry entry = entries.get(chunk);
        if (entry == null) {
            return Optional.empty();
        }
        isRead(entry);
        return Optional.of(entry.plain);
    }

    synchronized boolean contains(long chunk) {
        return entries.containsKey(chunk);
    }

    /** Takes room for a chunk that is to be fetched ahead; it is given back by {@link #release}, or goes over to the chunk. */
    synchronized boolean reserve(int length) {
        if (ahead + length > bound) {
            return false;
        }
        ahead += length;
        return true;
    }

    /** The chunk will not come. */
    synchronized void release(int length) {
        ahead -= length;
    }

    /** A chunk that somebody waits for. */
    synchronized void put(long chunk, ByteBuffer plain) {
        put(chunk, new Entry(plain, false));
    }

    /** A chunk that was fetched ahead, for which room was reserved. */
    synchronized void putAhead(long chunk, ByteBuffer plain) {
        put(chunk, new Entry(plain, true));
    }

    @GuardedBy("this")
    private void put(long chunk, Entry entry) {
        Entry before = entries.remove(chunk);
        if (before != null) {
            remove(before);
        }
        entries.put(chunk, entry);
        bytes += entry.plain.capacity();
        shrink();
    }

    @GuardedBy("this")
    private void shrink() {
        Iterator<Entry> oldest = entries.values().iterator();
        while (bytes > bound && oldest.hasNext()) {
            Entry gone = oldest.next();
            oldest.remove();
            remove(gone);
        }
    }

    @GuardedBy("this")
    private void remove(Entry entry) {
        isRead(entry);
        bytes -= entry.plain.capacity();
    }

    @GuardedBy("this")
    private void isRead(Entry entry) {
        if (entry.ahead) {
            entry.ahead = false;
            ahead -= entry.plain.capacity();
        }
    }

    /** Sets the bound; takes effect at once. */
    synchronized void resize(long newBound) {
        bound = newBound;
        shrink();
    }

    synchronized long bound() {
        return bound;
    }

    /** Forgets everything. */
    synchronized void clear() {
        for (Entry entry : entries.values()) {
            remove(entry);
        }
        entries.clear();
    }

    /** Bytes that are held. */
    synchronized long bytes() {
        return bytes;
    }

    /** Bytes that are being fetched ahead, or were and nobody has read them. */
    synchronized long aheadBytes() {
        return ahead;
    }
}
