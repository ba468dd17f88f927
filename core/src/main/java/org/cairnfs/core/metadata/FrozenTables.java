package org.cairnfs.core.metadata;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.h2.Progress;
import org.cairnfs.core.metadata.h2.Ranges;
import org.cairnfs.core.metadata.h2.SqlSession;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/**
 * All tables, history included, as they were at one moment at which no mutation and no write was under way; see {@link
 * H2MetadataStore#freeze}. Used by one thread; a failing database is fail-stop, as everywhere.
 */
public final class FrozenTables implements AutoCloseable {
    private static final int PAGE = 1_000;

    /** Of rows that may be 64 KiB long. */
    private static final int SHORT_PAGE = 100;

    private final SqlSession session;
    private final FailStop failStop;
    private final Progress progress;

    private FrozenTables(SqlSession session, FailStop failStop, Progress progress) {
        this.session = session;
        this.failStop = failStop;
        this.progress = progress;
    }

    /** On the writer thread, between two transactions. */
    static FrozenTables of(Database database, FailStop failStop) throws SQLException {
        SqlSession session = database.freeze();
        return new FrozenTables(
                session, failStop, Database.progress(session).orElseThrow(() -> new SQLException("no progress row")));
    }

    /** Where in the journal that moment was, and the counts that are kept. */
    public Progress progress() {
        return progress;
    }

    /** A table in key order. */
    public <R extends Row> RowCursor<R> rows(Class<R> type) {
        Table table = Table.of(type);
        return new RowCursor<>(after ->
                read(() -> Ranges.scan(session, table, after.map(Row::key), page(table)).stream()
                        .map(type::cast)
                        .toList()));
    }

    /** The images of before of a versioned table, by key and then by end. */
    public RowCursor<HistoryRow> history(Table table) {
        return new RowCursor<>(after -> read(() -> Ranges.scanHistory(session, table, after, page(table))));
    }

    private static int page(Table table) {
        return table == Table.XATTR || table == Table.WORK ? SHORT_PAGE : PAGE;
    }

    /** The row with a key. */
    public Optional<Row> find(RowKey key) {
        return read(() -> session.find(key));
    }

    /** Entries of a directory with cookies above {@code after}, in cookie order. */
    public List<DirentRow> dirents(long parent, long after, int limit) {
        return read(() -> Ranges.dirents(session, parent, after, limit));
    }

    private interface Reading<T> {
        T read() throws SQLException;
    }

    private <T> T read(Reading<T> reading) {
        try {
            return reading.read();
        } catch (SQLException e) {
            throw failStop.fail("the metadata database could not be read", e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (SQLException e) {
            throw failStop.fail("the metadata database could not be read", e);
        }
    }
}
