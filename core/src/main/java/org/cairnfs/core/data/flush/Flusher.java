package org.cairnfs.core.data.flush;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.cairnfs.core.data.chunk.ChunkIdHasher;
import org.cairnfs.core.data.chunk.Chunker;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.data.dirty.DirtyContent;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.dirty.DirtySnapshot;
import org.cairnfs.core.data.pack.PackWriter;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.data.read.Waiting;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.objectstore.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings dirty data into the store: what is idle, what is old ({@link FlushDue}), and, when there is too much, the oldest first.
 *
 * <p>One batch is flushed at a time ({@code flushLock}), on the flusher's own thread or that of whoever asks for one, in the order in
 * which they ask: where more is written than the store takes, the flusher never comes to an end, and barriers are made all the same. Inside
 * it, chunks are encoded and packs uploaded in parallel. A flush that fails (the store is away) leaves everything dirty and is tried again
 * with growing pauses; writers wait at the bound meanwhile ({@link DirtyRoom}).
 */
public final class Flusher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Flusher.class);
    private static final long BATCH_BYTES = 256L << 20;
    private static final int BATCH_CONTENTS = 4_096;
    private static final int PLANS_PER_MUTATION = 32;
    private static final long TICK_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    private final MetadataStore metadata;
    private final Journal journal;
    private final DirtyMap dirty;
    private final FlushSettings settings;
    private final LongSupplier nanoClock;
    private final PackRegistry registry;
    private final PackUploader uploader;
    private final ChunkStore chunks;
    private final FlushPlanner planner;
    private final FlushApplier applier;
    private final ReentrantLock flushLock = new ReentrantLock(true);
    private final DirtyRoom room;
    private final Thread thread;
    private volatile Optional<String> lastFailure = Optional.empty();

    /**
     * Makes a flusher that does nothing until {@link #start}.
     *
     * @param reader gives the bytes of pieces
     * @param writers makes pack writers
     */
    public Flusher(
            MetadataStore metadata,
            Journal journal,
            DirtyMap dirty,
            ObjectStore store,
            Chunker chunker,
            ChunkIdHasher hasher,
            ChunkCodec codec,
            PieceReader reader,
            Supplier<PackWriter> writers,
            FlushSettings settings,
            LongSupplier nanoClock) {
        this.metadata = metadata;
        this.journal = journal;
        this.dirty = dirty;
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.room = new DirtyRoom(dirty, settings);
        this.registry = new PackRegistry(metadata, journal::lastSequence);
        this.uploader = new PackUploader(store, registry, writers, settings.packBuffers());
        this.chunks = new ChunkStore(
                metadata.view(), hasher, codec, uploader, settings.encoderThreads(), settings.encodeMemory());
        this.planner = new FlushPlanner(metadata, dirty, chunker, reader, chunks);
        this.applier = new FlushApplier(metadata, dirty, journal::lastSequence);
        this.thread = Threads.named("cairn-flush").newThread(this::run);
    }

    /** Begins to flush in the background. */
    public void start() {
        thread.start();
    }

    /**
     * Waits until so many bytes more may become dirty.
     *
     * @return false if there was no room in time
     */
    public boolean awaitRoom(long bytes, long timeoutMillis) {
        return room.await(bytes, timeoutMillis);
    }

    /**
     * Flushes all that is dirty at this moment, and returns when it is in the store.
     *
     * @param progress told the bytes that are still to be flushed, now and then
     */
    public void flushAll(LongConsumer progress) throws FsException {
        long upTo = journal.lastSequence();
        boolean more;
        do {
            more = flushOldest(upTo, progress);
        } while (more);
        progress.accept(0);
    }

    /** Flushes a batch, if anything is dirty since that record or before; returns whether there was. */
    private boolean flushOldest(long upTo, LongConsumer progress) throws FsException {
        flushLock.lock();
        try {
            boolean due = dirty.oldestSequence() <= upTo;
            if (due) {
                progress.accept(dirty.dataBytes());
                flushBatch(dirty.oldestFirst());
            }
            return due;
        } finally {
            flushLock.unlock();
        }
    }

    /**
     * Flushes what was dirty at a moment, as it was then, and says what is in the store of it; what was written since stays
     * dirty.
     *
     * @param moment called while no flush is under way; its snapshots are whole contents, and what they refer to in the journal
     *     stays readable until this returns
     */
    public List<FlushedContent> flushFrozen(Supplier<List<DirtySnapshot>> moment) throws FsException {
        flushLock.lock();
        try {
            List<FlushedContent> flushed = new ArrayList<>();
            List<FlushPlan> plans = new ArrayList<>();
            long bytes = 0;
            for (DirtySnapshot snapshot : moment.get()) {
                // Whole: a second plan of the same content would see the extents of the first, which newer writes may
                // have cut.
                plans.add(planner.plan(snapshot, Long.MAX_VALUE, Long.MAX_VALUE));
                bytes += snapshot.dataBytes();
                if (bytes >= BATCH_BYTES || plans.size() >= BATCH_CONTENTS) {
                    flushed.addAll(complete(plans));
                    plans.clear();
                    bytes = 0;
                }
            }
            flushed.addAll(complete(plans));
            return flushed;
        } finally {
            flushLock.unlock();
        }
    }

    private List<FlushedContent> complete(List<FlushPlan> plans) throws FsException {
        store(plans);
        List<FlushedContent> flushed = new ArrayList<>();
        for (FlushPlan plan : plans) {
            flushed.add(FlushedContent.of(plan));
        }
        return flushed;
    }

    /** Flushes all that was said before an epoch, and returns when it is in the store. */
    public void flushBefore(long epoch) throws FsException {
        flushLock.lock();
        try {
            List<DirtyContent> due = dirtyBefore(epoch);
            while (!due.isEmpty()) {
                flushBatch(due);
                due = dirtyBefore(epoch);
            }
        } finally {
            flushLock.unlock();
        }
    }

    private List<DirtyContent> dirtyBefore(long epoch) {
        return dirty.all().stream()
                .filter(content -> content.oldestEpoch().orElse(epoch) < epoch)
                .toList();
    }

    /** Flushes one content, and returns when what was dirty in it is in the store. */
    public void flush(long content) throws FsException {
        long upTo = journal.lastSequence();
        flushLock.lock();
        try {
            Optional<DirtyContent> found = dirty.content(content);
            while (found.isPresent() && found.get().oldestDirty() <= upTo) {
                flushBatch(List.of(found.get()));
                found = dirty.content(content);
            }
        } finally {
            flushLock.unlock();
        }
    }

    /** What new chunks are compressed with. */
    public Compression compression() {
        return chunks.codec().compression();
    }

    /** From now on compresses new chunks so; what is stored already stays as it is, as each chunk says how it was stored. */
    public void compression(Compression compression) {
        chunks.codec(new ChunkCodec(compression));
    }

    /**
     * Stores a chunk once more, whether there is an equal one or not, and waits until it is durable.
     *
     * @return its number; nothing refers to it
     */
    public long storeAnew(byte[] plain) throws FsException {
        ChunkStore.StoringChunk storing = chunks.storeAnew(plain);
        Waiting.join(storing.packed());
        chunks.flush();
        return Waiting.join(storing.stored());
    }

    /** Why the last flush did not work, for status; empty if it did. */
    public Optional<String> lastFailure() {
        return lastFailure;
    }

    /** Whether a pack is being uploaded; a {@code PENDING} one that is not never will be durable. */
    public boolean isUnderWay(long pack) {
        return registry.isUnderWay(pack);
    }

    private void run() {
        long pause = TICK_MILLIS;
        while (!room.isClosed()) {
            try {
                flushDue();
                lastFailure = Optional.empty();
                pause = TICK_MILLIS;
            } catch (FsException e) {
                pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
                lastFailure = Optional.of(e.getMessage());
                LOG.warn(
                        "flush of {} dirty bytes failed: {}; trying again in {} ms",
                        dirty.dataBytes(),
                        e.getMessage(),
                        pause);
            } catch (RuntimeException e) {
                pause = LONGEST_PAUSE_MILLIS;
                lastFailure = Optional.of(e.toString());
                LOG.error("flush failed; trying again in {} ms", pause, e);
            }
            room.pause(pause);
        }
    }

    private void flushDue() throws FsException {
        boolean more;
        do {
            more = flushSomeDue();
        } while (more && !room.isClosed());
    }

    private boolean flushSomeDue() throws FsException {
        flushLock.lock();
        try {
            List<DirtyContent> due = due();
            if (!due.isEmpty()) {
                flushBatch(due);
            }
            return !due.isEmpty();
        } finally {
            flushLock.unlock();
        }
    }

    /** What is to be flushed now, oldest first. */
    private List<DirtyContent> due() {
        if (isMuch(dirty.dataBytes(), settings.dirtyBytes())
                || isMuch(dirty.heapBytes(), settings.dirtyHeap())
                || isMuch(journal.usage().bytes(), journal.usage().bound())) {
            return dirty.oldestFirst();
        }
        return FlushDue.of(dirty.oldestFirst(), settings, nanoClock.getAsLong());
    }

    private static boolean isMuch(long amount, long bound) {
        return amount > bound / 2;
    }

    /** Flushes some of the contents, from the first on; one batch of bounded size. */
    private void flushBatch(Collection<DirtyContent> contents) throws FsException {
        List<FlushPlan> plans = new ArrayList<>();
        try (Journal.Pin pin = journal.pin()) {
            long bytes = 0;
            for (DirtyContent content : contents) {
                if (bytes >= BATCH_BYTES || plans.size() >= BATCH_CONTENTS) {
                    break;
                }
                long before = content.dataBytes();
                plan(content, BATCH_BYTES - bytes).ifPresent(plans::add);
                bytes += before;
            }
            store(plans);
        }
    }

    /** Has all chunks of the plans stored, and their extents put. */
    private void store(List<FlushPlan> plans) throws FsException {
        for (FlushPlan plan : plans) {
            for (FlushPlan.NewExtent extent : plan.extents()) {
                Waiting.join(extent.chunk().packed());
            }
            lastFailure = Optional.empty();
        }
        chunks.flush();
        for (int i = 0; i < plans.size(); i += PLANS_PER_MUTATION) {
            applier.apply(plans.subList(i, Math.min(plans.size(), i + PLANS_PER_MUTATION)));
            room.signal();
        }
    }

    private Optional<FlushPlan> plan(DirtyContent content, long maxBytes) throws FsException {
        Moment moment;
        try {
            moment = metadata.locked(
                    content.inode(), (InodeRow row, MetadataStore.Appender appender) -> Moment.of(content, row));
        } catch (FsException e) {
            if (e.errno() != Errno.ESTALE) {
                throw e;
            }
            moment = new Moment(content.snapshot(), Long.MAX_VALUE);
        }
        return moment.snapshot().isPresent()
                ? Optional.of(planner.plan(moment.snapshot().get(), moment.size(), maxBytes))
                : Optional.empty();
    }

    /**
     * A content to be flushed.
     *
     * @param size what is beyond it is not read; that of the file, but where a later epoch may have changed it
     */
    private record Moment(Optional<DirtySnapshot> snapshot, long size) {
        static Moment of(DirtyContent content, InodeRow row) {
            Optional<DirtySnapshot> snapshot = content.snapshot();
            boolean isOfNow = row.content() == content.content()
                    && snapshot.filter(oldest -> content.isNewest(oldest.epoch()))
                            .isPresent();
            return new Moment(snapshot, isOfNow ? row.size() : Long.MAX_VALUE);
        }
    }

    /** Stops; what is dirty stays in the journal. */
    @Override
    public void close() {
        room.close();
        chunks.close();
        uploader.close();
        if (thread.isAlive()) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(60));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
