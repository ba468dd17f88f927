package org.cairnfs.core.metadata;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.Progress;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.record.RowChange;

/**
 * The present state, and the one place where a journal record changes it: newest rows, batch, history, usage, totals, epoch
 * and numbering; the same for a mutation that was just appended and for one that is replayed.
 *
 * <p><b>Usage</b> is kept twice: as of the newest images, for those who ask, and as of the images that the database has with the
 * next commit, for its table. They differ by the rows that were changed lazily and are not swept.
 *
 * <p><b>Lazy rows and epochs.</b> What an epoch keeps depends on the epoch and the snapshots at the moment of a record. So that a
 * lazy record is never replayed into a later epoch than its own, whoever changes the epoch or a snapshot first sweeps all lazy rows
 * into the same batch, under all inode locks; the rows that wait to be swept are thus always of the present epoch.
 *
 * <p>Threading: all by the writer thread (or the opening one), but for {@link #applyLazy}, which belongs to who holds the
 * inode's lock. Whoever changes an inode's row holds its lock; whoever changes the epoch or a snapshot holds all.
 */
final class Present {
    private final Database database;
    private final NewestRows newest;
    private final Batch batch;
    private final Epochs epochs = new Epochs();
    private final LazyRows lazies = new LazyRows();
    private final Usages usages = new Usages();
    private final Usages storedUsages = new Usages();
    private final Totals totals = new Totals();
    private final Ids ids = new Ids();
    private final ConcurrentMap<Bytes, Long> pendingChunks = new ConcurrentHashMap<>();

    private Present(Database database, long cacheBytes) throws SQLException {
        this.database = database;
        this.newest = new NewestRows(cacheBytes);
        this.batch = new Batch(database, newest);
    }

    Database database() {
        return database;
    }

    NewestRows newest() {
        return newest;
    }

    Batch batch() {
        return batch;
    }

    Epochs epochs() {
        return epochs;
    }

    LazyRows lazies() {
        return lazies;
    }

    Usages usages() {
        return usages;
    }

    Totals totals() {
        return totals;
    }

    Ids ids() {
        return ids;
    }

    /** Chunks by id that the database may not have yet: a hint, to be checked against the row. */
    Optional<Long> pendingChunk(Bytes id) {
        return Optional.ofNullable(pendingChunks.get(id));
    }

    /** What the tables say. */
    static Present of(Database database, Progress progress, long cacheBytes) throws SQLException {
        Present present = new Present(database, cacheBytes);
        present.load(
                progress,
                all(database, Table.COUNTER, CounterRow.class),
                all(database, Table.SNAPSHOT, SnapshotRow.class),
                all(database, Table.USAGE, UsageRow.class));
        return present;
    }

    private static <R extends Row> List<R> all(Database database, Table table, Class<R> type) throws SQLException {
        return database.scan(table, Optional.empty(), Integer.MAX_VALUE).stream()
                .map(type::cast)
                .toList();
    }

    /** Takes over what the tables say; nothing is pinned yet. */
    private void load(
            Progress progress, List<CounterRow> counters, List<SnapshotRow> snapshots, List<UsageRow> usageRows) {
        totals.load(progress);
        counters.forEach(ids::changed);
        epochs.load(counters);
        epochs.load(snapshots);
        usages.load(usageRows);
        storedUsages.load(usageRows);
        batch.usageRows(usageRows);
    }

    /** The newest image of a row, for the writer thread. */
    Optional<Row> find(RowKey key) throws SQLException {
        return newest.get(key, database.writer()::find);
    }

