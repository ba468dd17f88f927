package org.cairnfs.core.metadata.h2;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;

/**
 * How the rows of one kind stand in their SQL table: columns in the order of the DDL, the key's first. All SQL for single
 * rows is made from it.
 */
abstract class TableBinding<K extends RowKey, R extends Row> {
    private final String name;
    private final List<String> columns;
    private final int keyColumns;
    private final String list;

    TableBinding(String name, int keyColumns, String... columns) {
        this.name = name;
        this.columns = List.of(columns);
        this.keyColumns = keyColumns;
        this.list = String.join(", ", columns);
    }

    final String name() {
        return name;
    }

    /** All columns, comma separated. */
    final String columns() {
        return list;
    }

    final int columnCount() {
        return columns.size();
    }

    final List<String> keyColumns() {
        return columns.subList(0, keyColumns);
    }

    /** Binds the key's columns from parameter {@code at} on; returns the next parameter. */
    abstract int bindKey(PreparedStatement statement, int at, K key) throws SQLException;

    /** Binds the other columns from parameter {@code at} on; returns the next parameter. */
    abstract int bindRest(PreparedStatement statement, int at, R row) throws SQLException;

    /** The row under the cursor of a result with all columns in order. */
    abstract R read(ResultSet result) throws SQLException;

    final String insertSql() {
        return "INSERT INTO " + name + " (" + list + ") VALUES (" + "?, ".repeat(columns.size() - 1) + "?)";
    }

    /** Rest first, then the key; null if the key is all there is. */
    final String updateSql() {
        List<String> rest = columns.subList(keyColumns, columns.size());
        return rest.isEmpty()
                ? null
                : "UPDATE " + name + " SET "
                        + rest.stream().map(c -> c + " = ?").collect(Collectors.joining(", ")) + " WHERE "
                        + keyEquals();
    }

    final String deleteSql() {
        return "DELETE FROM " + name + " WHERE " + keyEquals();
    }

    final String selectSql() {
        return "SELECT " + list + " FROM " + name + " WHERE " + keyEquals();
    }

    /** Moves an old image into history; done again, it is still there once. */
    final String historySql() {
        return "MERGE INTO " + name + "_history (" + list + ", died) KEY (" + String.join(", ", keyColumns())
                + ", died) VALUES (" + "?, ".repeat(columns.size()) + "?)";
    }

    final String forgetSql() {
        return "DELETE FROM " + name + "_history WHERE " + keyEquals() + " AND died = ?";
    }

    private String keyEquals() {
        return keyColumns().stream().map(c -> c + " = ?").collect(Collectors.joining(" AND "));
    }
}
