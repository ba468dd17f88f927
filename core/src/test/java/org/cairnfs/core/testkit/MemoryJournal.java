package org.cairnfs.core.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalFailedException;

/**
 * A journal in memory for tests: keeps the contract of {@link Journal} (order, trim, replay, failure), and can be crashed:
 * {@link #copyUpTo} is what a machine would find after its power went.
 *
 * <p>A sync takes no time and counts; {@link #failNow} makes it fail-stop like a broken disk. One lock guards all.
 */
public final class MemoryJournal implements Journal {
    private final NavigableMap<Long, Entry> entries = new TreeMap<>();
    private final long bound;
    private long last;
    private long synced;
    private long bytes;
    private long syncs;
    private boolean failed;
    private long clockMillis = 1;
    private int pins;
    private volatile Runnable onSync = () -> {};

    public MemoryJournal() {
        this(Long.MAX_VALUE);
    }

    /** A journal that has room for {@code bound} bytes, for {@link Room#NORMAL}. */
    public MemoryJournal(long bound) {
        this.bound = bound;
    }

    @Override
    public synchronized boolean awaitRoom(Room room, long wanted, long timeoutMillis) throws JournalFailedException {
        checkUsable();
        return room == Room.RESERVE || bytes + wanted <= bound;
    }

    @Override
    public synchronized Appended append(ByteBuffer head, ByteBuffer payload) throws JournalFailedException {
        checkUsable();
        long sequence = last + 1;
        entries.put(sequence, new Entry(clockMillis, copy(head), copy(payload)));
        last = sequence;
        bytes += head.remaining() + payload.remaining();
        return new Appended(sequence, new PayloadRef(0, sequence, payload.remaining()));
    }

    /** Syncs, then tells the listener: at this moment the database file is about to be written, and is what a crash leaves. */
    @Override
    public void sync(long sequence) throws JournalFailedException {
        syncQuietly(sequence);
        onSync.run();
    }

    private synchronized void syncQuietly(long sequence) throws JournalFailedException {
        checkUsable();
        if (sequence > last) {
            throw new IllegalArgumentException("sync of " + sequence + ", last is " + last);
        }
        if (sequence > synced) {
            synced = last;
            syncs++;
        }
    }

    @Override
    public synchronized long lastSequence() {
        return last;
    }

    @Override
    public synchronized long syncedSequence() {
        return synced;
    }

    @Override
    public void readPayload(PayloadRef payload, int offset, ByteBuffer target) throws JournalFailedException {
        Entry entry;
        synchronized (this) {
            checkUsable();
            entry = entries.get(payload.position());
        }
        if (entry == null || offset < 0 || target.remaining() > entry.payload.length() - offset) {
            throw new IllegalArgumentException("no such payload: " + payload + " at " + offset);
        }
        target.put(entry.payload.asBuffer().position(offset).limit(offset + target.remaining()));
    }

    @Override
    public void replay(long fromSequence, RecordVisitor visitor) {
        heads(fromSequence, Long.MAX_VALUE, visitor);
    }

    @Override
    public void heads(long fromSequence, long toSequence, RecordVisitor visitor) {
        List<Long> sequences;
        synchronized (this) {
            sequences = new ArrayList<>(
                    entries.subMap(fromSequence, true, toSequence, true).keySet());
        }
        for (long sequence : sequences) {
            Entry entry;
            synchronized (this) {
                entry = entries.get(sequence);
            }
            visitor.visit(
                    sequence,
                    entry.timeMillis,
                    entry.head.asBuffer(),
                    new PayloadRef(0, sequence, entry.payload.length()));
        }
    }

    @Override
    public synchronized long oldestSequence() {
        return entries.isEmpty() ? last + 1 : entries.firstKey();
    }

    @Override
    public synchronized long newestNotBefore() {
        return entries.isEmpty() ? 0 : entries.lastEntry().getValue().timeMillis;
    }

    /** Trims at once, unless something is pinned. */
    @Override
    public synchronized void trim(long sequence) throws JournalFailedException {
        checkUsable();
        if (pins > 0) {
            return;
        }
        NavigableMap<Long, Entry> gone = entries.headMap(Math.min(sequence, last + 1), false);
        for (Entry entry : gone.values()) {
            bytes -= entry.bytes();
        }
        gone.clear();
    }

    @Override
    public synchronized Pin pin() {
        pins++;
        return this::unpin;
    }

    private synchronized void unpin() {
        pins--;
    }

    @Override
    public synchronized Usage usage() {
        return new Usage(bytes, bound, Optional.empty());
    }

    @Override
    public void close() {
        // Nothing is held; a test looks at it after the store was closed, and opens it again.
    }

    /** Everything from now on fails, as after a write error. */
    public synchronized void failNow() {
        failed = true;
    }

    /** Runs after each sync, in the thread that asked for it. */
    public void onSync(Runnable listener) {
        onSync = listener;
    }

    /** How often a sync had something to do. */
    public synchronized long syncs() {
        return syncs;
    }

    /** Sets the wall clock of the next records, milliseconds. */
    public synchronized void clock(long millis) {
        clockMillis = millis;
    }

    /** What a restart finds when everything after {@code sequence} was lost; it shares nothing with this one. */
    public synchronized MemoryJournal copyUpTo(long sequence) {
        MemoryJournal copy = new MemoryJournal(bound);
        copy.entries.putAll(entries.headMap(sequence, true));
        copy.last = Math.min(sequence, last);
        copy.synced = Math.min(sequence, synced);
        copy.clockMillis = clockMillis;
        for (Entry entry : copy.entries.values()) {
            copy.bytes += entry.bytes();
        }
        return copy;
    }

    private void checkUsable() throws JournalFailedException {
        if (failed) {
            throw new JournalFailedException("the journal failed, as the test asked", new IOException("injected"));
        }
    }

    private static Bytes copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return Bytes.ofTrusted(bytes);
    }

    private record Entry(long timeMillis, Bytes head, Bytes payload) {
        int bytes() {
            return head.length() + payload.length();
        }
    }
}
