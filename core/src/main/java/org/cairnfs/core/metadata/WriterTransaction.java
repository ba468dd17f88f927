package org.cairnfs.core.metadata;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.HistoryPlace;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.h2.Ranges;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.metadata.row.Versions;
import org.cairnfs.core.record.ContentOp;
import org.cairnfs.core.record.JournalRecord;
import org.cairnfs.core.record.JournalRecordCodec;
import org.cairnfs.core.record.RowChange;

/**
 * One mutation on the writer thread: an overlay over the present, the inode locks that it took, and what runs later. Nothing
 * outside it changes before {@link #append}, but for numbers taken, which {@link #close} gives back when there was none.
 */
final class WriterTransaction extends RowView implements Transaction, AutoCloseable {
    private final StoreContext context;
    private final Present present;
    private final Overlay overlay = new Overlay();
    private final List<ReentrantLock> locked = new ArrayList<>();
    private final List<ContentOp> content = new ArrayList<>();
    private final List<LongConsumer> onAppended = new ArrayList<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final long now;
    private final HistoricReferences historic;
    private final Map<RowKey, Long> goneAsOf = new HashMap<>();
    private final List<RowChange.Forget> forgotten = new ArrayList<>();
    private Bytes result = Bytes.EMPTY;
    private long asOf = RowChange.Delete.PRESENT;
    private boolean appended;

    WriterTransaction(StoreContext context) {
        super(context.present(), context.atimes());
        this.context = context;
        this.present = context.present();
        this.now = context.options().clock().getAsLong();
        this.historic = new HistoricReferences(present.epochs());
        present.ids().begin();
    }

    @Override
    Overlay overlay() {
        return overlay;
    }

    @Override
    Optional<Row> find(RowKey key) {
        Optional<Row> own = overlay.get(key);
        return own != null ? own : before(key);
    }

