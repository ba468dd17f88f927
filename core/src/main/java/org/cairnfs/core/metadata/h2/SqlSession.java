package org.cairnfs.core.metadata.h2;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/** One connection and its prepared statements, which are kept. Used by one thread at a time. */
public final class SqlSession implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final Map<Table, PreparedStatement> selects = new HashMap<>();

    SqlSession(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    /** Gives the connection back. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }

    PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    /** The row with this key. */
    public Optional<Row> find(RowKey key) throws SQLException {
        Table table = Table.of(key);
        TableBinding<RowKey, Row> binding = Bindings.of(table);
        PreparedStatement select = selects.get(table);
        if (select == null) {
            select = prepared(binding.selectSql());
            selects.put(table, select);
        }
        binding.bindKey(select, 1, key);
        try (ResultSet result = select.executeQuery()) {
            return result.next() ? Optional.of(read(binding::read, result)) : Optional.empty();
        }
    }

    /** What a query gives, each row read by {@code reader}. */
    <T> List<T> list(String sql, Binder binder, Reader<T> reader) throws SQLException {
        PreparedStatement statement = prepared(sql);
        binder.bind(statement);
        try (ResultSet result = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(read(reader, result));
            }
            return rows;
        }
    }

    /** What no row can hold is damage, of whatever kind the value's own check says it is. */
    private static <T> T read(Reader<T> reader, ResultSet result) throws SQLException {
        try {
            return reader.read(result);
        } catch (RuntimeException e) {
            throw new SQLDataException("a row of the database makes no sense: " + e, e);
        }
    }

    /** Puts values into a statement's parameters. */
    @FunctionalInterface
    interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** Reads the row under the cursor. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet result) throws SQLException;
    }
}
