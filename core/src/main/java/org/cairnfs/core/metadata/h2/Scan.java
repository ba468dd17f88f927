package org.cairnfs.core.metadata.h2;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/**
 * Walks a table page by page in key order (keyset pagination): each page is one or two short queries by the key's index.
 *
 * <p>A key of two columns would need {@code (a, b) > (?, ?)}, which H2 answers by walking all of {@code a = ?} from its
 * beginning; so the rest of {@code a = ?} and what follows {@code a} are asked for apart.
 */
final class Scan {
    private static final Map<Table, Scan> PRESENT = new EnumMap<>(Table.class);

    static {
        for (Table table : Table.values()) {
            PRESENT.put(table, new Scan(Bindings.of(table)));
        }
    }

    private final TableBinding<RowKey, Row> binding;
    private final String first;
    private final String rest;
    private final String beyond;

    private Scan(TableBinding<RowKey, Row> binding) {
        this.binding = binding;
        List<String> key = binding.keyColumns();
        String select = "SELECT " + binding.columns() + " FROM " + binding.name();
        String order = " ORDER BY " + String.join(", ", key) + " FETCH FIRST ? ROWS ONLY";
        first = select + order;
        beyond = select + " WHERE " + key.get(0) + " > ?" + order;
        rest = key.size() == 1 ? null : select + " WHERE " + key.get(0) + " = ? AND " + key.get(1) + " > ?" + order;
    }

    static Scan present(Table table) {
        return PRESENT.get(table);
    }

    List<Row> page(SqlSession session, Optional<RowKey> after, int limit) throws SQLException {
        if (after.isEmpty()) {
            return session.list(first, statement -> statement.setInt(1, limit), binding::read);
        }
        RowKey key = after.get();
        if (rest == null) {
            return session.list(
                    beyond, statement -> statement.setInt(binding.bindKey(statement, 1, key), limit), binding::read);
        }
        List<Row> rows = new ArrayList<>(session.list(
                rest, statement -> statement.setInt(binding.bindKey(statement, 1, key), limit), binding::read));
        int left = limit - rows.size();
        if (left > 0) {
            rows.addAll(session.list(
                    beyond,
                    statement -> {
                        statement.setLong(1, leadingColumn(key));
                        statement.setInt(2, left);
                    },
                    binding::read));
        }
        return rows;
    }

    /** The first column of a key of two. */
    private static long leadingColumn(RowKey key) {
        if (key instanceof RowKey.Dirent dirent) {
            return dirent.parent();
        } else if (key instanceof RowKey.Xattr xattr) {
            return xattr.inode();
        } else if (key instanceof RowKey.Extent extent) {
            return extent.content();
        } else if (key instanceof RowKey.InodeLock lock) {
            return lock.inode();
        }
        throw new IllegalArgumentException("a key of one column: " + key);
    }
}