    /** What a replayed record's row changes would change now; over a fuzzy dump, what it deletes may be gone already. */
    List<Change> changesOf(List<RowChange> rows) throws SQLException {
        List<Change> changes = new ArrayList<>(rows.size());
        for (RowChange row : rows) {
            if (row instanceof RowChange.Forget) {
                continue;
            }
            Optional<Row> before = find(row.key());
            Optional<Row> after = row instanceof RowChange.Upsert upsert ? Optional.of(upsert.row()) : Optional.empty();
            if (before.isPresent() || after.isPresent()) {
                long gone = row instanceof RowChange.Delete delete ? delete.died() : RowChange.Delete.PRESENT;
                changes.add(new Change(row.key(), before, after, gone));
            }
        }
        return changes;
    }

    /**
     * Makes the changes of one record visible and part of the batch. What is put in comes before the names that lead to it, and
     * names go before what they led to, so a reader in between finds no name that leads nowhere.
     */
    void apply(List<Change> changes) {
        for (Change change : changes) {
            if (Epochs.concerns(change.key())) {
                epochs.changed(change.before(), change.after());
            }
            change.after().ifPresent(ids::changed);
        }
        for (int step = 0; step < 4; step++) {
            for (Change change : changes) {
                if (stepOf(change) == step) {
                    apply(change);
                }
            }
        }
    }

    private static int stepOf(Change change) {
        boolean name = change.key() instanceof RowKey.Dirent;
        if (change.after().isPresent()) {
            return name ? 1 : 0;
        }
        return name ? 2 : 3;
    }

    private void apply(Change change) {
        Optional<Row> before = change.before();
        Optional<Row> after = change.after();
        Optional<Row> stored = before;
        if (change.key() instanceof RowKey.Inode inode) {
            LazyRows.Entry lazy = lazies.take(inode.inode());
            stored = lazy == null ? before : Optional.of(lazy.base());
            usages.changed((InodeRow) before.orElse(null), (InodeRow) after.orElse(null));
            storedUsages.changed((InodeRow) stored.orElse(null), (InodeRow) after.orElse(null));
        } else if (after.isPresent() && after.get() instanceof ChunkRow chunk) {
            pendingChunks.put(chunk.id(), chunk.chunk());
        }
        stored.ifPresent(old -> keepIfSeen(old, change.died(epochs.present())));
        totals.changed(change.key(), before, after);
        batch.add(change.key(), before.isPresent(), newest.pin(change.key(), after));
    }

    private void keepIfSeen(Row old, long died) {
        if (epochs.keeps(old, died)) {
            batch.keep(old, died);
        }
    }

    /** Images of before go that no snapshot sees any more. */
    void forget(List<RowChange.Forget> forgotten) {
        forgotten.forEach(batch::forget);
    }

    /** A lazy record about this inode was appended: its image is visible now, and swept later. */
    void applyLazy(InodeRow before, InodeRow after) {
        usages.changed(before, after);
        newest.pin(after.key(), Optional.of(after));
    }

    /** Puts the newest image of a lazily changed inode into the batch; under the inode's lock. */
    void sweep(long inode) {
        LazyRows.Entry entry = lazies.take(inode);
        if (entry == null) {
            return;
        }
        RowKey key = new RowKey.Inode(inode);
        NewestRows.Pin pin = newest.pinned(key);
        storedUsages.changed(entry.base(), (InodeRow) pin.image().orElseThrow());
        keepIfSeen(entry.base(), epochs.present());
        batch.add(key, true, pin);
    }

    /** Puts all lazily changed inodes into the batch; under all inode locks. */
    void sweepAll() {
        for (LazyRows.Entry entry = lazies.oldest(); entry != null; entry = lazies.oldest()) {
            sweep(entry.inode());
        }
    }

    /** Adds to usage and totals what they are wrong by. */
    void correct(List<UsageRow> usage, Progress difference) {
        for (UsageRow row : usage) {
            usages.correct(row);
            storedUsages.correct(row);
        }
        totals.correct(difference);
    }

    /** Commits the batch. */
    void commit(long appliedSequence, long lowSequence) throws SQLException {
        batch.commit(totals.progress(appliedSequence, lowSequence), storedUsages);
        pendingChunks.clear();
    }
}
