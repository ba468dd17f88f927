package org.cairnfs.core.metadata.h2;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/**
 * Walks a table, or its history, page by page in key order (keyset pagination): each page is a few short queries by the key's
 * index. History is also walked in the order of ends and then of keys.
 *
 * <p>A key of two columns would need {@code (a, b) > (?, ?)}, which H2 answers by walking all of {@code a = ?} from its
 * beginning. So what follows is asked for in parts: first what shares all columns but the last, then all but the last two, and so
 * on.
 */
final class Scan {
    private static final Map<Table, Scan> PRESENT = new EnumMap<>(Table.class);
    private static final Map<Table, Scan> HISTORY = new EnumMap<>(Table.class);
    private static final Map<Table, Scan> BY_END = new EnumMap<>(Table.class);

    static {
        for (Table table : Table.values()) {
            TableBinding<RowKey, Row> binding = Bindings.of(table);
            List<String> key = binding.keyColumns();
            PRESENT.put(table, new Scan(binding, false, key));
            if (table.versioned()) {
                HISTORY.put(table, new Scan(binding, true, with(key, key.size())));
                BY_END.put(table, new Scan(binding, true, with(key, 0)));
            }
        }
    }

    private final TableBinding<RowKey, Row> binding;
    private final boolean history;
    private final String fromBeginning;

    /** By how many columns of the key are shared: the last part comes first in key order. */
    private final List<String> sharing = new ArrayList<>();

    private static List<String> with(List<String> key, int place) {
        List<String> columns = new ArrayList<>(key);
        columns.add(place, "died");
        return columns;
    }

    /** @param key the columns in whose order it is walked, which an index has */
    private Scan(TableBinding<RowKey, Row> binding, boolean history, List<String> key) {
        this.binding = binding;
        this.history = history;
        String select = "SELECT " + binding.columns() + (history ? ", died" : "") + " FROM " + binding.name()
                + (history ? "_history" : "");
        String order = " ORDER BY " + String.join(", ", key) + " FETCH FIRST ? ROWS ONLY";
        fromBeginning = select + order;
        StringBuilder shared = new StringBuilder(" WHERE ");
        for (String column : key) {
            sharing.add(select + shared + column + " > ?" + order);
            shared.append(column).append(" = ? AND ");
        }
    }

    static Scan present(Table table) {
        return PRESENT.get(table);
    }

    static Scan history(Table table) {
        return HISTORY.get(table);
    }

    static Scan byEnd(Table table) {
        return BY_END.get(table);
    }

    /** All statements, for a look at their plans. */
    static List<String> statements() {
        List<String> statements = new ArrayList<>();
        for (Map<Table, Scan> scans : List.of(PRESENT, HISTORY, BY_END)) {
            scans.values().forEach(scan -> {
                statements.add(scan.fromBeginning);
                statements.addAll(scan.sharing);
            });
        }
        return statements;
    }

    /**
     * The next rows.
     *
     * @param after key columns of the last row before, or the first of them: behind all that share these; none: from the beginning
     */
    List<HistoryRow> page(SqlSession session, List<Object> after, int limit) throws SQLException {
        if (after.isEmpty()) {
            return session.list(fromBeginning, statement -> statement.setInt(1, limit), this::read);
        }
        List<HistoryRow> rows = new ArrayList<>();
        for (int shared = after.size() - 1; shared >= 0 && rows.size() < limit; shared--) {
            List<Object> columns = after.subList(0, shared + 1);
            int left = limit - rows.size();
            rows.addAll(session.list(sharing.get(shared), statement -> bind(statement, columns, left), this::read));
        }
        return rows;
    }

    private static void bind(PreparedStatement statement, List<Object> columns, int limit) throws SQLException {
        int at = 1;
        for (Object column : columns) {
            statement.setObject(at++, column);
        }
        statement.setInt(at, limit);
    }

    private HistoryRow read(ResultSet result) throws SQLException {
        return new HistoryRow(
                binding.read(result), history ? result.getLong(binding.columnCount() + 1) : Long.MAX_VALUE);
    }
}
