package org.cairnfs.core.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.MetadataStatistics;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Mutation;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.h2.ChangedInodes;
import org.cairnfs.core.metadata.h2.HistoryPlace;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.record.ContentOp;

/**
 * The contract of {@link MetadataStore} in plain memory: for tests of what stands on it, and to tell whether a fault is below
 * or above it. One lock guards all, held throughout a mutation.
 */
public final class MemoryMetadataStore implements MetadataStore {
    private final MemoryTables tables;
    private final LongSupplier clock;
    private final Numbers numbers;
    private final MemoryView view;
    private final JournaledAnswers answers;
    private boolean full;

    /** Empty. */
    public MemoryMetadataStore(LongSupplier clock) {
        this(new MemoryTables(), clock, new Numbers(), new JournaledAnswers());
    }

    private MemoryMetadataStore(MemoryTables tables, LongSupplier clock, Numbers numbers, JournaledAnswers answers) {
        this.tables = tables;
        this.view = new MemoryView(tables, this);
        this.clock = clock;
        this.numbers = numbers;
        this.answers = answers;
        answers.restart();
        numbers.incarnation++;
    }

    /** The same file system after a restart that lost nothing; this one is not to be used any more. */
    public synchronized MemoryMetadataStore restarted() {
        return new MemoryMetadataStore(tables, clock, numbers, answers);
    }

    /** Lets the journal have no room but its reserve. */
    public synchronized void setFull(boolean value) {
        full = value;
    }

    /** How many rows were read by ranges since the beginning. */
    public synchronized long rangeRows() {
        return tables.rangeRows();
    }

    /** How many rows there are in all tables. */
    public synchronized int rows() {
        return tables.size();
    }

    @Override
    public synchronized long lastSequence() {
        return numbers.sequence;
    }

    @Override
    public MetadataView view() {
        return view;
    }

    @Override
    public MetadataView asOf(long epoch) {
        throw new UnsupportedOperationException("there are no snapshots in memory");
    }

    @Override
    public ChangedInodes changedInodes(long since, long until, ChangedInodes.Place behind, int limit) {
        throw new UnsupportedOperationException("there are no snapshots in memory");
    }

    @Override
    public synchronized <T> Committed<T> mutate(Mutation<T> mutation) throws FsException {
        if (full && !mutation.usesReserve()) {
            throw new FsException(Errno.EAGAIN, "the journal is full");
        }
        Tx transaction = new Tx();
        T value;
        try {
            value = mutation.run(transaction);
        } catch (FsException | RuntimeException e) {
            tables.rollBack();
            throw e;
        }
        Set<RowKey> changed = tables.changed();
        tables.commit();
        if (!transaction.changed) {
            return new Committed<>(value, 0);
        }
        long sequence = ++numbers.sequence;
        answers.add(sequence, mutation.origin(), transaction.result, changed);
        transaction.onAppended.forEach(action -> action.accept(sequence));
        transaction.afterCommit.forEach(Runnable::run);
        return new Committed<>(value, sequence);
    }

    @Override
    public synchronized <T> T update(long inode, InodeUpdate<T> update) throws FsException {
        InodeRow present =
                tables.inode(inode).orElseThrow(() -> new FsException(Errno.ESTALE, "inode " + inode + " is gone"));
        return update.run(present, this::append);
    }

    @Override
    public synchronized <T> T locked(long inode, InodeUpdate<T> action) throws FsException {
        return update(inode, action);
    }

    private Journal.Appended append(InodeRow after, List<ContentOp> content, ByteBuffer payload) {
        tables.put(after);
        tables.commit();
        return new Journal.Appended(++numbers.sequence, new Journal.PayloadRef(0, 0, payload.remaining()));
    }

    @Override
    public synchronized long nextChange() {
        return numbers.incarnation << 40 | ++numbers.change;
    }

    @Override
    public synchronized void touchAtime(long inode, long atime) {
        if (tables.inode(inode).isPresent()) {
            tables.put(new AtimeRow(inode, atime));
            tables.commit();
        }
    }

    @Override
    public synchronized Optional<Bytes> takeResult(Origin origin) {
        return answers.take(origin);
    }

    @Override
    public synchronized Map<Origin, Bytes> unanswered() {
        return answers.all();
    }

    @Override
    public synchronized void answered(long through) {
        answers.answered(through);
    }

    @Override
    public synchronized void forgetUnanswered() {
        answers.forget();
    }

    @Override
    public synchronized MetadataStatistics statistics() {
        UsageRow usage = tables.usage(0);
        int entries = tables.all(DirentRow.class).size();
        int chunks = tables.all(ChunkRow.class).size();
        return new MetadataStatistics(entries, usage.inodes(), chunks, usage.bytes(), 0, 0, 0);
    }

    @Override
    public synchronized long durableSequence() {
        return numbers.sequence;
    }

    @Override
    public void checkpointDatabase() {
        // There is none.
    }

    @Override
    public void close() {
        // Nothing to give back.
    }

    /** What survives a restart beside the tables; guarded by the store's lock. */
    private static final class Numbers {
        private long incarnation;
        private long sequence;
        private long change;
        private long lastNumber;
        private long lastInode;
    }

    /** Changes the tables at once; the store rolls back what throws. */
    private final class Tx extends MemoryView implements Transaction {
        private final long now = clock.getAsLong();
        private final List<LongConsumer> onAppended = new ArrayList<>();
        private final List<Runnable> afterCommit = new ArrayList<>();
        private Bytes result = Bytes.EMPTY;
        private boolean changed;

        Tx() {
            super(MemoryMetadataStore.this.tables, MemoryMetadataStore.this);
        }

        @Override
        public Optional<InodeRow> peek(long inode) {
            return inode(inode);
        }

        @Override
        public void put(Row row) {
            changed = true;
            tables.put(row);
        }

        @Override
        public void delete(RowKey key) {
            changed = true;
            tables.delete(key);
        }

        @Override
        public void asOf(long epoch) {
            // There are no snapshots, and so no history.
        }

        @Override
        public void forget(RowKey key, long died) {
            throw new UnsupportedOperationException("there is no history to forget " + key);
        }

        @Override
        public void forget(ExtentRow image, long died) {
            forget(image.key(), died);
        }

        @Override
        public List<HistoryRow> historyByEnd(Table table, HistoryPlace behind, int limit) {
            return List.of();
        }

        @Override
        public void content(ContentOp op) {
            changed = true;
        }

        @Override
        public void result(Bytes value) {
            result = value;
        }

        @Override
        public long newInode() {
            return ++numbers.lastInode;
        }

        @Override
        public long newContent() {
            return ++numbers.lastNumber;
        }

        @Override
        public long newChunk() {
            return ++numbers.lastNumber;
        }

        @Override
        public long newPack() {
            return ++numbers.lastNumber;
        }

        @Override
        public long newWork() {
            return ++numbers.lastNumber;
        }

        @Override
        public long nextChange() {
            return MemoryMetadataStore.this.nextChange();
        }

        @Override
        public long now() {
            return now;
        }

        @Override
        public long incarnation() {
            return numbers.incarnation;
        }

        @Override
        public void onAppended(LongConsumer action) {
            onAppended.add(action);
        }

        @Override
        public void afterCommit(Runnable action) {
            afterCommit.add(action);
        }
    }
}
