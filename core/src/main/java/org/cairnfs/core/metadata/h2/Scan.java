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
 * index.
 *
 * <p>A key of two columns would need {@code (a, b) > (?, ?)}, which H2 answers by walking all of {@code a = ?} from its
 * beginning. So what follows is asked for in parts: first what shares all columns but the last, then all but the last two, and so
 * on.
 */
final class Scan {
    private static final Map<Table, Scan> PRESENT = new EnumMap<>(Table.class);
    private static final Map<Table, Scan> HISTORY = new EnumMap<>(Table.class);

    static {
        for (Table table : Table.values()) {
            PRESENT.put(table, new Scan(Bindings.of(table), false));
            if (table.versioned()) {
                HISTORY.put(table, new Scan(Bindings.of(table), true));
            }
        }
    }

    private final TableBinding<RowKey, Row> binding;
    private final boolean history;
    private final String fromBeginning;

    /** By how many columns of the key are shared: the last part comes first in key order. */
    private final List<String> sharing = new ArrayList<>();

    private Scan(TableBinding<RowKey, Row> binding, boolean history) {
        this.binding = binding;
        this.history = history;
        List<String> key = new ArrayList<>(binding.keyColumns());
        String select = "SELECT " + binding.columns() + (history ? ", died" : "") + " FROM " + binding.name()
                + (history ? "_history" : "");
        if (history) {
            key.add("died");
        }
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

    /**
     * The next rows.
     *
     * @param after key columns of the last row before; none: from the beginning
     */
    List<HistoryRow> page(SqlSession session, List<Object> after, int limit) throws SQLException {
        if (after.isEmpty()) {
            return session.list(fromBeginning, statement -> statement.setInt(1, limit), this::read);
        }
        List<HistoryRow> rows = new ArrayList<>();
        for (int shared = sharing.size() - 1; shared >= 0 && rows.size() < limit; shared--) {
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
