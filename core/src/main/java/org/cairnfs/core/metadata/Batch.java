package org.cairnfs.core.metadata;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.Progress;
import org.cairnfs.core.metadata.h2.RowWriter;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.record.RowChange;

/**
 * The rows that go to the database with the next commit: of each the last image only, however often it changed.
 *
 * <p>Invariant: a row that is here is pinned in {@link NewestRows}; the commit unpins it. Used by the writer thread.
 */
final class Batch {
    private final Database database;
    private final NewestRows newest;
    private final RowWriter writer;
    private final Map<RowKey, Entry> entries = new LinkedHashMap<>();
    private final List<Entry> unpushed = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();
    private final List<RowChange.Forget> forgotten = new ArrayList<>();
    private final Set<Long> usageRoots = new HashSet<>();

    Batch(Database database, NewestRows newest) throws SQLException {
        this.database = database;
        this.newest = newest;
        this.writer = new RowWriter(database.writer());
    }

    /** A row and what the transaction has of it. */
    private static final class Entry {
        private final RowKey key;
        private NewestRows.Pin pin;
        private boolean inTable;
        private boolean pushed = true;

        Entry(RowKey key, boolean inTable) {
            this.key = key;
            this.inTable = inTable;
        }
    }

    private record Kept(Row old, long died) {}

    /**
     * A row has a new image.
     *
     * @param before whether the row was there
     */
    void add(RowKey key, boolean before, NewestRows.Pin pin) {
        Entry entry = entries.computeIfAbsent(key, k -> new Entry(k, before));
        entry.pin = pin;
        if (entry.pushed) {
            entry.pushed = false;
            unpushed.add(entry);
        }
    }

    /** An old image goes to history. */
    void keep(Row old, long died) {
        kept.add(new Kept(old, died));
    }

    /** An image goes from history; if it came there with this batch, too. */
    void forget(RowChange.Forget image) {
        forgotten.add(image);
    }

    /** Rows in it. */
    int size() {
        return entries.size();
    }

    boolean isEmpty() {
        return entries.isEmpty() && forgotten.isEmpty();
    }

    /** Brings everything into the transaction, so that queries of the writing session see it; commits nothing. */
    void push() throws SQLException {
        if (unpushed.isEmpty() && kept.isEmpty() && forgotten.isEmpty()) {
            return;
        }
        for (Kept row : kept) {
            writer.history(row.old, row.died);
        }
        for (Entry entry : unpushed) {
            push(entry);
        }
        for (RowChange.Forget image : forgotten) {
            writer.forget(image.key(), image.died());
        }
        writer.flush();
        kept.clear();
        forgotten.clear();
        unpushed.clear();
    }

    private void push(Entry entry) throws SQLException {
        boolean present = entry.pin.image().isPresent();
        if (present && entry.inTable) {
            writer.update(entry.pin.image().get());
        } else if (present) {
            writer.insert(entry.pin.image().get());
        } else if (entry.inTable) {
            writer.delete(entry.key);
        }
        entry.inTable = present;
        entry.pushed = true;
    }

    /** Commits it all with where the tables then stand, and unpins; afterwards it is empty. */
    void commit(Progress progress, Usages stored) throws SQLException {
        push();
        for (UsageRow usage : stored.takeTouched()) {
            if (usageRoots.add(usage.root())) {
                writer.insert(usage);
            } else {
                writer.update(usage);
            }
        }
        writer.flush();
        database.saveProgress(progress);
        database.commit();
        for (Entry entry : entries.values()) {
            newest.unpin(entry.key, entry.pin);
        }
        entries.clear();
    }

    /** Usage rows that the table has already. */
    void usageRows(List<UsageRow> rows) {
        rows.forEach(row -> usageRoots.add(row.root()));
    }
}