    /** The image before this mutation. */
    private Optional<Row> before(RowKey key) {
        if (isFresh(key)) {
            return Optional.empty();
        }
        try {
            return present.find(key);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Whether a row cannot be there, as this mutation itself has taken the number. */
    private boolean isFresh(RowKey key) {
        Ids ids = present.ids();
        if (key instanceof RowKey.Inode inode) {
            return ids.isFresh(Ids.Kind.INODE, inode.inode());
        } else if (key instanceof RowKey.Dirent dirent) {
            return ids.isFresh(Ids.Kind.INODE, dirent.parent());
        } else if (key instanceof RowKey.Extent extent) {
            return ids.isFresh(Ids.Kind.CONTENT, extent.content());
        } else if (key instanceof RowKey.Chunk chunk) {
            return ids.isFresh(Ids.Kind.CHUNK, chunk.chunk());
        } else if (key instanceof RowKey.Pack pack) {
            return ids.isFresh(Ids.Kind.PACK, pack.pack());
        }
        return false;
    }

    @Override
    <T> T query(Database.Query<T> query) {
        try {
            present.batch().push();
            return query.run(present.database().writer());
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private MetadataFailedException failed(SQLException e) {
        return context.failStop().fail("the metadata database could not be used by a mutation", e);
    }

    @Override
    public Optional<InodeRow> inode(long inode) {
        lock(inode);
        return peek(inode);
    }

    @Override
    public Optional<InodeRow> peek(long inode) {
        return find(new RowKey.Inode(inode)).map(InodeRow.class::cast);
    }

    @Override
    public void put(Row row) {
        if (row instanceof InodeRow inode) {
            lock(inode.inode());
        } else if (Epochs.concerns(row.key()) || row instanceof TreeLockRow) {
            lockAll();
        } else if (row instanceof ExtentRow extent && extent.length() <= 0) {
            throw new IllegalArgumentException("an empty extent: " + extent);
        } else if (row instanceof AtimeRow atime) {
            // A time that is set counts more than those that reads noted before.
            onAppended.add(sequence -> context.atimes().forget(atime.inode()));
        }
        set(row.key(), Optional.of(Versions.withBorn(row, bornNow(row))));
    }

    /** As of an earlier epoch, what has changed since keeps its own. */
    private long bornNow(Row row) {
        if (asOf == RowChange.Delete.PRESENT) {
            return epoch();
        }
        return row instanceof InodeRow inode ? Math.max(asOf, inode.born()) : asOf;
    }

    private void set(RowKey key, Optional<Row> image) {
        if (key instanceof RowKey.Extent && present.epochs().areShown()) {
            before(key).ifPresent(old -> historic.ends((ExtentRow) old, died(image)));
        }
        if (image.isEmpty() && asOf != RowChange.Delete.PRESENT && Table.of(key).versioned()) {
            goneAsOf.put(key, asOf);
        }
        overlay.set(key, image);
    }

    /** The epoch with which an image ends that is replaced by this one. */
    private long died(Optional<Row> image) {
        if (image.isPresent()) {
            return Versions.born(image.get());
        }
        return asOf == RowChange.Delete.PRESENT ? epoch() : asOf;
    }

    @Override
    public void asOf(long epoch) {
        if (epoch > epoch()) {
            throw new IllegalArgumentException("as of epoch " + epoch + ", which is to come");
        }
        asOf = epoch == epoch() ? RowChange.Delete.PRESENT : epoch;
        if (asOf != RowChange.Delete.PRESENT) {
            content.add(new ContentOp.AsOf(epoch));
        }
    }

    @Override
    public void forget(RowKey key, long died) {
        forgotten.add(new RowChange.Forget(key, died));
    }

    @Override
    public void forget(ExtentRow image, long died) {
        forget(image.key(), died);
        historic.forgotten(image.chunk());
    }

    @Override
    public List<HistoryRow> historyByEnd(Table table, HistoryPlace behind, int limit) {
        return query(session -> Ranges.historyByEnd(session, table, behind, limit));
    }

    @Override
    public boolean isReferencedByHistory(long chunk) {
        return historic.refersTo(chunk, limit -> query(session -> Ranges.historicReferences(session, chunk, limit)));
    }

    /** Puts a time that reads noted; what they note meanwhile stays noted. */
    void putNoted(AtimeRow row) {
        overlay.set(row.key(), Optional.of(row));
    }

    @Override
    public long atime(InodeRow inode) {
        Optional<Row> set = overlay.get(new RowKey.Atime(inode.inode()));
        return set == null || set.isEmpty() ? super.atime(inode) : ((AtimeRow) set.get()).atime();
    }

    @Override
    public void delete(RowKey key) {
        if (key instanceof RowKey.Inode inode) {
            lock(inode.inode());
            overlay.set(new RowKey.Atime(inode.inode()), Optional.empty());
            onAppended.add(sequence -> context.atimes().forget(inode.inode()));
        } else if (key instanceof RowKey.Snapshot) {
            lockAll();
        }
        set(key, Optional.empty());
    }

    @Override
    public long epoch() {
        Optional<Row> raised = overlay.get(new RowKey.Counter(Epochs.COUNTER));
        return raised == null ? super.epoch() : ((CounterRow) raised.orElseThrow()).value();
    }

    @Override
    public void content(ContentOp op) {
        content.add(op);
    }

    @Override
    public void result(Bytes value) {
        result = value;
    }

    @Override
    public long newInode() {
        return present.ids().take(Ids.Kind.INODE);
    }

    @Override
    public long newContent() {
        return present.ids().take(Ids.Kind.CONTENT);
    }

    @Override
    public long newChunk() {
        return present.ids().take(Ids.Kind.CHUNK);
    }

    @Override
    public long newPack() {
        return present.ids().take(Ids.Kind.PACK);
    }

    @Override
    public long newWork() {
        return present.ids().take(Ids.Kind.WORK);
    }

    @Override
    public long nextChange() {
        return context.nextChange();
    }

    @Override
    public long now() {
        return now;
    }

    @Override
    public long incarnation() {
        return context.options().incarnation();
    }

    @Override
    public void onAppended(LongConsumer action) {
        onAppended.add(action);
    }

    @Override
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    List<Runnable> afterCommitActions() {
        return afterCommit;
    }

    /**
     * Journals what was put, deleted and said of contents, and makes it visible.
     *
     * @return what was appended; empty if nothing changes
     */
    Optional<AppendedRecord> append(Optional<Origin> origin) {
        for (Ids.Kind kind : Ids.Kind.values()) {
            present.ids().raised(kind).ifPresent(this::put);
        }
        List<Change> changes = new ArrayList<>();
        for (Map.Entry<RowKey, Optional<Row>> row : overlay.rows().entrySet()) {
            RowKey key = row.getKey();
            Change change =
                    new Change(key, before(key), row.getValue(), goneAsOf.getOrDefault(key, RowChange.Delete.PRESENT));
            if (!change.before().equals(change.after())) {
                changes.add(change);
            }
        }
        if (changes.isEmpty() && content.isEmpty() && forgotten.isEmpty()) {
            return Optional.empty();
        }
        List<RowChange> rows = new ArrayList<>(changes.size() + forgotten.size());
        changes.forEach(change -> rows.add(change.toRecord()));
        rows.addAll(forgotten);
        ByteBuffer head = JournalRecordCodec.encode(
                new JournalRecord(JournalRecord.Kind.CHANGE_SET, rows, content, origin, result));
        int bytes = head.remaining();
        if (bytes > StoreContext.MAX_HEAD_BYTES) {
            throw new IllegalArgumentException("a mutation of " + bytes + " bytes, " + changes.size() + " rows");
        }
        long sequence = append(head);
        appended = true;
        present.apply(changes);
        present.forget(forgotten);
        context.unanswered().changed(() -> changes.stream().map(Change::key).iterator());
        onAppended.forEach(action -> action.accept(sequence));
        return Optional.of(new AppendedRecord(sequence, bytes));
    }

    private long append(ByteBuffer head) {
        try {
            return context.journal().append(head, ByteBuffer.allocate(0)).sequence();
        } catch (JournalFailedException e) {
            throw context.failStop().fail("the journal could not be written", e);
        }
    }

    /** Whether the record is in the journal: from then on every failure is for good. */
    boolean appended() {
        return appended;
    }

    /** Gives the locks back, and the numbers if nothing was appended. */
    @Override
    public void close() {
        if (!appended) {
            present.ids().undo();
        }
        locked.forEach(ReentrantLock::unlock);
    }

    private void lock(long inode) {
        take(context.locks().of(inode));
    }

    /**
     * Against all lazy changes: which epoch they belong to is decided by the order in the journal; those so far go to the
     * database with this batch.
     */
    private void lockAll() {
        for (int stripe = 0; stripe < InodeLocks.STRIPES; stripe++) {
            take(context.locks().stripe(stripe));
        }
        present.sweepAll();
    }

    @SuppressWarnings("LockNotBeforeTry") // Given back by close(), which the writer calls in a finally block.
    private void take(ReentrantLock lock) {
        if (!lock.isHeldByCurrentThread()) {
            lock.lock();
            locked.add(lock);
        }
    }

    /** A record of this mutation: its sequence, and the bytes of its head. */
    record AppendedRecord(long sequence, int bytes) {}
}
