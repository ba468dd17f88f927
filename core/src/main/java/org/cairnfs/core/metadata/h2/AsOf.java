package org.cairnfs.core.metadata.h2;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.KeyColumns;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.XattrRow;

/**
 * Reads rows as of the end of an epoch that a snapshot shows: images of the present that were born by then, and images of history that
 * were born by then and ended later.
 *
 * <p>Each query asks the present first and history after that. An image that is moved meanwhile is found in the first, in the second, or in
 * both, and in the last case counted once; so no transaction is needed that holds the two together. Stateless.
 */
public final class AsOf {
    private static final TableBinding<RowKey.Dirent, DirentRow> DIRENT = InodeBindings.DIRENT;
    private static final TableBinding<RowKey.Xattr, XattrRow> XATTR = InodeBindings.XATTR;
    private static final TableBinding<RowKey.Extent, ExtentRow> EXTENT = DataBindings.EXTENT;

    private static final Both<DirentRow> DIRENTS = new Both<>(
            DIRENT, "parent = ? AND cookie > ?", "parent, cookie", Comparator.comparingLong(DirentRow::cookie));
    private static final Both<DirentRow> NAMES = new Both<>(
            DIRENT,
            "inode = ?",
            "inode",
            Comparator.comparingLong(DirentRow::parent).thenComparing(DirentRow::name));
    private static final Both<XattrRow> XATTRS =
            new Both<>(XATTR, "inode = ?", "inode, name", Comparator.comparing(XattrRow::name));
    private static final Both<ExtentRow> EXTENTS = new Both<>(
            EXTENT,
            "content = ? AND start > ? AND start < ?",
            "content, start",
            Comparator.comparingLong(ExtentRow::offset));

    private static final Map<Table, Both<Row>> ROWS = new EnumMap<>(Table.class);

    static {
        for (Table table : Table.values()) {
            if (table.versioned()) {
                TableBinding<RowKey, Row> binding = Bindings.of(table);
                String key = String.join(" = ? AND ", binding.keyColumns()) + " = ?";
                ROWS.put(
                        table,
                        new Both<>(
                                binding,
                                key,
                                binding.keyColumns().get(0),
                                Comparator.comparing(Row::key, KeyColumns::compare)));
            }
        }
    }

    private AsOf() {}

    /** All statements, for a look at their plans. */
    static List<String> statements() {
        List<String> statements = new ArrayList<>();
        List<Both<? extends Row>> all = new ArrayList<>(List.of(DIRENTS, NAMES, XATTRS, EXTENTS));
        all.addAll(ROWS.values());
        all.forEach(both -> statements.addAll(List.of(both.present, both.history)));
        return statements;
    }

    /** A query of the present and the same of history. */
    private static final class Both<R extends Row> {
        private final TableBinding<? extends RowKey, R> binding;
        private final String present;
        private final String history;
        private final Comparator<R> order;

        /** @param where with parameters, which those of the epoch and the limit follow */
        Both(TableBinding<? extends RowKey, R> binding, String where, String orderBy, Comparator<R> order) {
            String select = "SELECT " + binding.columns() + " FROM " + binding.name();
            String rest = " ORDER BY " + orderBy + " FETCH FIRST ? ROWS ONLY";
            this.binding = binding;
            this.present = select + " WHERE " + where + " AND born <= ?" + rest;
            this.history = select + "_history WHERE " + where + " AND born <= ? AND died > ?" + rest;
            this.order = order;
        }

        List<R> read(SqlSession session, long epoch, int limit, Parameters parameters) throws SQLException {
            Map<RowKey, R> found = new LinkedHashMap<>();
            for (R row : session.list(
                    present,
                    statement -> {
                        int next = parameters.bind(statement);
                        statement.setLong(next, epoch);
                        statement.setInt(next + 1, limit);
                    },
                    binding::read)) {
                found.put(row.key(), row);
            }
            for (R row : session.list(
                    history,
                    statement -> {
                        int next = parameters.bind(statement);
                        statement.setLong(next, epoch);
                        statement.setLong(next + 1, epoch);
                        statement.setInt(next + 2, limit);
                    },
                    binding::read)) {
                found.putIfAbsent(row.key(), row);
            }
            List<R> rows = new ArrayList<>(found.values());
            rows.sort(order);
            return rows.size() <= limit ? rows : rows.subList(0, limit);
        }
    }

    /** Binds the parameters of a query, from the first on; returns the next. */
    @FunctionalInterface
    private interface Parameters {
        int bind(PreparedStatement statement) throws SQLException;
    }

    /** A row of a versioned table. */
    public static Optional<Row> find(SqlSession session, RowKey key, long epoch) throws SQLException {
        Table table = Table.of(key);
        return ROWS
                .get(table)
                .read(session, epoch, 1, statement -> Bindings.of(table).bindKey(statement, 1, key))
                .stream()
                .findFirst();
    }

    /** Entries of a directory with cookies above {@code after}, in cookie order. */
    public static List<DirentRow> dirents(SqlSession session, long epoch, long parent, long after, int limit)
            throws SQLException {
        return DIRENTS.read(session, epoch, limit, statement -> {
            statement.setLong(1, parent);
            statement.setLong(2, after);
            return 3;
        });
    }

    /** Some names of an inode. */
    public static List<DirentRow> names(SqlSession session, long epoch, long inode, int limit) throws SQLException {
        return NAMES.read(session, epoch, limit, statement -> {
            statement.setLong(1, inode);
            return 2;
        });
    }

    public static List<XattrRow> xattrs(SqlSession session, long epoch, long inode) throws SQLException {
        return XATTRS.read(session, epoch, Integer.MAX_VALUE, statement -> {
            statement.setLong(1, inode);
            return 2;
        });
    }

    public static List<Name> xattrNames(SqlSession session, long epoch, long inode) throws SQLException {
        return xattrs(session, epoch, inode).stream().map(XattrRow::name).toList();
    }

    /** Extents that touch {@code [from, to)}, in order; the first may begin before {@code from}, by less than the longest chunk. */
    public static List<ExtentRow> extents(SqlSession session, long epoch, long content, long from, long to, int limit)
            throws SQLException {
        List<ExtentRow> extents = new ArrayList<>();
        long start = Math.max(-1, from - ChunkSizes.LARGEST);
        while (extents.size() < limit) {
            long after = start;
            int wanted = limit == Integer.MAX_VALUE ? limit : Math.max(limit, 1_000);
            List<ExtentRow> page = EXTENTS.read(session, epoch, wanted, statement -> {
                statement.setLong(1, content);
                statement.setLong(2, after);
                statement.setLong(3, to);
                return 4;
            });
            for (ExtentRow extent : page) {
                start = extent.offset();
                if (extent.end() > from && extents.size() < limit) {
                    extents.add(extent);
                }
            }
            if (page.size() < wanted) {
                break;
            }
        }
        return extents;
    }
}
