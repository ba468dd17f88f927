package org.cairnfs.core.metadata;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.h2.Ranges;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/**
 * Reads all rows while they change, by short queries that hold nobody up.
 *
 * <p><b>Why the replay makes it whole.</b> At the start, counters and snapshots are read at one moment that all records up to A, and
 * none above, belong to, lazy ones included ({@link StillPoint}). Every other row is read later, as of A or of some record
 * above. The replay from A + 1 puts all images that were ever written since, in order, over whatever was read, so each row ends
 * as it is. <b>History</b> is read after the present: an image that is moved there meanwhile is found there, or in the present,
 * or in both, and in the last case the replay moves it again to the same key and end. Epoch and snapshots, which decide what is
 * kept, are exactly those of each record in turn. Usage and totals are not read, but summed up when the rows are loaded.
 */
final class Dump {
    private static final int PAGE = 1_000;

    private final Database database;

    Dump(Database database) {
        this.database = database;
    }

    /** Everything but what the still point gave. */
    void run(StillPoint.Moment moment, RowSink sink) throws IOException, SQLException {
        for (Row row : moment.rows()) {
            sink.row(row);
        }
        for (Table table : Table.values()) {
            if (!StillPoint.TABLES.contains(table) && table != Table.USAGE) {
                present(table, sink);
            }
        }
        for (Table table : Table.values()) {
            if (table.versioned()) {
                history(table, sink);
            }
        }
    }

    private void present(Table table, RowSink sink) throws IOException, SQLException {
        Optional<RowKey> after = Optional.empty();
        List<Row> page;
        do {
            page = database.scan(table, after, PAGE);
            for (Row row : page) {
                sink.row(row);
                after = Optional.of(row.key());
            }
        } while (page.size() == PAGE);
    }

    private void history(Table table, RowSink sink) throws IOException, SQLException {
        Optional<HistoryRow> after = Optional.empty();
        List<HistoryRow> page;
        do {
            Optional<HistoryRow> behind = after;
            page = database.read(session -> Ranges.scanHistory(session, table, behind, PAGE));
            for (HistoryRow row : page) {
                sink.history(row.row(), row.died());
                after = Optional.of(row);
            }
        } while (page.size() == PAGE);
    }
}
