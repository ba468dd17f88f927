package org.cairnfs.core.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.h2.BornBetween;
import org.cairnfs.core.metadata.h2.ChangedInodes;
import org.cairnfs.core.metadata.h2.DamageMark;
import org.cairnfs.core.metadata.h2.Progress;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.metadata.row.Versions;
import org.cairnfs.core.record.ContentOp;
import org.cairnfs.core.record.JournalRecord;
import org.cairnfs.core.record.JournalRecordCodec;
import org.cairnfs.core.record.RowChange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link MetadataStore} on H2: the newest rows in memory ({@link NewestRows}), a writer thread ({@link Writer}), and a database
 * that follows the journal and never leads it.
 *
 * <p>Threading: any thread calls anything; see the parts. A lazy change runs in its caller's thread under its inode's lock.
 */
public final class H2MetadataStore implements MetadataStore {
    private static final Logger LOG = LoggerFactory.getLogger(H2MetadataStore.class);

    /** What a mutation takes in the journal, reckoned generously: it is not known before it has run. */
    private static final int ROOM_BYTES = 64 << 10;

    /** By so much a counter of numbers that are given out is ahead of those; so a repair has to raise it. */
    public static final int COUNTED_AHEAD = Ids.BLOCK;

    private final StoreContext context;
    private final OpenMark mark;
    private final Present present;
    private final Writer writer;
    private final PresentView view;
    private final AtomicLong durable = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Sequence of the newest record that {@link #answered} wrote. */
    private volatile long answeredAt;

    private H2MetadataStore(StoreContext context, OpenMark mark) {
        this.mark = mark;
        this.context = context;
        this.present = context.present();
        this.writer = new Writer(context);
        this.view = new PresentView(present, context.atimes(), context.failStop());
    }

    /**
     * Opens the metadata in a directory and brings it to the journal's end; or makes it new, where the journal is new.
     *
     * @param directory for the database's files; made if it is not there, with mode 0700
     * @param journal open; stays open when the store is closed
     * @param replay hears the content operations that may not be in extents yet; if a damaged database is found out half-way,
     *     hears them again from the beginning
     * @throws MetadataLostException if the database is unusable, and journal and checkpoint do not make it up
     */
    public static H2MetadataStore open(
            Path directory,
            Journal journal,
            MetadataOptions options,
            CheckpointSource checkpoints,
            ContentReplay replay)
            throws IOException, JournalFailedException, JournalCorruptException {
        Unanswered unanswered = new Unanswered();
        OpenMark mark = new OpenMark(directory);
        Replay.Sinks sinks = new Replay.Sinks(replay, unanswered);
        Present present = new Recovery(directory, mark, journal, options, checkpoints, sinks).run();
        FailStop failStop = new FailStop(options.onFailure(), new DamageMark(directory));
        H2MetadataStore store =
                new H2MetadataStore(StoreContext.of(options, journal, present, failStop, unanswered), mark);
        store.writer.start();
        return store;
    }

    @Override
    public MetadataView view() {
        return view;
    }

    @Override
    public MetadataView asOf(long epoch) {
        return new SnapshotView(present.database(), view, context.failStop(), epoch);
    }

    @Override
    public ChangedInodes changedInodes(long since, long until, ChangedInodes.Place behind, int limit) {
        try {
            return present.database().read(session -> BornBetween.find(session, since, until, behind, limit));
        } catch (SQLException e) {
            throw context.failStop().fail("the metadata database could not be read", e);
        }
    }

    @Override
    public <T> Committed<T> mutate(Mutation<T> mutation) throws FsException {
        context.failStop().check();
        try {
            Journal.Room room = mutation.usesReserve() ? Journal.Room.RESERVE : Journal.Room.NORMAL;
            if (!context.journal().awaitRoom(room, ROOM_BYTES, context.options().roomTimeoutMillis())) {
                throw new FsException(Errno.EAGAIN, "the journal is full");
            }
        } catch (JournalFailedException e) {
            throw context.failStop().fail("the journal failed", e);
        }
        MutationTask<T> task = new MutationTask<>(context, mutation);
        writer.submit(task);
        return task.await();
    }

    @Override
    public <T> T update(long inode, InodeUpdate<T> update) throws FsException {
        context.failStop().check();
        view.inode(inode); // Loads it, if need be, before others wait for the lock.
        ReentrantLock lock = context.locks().of(inode);
        lock.lock();
        try {
            InodeRow row =
                    view.inode(inode).orElseThrow(() -> new FsException(Errno.ESTALE, "inode " + inode + " is gone"));
            return update.run(row, new LazyAppender(row));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public <T> T locked(long inode, InodeUpdate<T> action) throws FsException {
        return update(inode, action);
    }

    /** Appends lazy records about one inode, whose lock is held. */
    private final class LazyAppender implements Appender {
        private InodeRow newest;

        LazyAppender(InodeRow present) {
            newest = present;
        }

        @Override
        public Journal.Appended append(InodeRow wanted, List<ContentOp> content, ByteBuffer payload) {
            if (wanted.inode() != newest.inode() || wanted.change() <= newest.change()) {
                throw new IllegalArgumentException("not a later image of " + newest + ": " + wanted);
            }
            InodeRow after =
                    (InodeRow) Versions.withBorn(wanted, present.epochs().present());
            ByteBuffer head = JournalRecordCodec.encode(new JournalRecord(
                    JournalRecord.Kind.LAZY,
                    List.of(new RowChange.Upsert(after)),
                    content,
                    Optional.empty(),
                    Bytes.EMPTY));
            present.lazies().enter(context.journal().lastSequence() + 1, newest);
            Journal.Appended appended;
            try {
                appended = context.journal().append(head, payload);
            } catch (JournalFailedException e) {
                throw context.failStop().fail("the journal could not be written", e);
            }
            present.applyLazy(newest, after);
            newest = after;
            return appended;
        }
    }

    @Override
    public long nextChange() {
        return context.nextChange();
    }

    @Override
    public void touchAtime(long inode, long atime) {
        context.atimes().touch(inode, atime);
    }

    @Override
    public Optional<Bytes> takeResult(Origin origin) {
        return context.unanswered().take(origin);
    }

    @Override
    public Map<Origin, Bytes> unanswered() {
        return context.unanswered().all();
    }

    @Override
    public void forgetUnanswered() {
        context.unanswered().forget();
    }

    @Override
    public long lastSequence() {
        return context.journal().lastSequence();
    }

    @Override
    public void answered(long sequence) throws FsException {
        if (sequence > answeredAt) {
            Committed<Void> committed = mutate(transaction -> {
                transaction.put(new CounterRow(Unanswered.ANSWERED, sequence));
                return null;
            });
            answeredAt = committed.sequence();
        }
    }

    @Override
    public MetadataStatistics statistics() {
        UsageRow whole = present.usages().of(0);
        Progress counts = present.totals().progress(0, 0);
        return new MetadataStatistics(
                counts.entries(),
                whole.inodes(),
                counts.chunks(),
                whole.bytes(),
                counts.uniqueBytes(),
                counts.storedBytes(),
                present.database().fileBytes());
    }

    @Override
    public long durableSequence() {
        return durable.get();
    }

    @Override
    public void checkpointDatabase() {
        Barrier barrier = new Barrier(
                () -> {
                    writer.writeAtimes();
                    writer.sweepAll();
                },
                present.database()::store);
        writer.submit(barrier);
        Writer.CommitPoint point = barrier.await();
        try {
            present.database().sync();
        } catch (RuntimeException e) {
            throw context.failStop().fail("the metadata database could not be written to the disk", e);
        }
        durable.accumulateAndGet(point.complete(), Math::max);
    }

    /**
     * Gives all rows while the file system goes on, for a checkpoint: small tables as of one moment, then the present, then
     * history, each table in key order.
     *
     * @return which stretch of the journal it belongs to; all of that is on the disk, so no checkpoint is ahead of its journal
     * @throws IOException what the sink threw
     */
    public DumpRange dump(RowSink sink) throws IOException {
        StillPoint<StillPoint.Moment> still = StillPoint.ofSmallTables(context, writer::writeAtimes);
        writer.submit(still);
        StillPoint.Moment moment = still.await();
        try {
            new Dump(present.database()).run(moment, sink);
        } catch (SQLException e) {
            throw context.failStop().fail("the metadata database could not be read", e);
        }
        DumpRange range =
                new DumpRange(moment.applied(), moment.low(), context.journal().lastSequence());
        try {
            context.journal().sync(range.consistent());
        } catch (JournalFailedException e) {
            throw context.failStop().fail("the journal could not be synced for a checkpoint", e);
        }
        return range;
    }

    /**
     * All tables as they are at one moment, which does not change while it is looked at, however long that takes; the file system goes on
     * meanwhile. To be closed soon: the database file grows by what is changed until then.
     *
     * @param look runs at that moment, for what is not in tables; must not block
     */
    public FrozenTables freeze(Runnable look) {
        StillPoint<FrozenTables> still = new StillPoint<>(context, writer::writeAtimes, applied -> {
            look.run();
            return FrozenTables.of(present.database(), context.failStop());
        });
        writer.submit(still);
        return still.await();
    }

    /**
     * Adds to the counts of the present, which are kept by differences and are in no journal: for a check that has found them wrong.
     *
     * @param usage by how much each root's is to be changed
     * @param totals the same of what {@link #statistics} says of entries, chunks and their bytes; the sequences do not matter
     */
    public void correctCounts(List<UsageRow> usage, Progress totals) {
        Barrier barrier = new Barrier(() -> present.correct(usage, totals), () -> {});
        writer.submit(barrier);
        barrier.await();
    }

    /**
     * Lets somebody look at a moment at which nothing is appended to the journal: dirty ranges, rows in memory and the newest
     * sequence agree. Mutations and writes wait meanwhile.
     *
     * @param look told the newest sequence of the journal; must not block
     */
    public <T> T still(LongFunction<T> look) {
        StillMoment<T> moment = new StillMoment<>(context, look);
        writer.submit(moment);
        return moment.await();
    }

    /** Rows in memory that the database does not have yet; for status and tests. */
    public int pinnedRows() {
        return present.newest().pinnedRows();
    }

    /** Journals what is only in memory, commits, and syncs the database file. After a failure it only gives the file back. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (!context.failStop().failed()) {
                Barrier last = new Barrier(
                        () -> {
                            writer.writeAtimes();
                            writer.sweepAll();
                        },
                        writer::stop);
                writer.submit(last);
                Writer.CommitPoint point = last.await();
                writer.join();
                context.failStop().end();
                present.database().close();
                mark.clear();
                durable.accumulateAndGet(point.complete(), Math::max);
                return;
            }
        } catch (SQLException | IOException | RuntimeException e) {
            context.failStop().noteDamage(e);
            LOG.error("The metadata database was not closed cleanly; the next start replays the journal", e);
        }
        abandon();
    }

    /** Ends at once, as a crash would: nothing more is written to the database. */
    public void abandon() {
        closed.set(true);
        context.failStop().end();
        writer.stop();
        writer.join();
        present.database().abandon();
    }
}
