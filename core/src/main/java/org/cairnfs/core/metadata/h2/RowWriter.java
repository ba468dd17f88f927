package org.cairnfs.core.metadata.h2;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/**
 * Writes rows by JDBC batches on the one writing session; the caller knows whether a row is there, so each is a plain INSERT,
 * UPDATE or DELETE. Between two {@link #flush} calls each key comes at most once. Used by the writer thread.
 */
public final class RowWriter {
    private static final int MAX_BATCH = 500;

    private final Map<Table, Statements> tables = new EnumMap<>(Table.class);

    public RowWriter(SqlSession session) throws SQLException {
        for (Table table : Table.values()) {
            tables.put(table, new Statements(session, table));
        }
    }

    public void insert(Row row) throws SQLException {
        tables.get(Table.of(row)).insert(row);
    }

    public void update(Row row) throws SQLException {
        tables.get(Table.of(row)).update(row);
    }

    public void delete(RowKey key) throws SQLException {
        tables.get(Table.of(key)).delete(key);
    }

    /** Keeps an image of before; once, however often it is said. */
    public void history(Row old, long died) throws SQLException {
        tables.get(Table.of(old)).history(old, died);
    }

    /** An image of before goes, if it is there; also if it was kept just now. */
    public void forget(RowKey key, long died) throws SQLException {
        tables.get(Table.of(key)).forget(key, died);
    }

    /** Everything said so far is in the transaction. */
    public void flush() throws SQLException {
        for (Statements statements : tables.values()) {
            statements.flush();
        }
    }

    /** The statements of a table. */
    private static final class Statements {
        private final TableBinding<RowKey, Row> binding;
        private final Batched insert;
        private final Batched update;
        private final Batched delete;
        private final Batched history;
        private final Batched forget;

        Statements(SqlSession session, Table table) throws SQLException {
            binding = Bindings.of(table);
            insert = new Batched(session.prepared(binding.insertSql()));
            update = binding.updateSql() == null ? null : new Batched(session.prepared(binding.updateSql()));
            delete = new Batched(session.prepared(binding.deleteSql()));
            history = table.versioned() ? new Batched(session.prepared(binding.historySql())) : null;
            forget = table.versioned() ? new Batched(session.prepared(binding.forgetSql())) : null;
        }

        void insert(Row row) throws SQLException {
            binding.bindRest(insert.statement, binding.bindKey(insert.statement, 1, row.key()), row);
            insert.add();
        }

        void update(Row row) throws SQLException {
            if (update != null) {
                binding.bindKey(update.statement, binding.bindRest(update.statement, 1, row), row.key());
                update.add();
            }
        }

        void delete(RowKey key) throws SQLException {
            binding.bindKey(delete.statement, 1, key);
            delete.add();
        }

        void history(Row old, long died) throws SQLException {
            int next = binding.bindRest(history.statement, binding.bindKey(history.statement, 1, old.key()), old);
            history.statement.setLong(next, died);
            history.add();
        }

        void forget(RowKey key, long died) throws SQLException {
            history.flush();
            forget.statement.setLong(binding.bindKey(forget.statement, 1, key), died);
            forget.add();
        }

        void flush() throws SQLException {
            delete.flush();
            insert.flush();
            if (update != null) {
                update.flush();
            }
            if (history != null) {
                history.flush();
                forget.flush();
            }
        }
    }

    /** A statement with its waiting batch, bounded. */
    private static final class Batched {
        private final PreparedStatement statement;
        private int waiting;

        Batched(PreparedStatement statement) {
            this.statement = statement;
        }

        void add() throws SQLException {
            statement.addBatch();
            if (++waiting >= MAX_BATCH) {
                flush();
            }
        }

        void flush() throws SQLException {
            if (waiting > 0) {
                waiting = 0;
                statement.executeBatch();
            }
        }
    }
}
