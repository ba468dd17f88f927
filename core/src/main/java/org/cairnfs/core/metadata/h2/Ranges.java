package org.cairnfs.core.metadata.h2;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.KeyColumns;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.XattrRow;

/**
 * The range queries, each answered by walking one index from where it begins to where its limit is reached: what they cost
 * depends on what they return. Stateless.
 */
public final class Ranges {
    private static final TableBinding<RowKey.Dirent, DirentRow> DIRENT = InodeBindings.DIRENT;
    private static final TableBinding<RowKey.Xattr, XattrRow> XATTR = InodeBindings.XATTR;
    private static final TableBinding<RowKey.Extent, ExtentRow> EXTENT = DataBindings.EXTENT;
    private static final TableBinding<RowKey.InodeLock, InodeLockRow> INODE_LOCK = StateBindings.INODE_LOCK;

    private static final String DIRENTS = "SELECT " + DIRENT.columns()
            + " FROM dirent WHERE parent = ? AND cookie > ? ORDER BY parent, cookie FETCH FIRST ? ROWS ONLY";
    private static final String NAMES =
            "SELECT " + DIRENT.columns() + " FROM dirent WHERE inode = ? FETCH FIRST ? ROWS ONLY";
    private static final String XATTRS =
            "SELECT " + XATTR.columns() + " FROM xattr WHERE inode = ? ORDER BY inode, name";
    private static final String XATTR_NAMES = "SELECT name FROM xattr WHERE inode = ? ORDER BY inode, name";
    private static final String EXTENT_BEFORE = "SELECT " + EXTENT.columns()
            + " FROM extent WHERE content = ? AND start < ? ORDER BY content DESC, start DESC FETCH FIRST ROW ONLY";
    private static final String EXTENTS_FROM = "SELECT " + EXTENT.columns()
            + " FROM extent WHERE content = ? AND start >= ? AND start < ? ORDER BY content, start FETCH FIRST ? ROWS ONLY";
    private static final String REFERENCES =
            "SELECT " + EXTENT.columns() + " FROM extent WHERE chunk = ? FETCH FIRST ? ROWS ONLY";
    private static final String HISTORIC_REFERENCES =
            "SELECT 1 FROM extent_history WHERE chunk = ? FETCH FIRST ? ROWS ONLY";
    private static final String CHUNK_BY_ID =
            "SELECT chunk FROM chunk WHERE id = ? AND state = " + ChunkState.DURABLE.code();
    private static final String LOCKS_OF =
            "SELECT " + INODE_LOCK.columns() + " FROM inode_lock WHERE inode = ? ORDER BY inode, lock";
    private static final String LOCKED_BY =
            "SELECT " + INODE_LOCK.columns() + " FROM inode_lock WHERE lock = ? FETCH FIRST ? ROWS ONLY";

    private Ranges() {}

    /** All range statements, for a look at their plans. */
    static List<String> statements() {
        return List.of(
                DIRENTS,
                NAMES,
                XATTRS,
                XATTR_NAMES,
                EXTENT_BEFORE,
                EXTENTS_FROM,
                REFERENCES,
                HISTORIC_REFERENCES,
                CHUNK_BY_ID,
                LOCKS_OF,
                LOCKED_BY);
    }

    public static List<DirentRow> dirents(SqlSession session, long parent, long after, int limit) throws SQLException {
        return session.list(
                DIRENTS,
                statement -> {
                    statement.setLong(1, parent);
                    statement.setLong(2, after);
                    statement.setInt(3, limit);
                },
                DIRENT::read);
    }

    /** Some names of an inode. */
    public static List<DirentRow> names(SqlSession session, long inode, int limit) throws SQLException {
        return session.list(
                NAMES,
                statement -> {
                    statement.setLong(1, inode);
                    statement.setInt(2, limit);
                },
                DIRENT::read);
    }

    public static List<XattrRow> xattrs(SqlSession session, long inode) throws SQLException {
        return session.list(XATTRS, statement -> statement.setLong(1, inode), XATTR::read);
    }

    public static List<Name> xattrNames(SqlSession session, long inode) throws SQLException {
        return session.list(
                XATTR_NAMES, statement -> statement.setLong(1, inode), result -> Name.ofTrusted(result.getBytes(1)));
    }

    /** Extents that touch {@code [from, to)}, in order; the first may begin before {@code from}. */
    public static List<ExtentRow> extents(SqlSession session, long content, long from, long to, int limit)
            throws SQLException {
        List<ExtentRow> extents = new ArrayList<>();
        if (from > 0) {
            extents.addAll(before(session, content, from, to));
        }
        int rest = limit - extents.size();
        extents.addAll(session.list(
                EXTENTS_FROM,
                statement -> {
                    statement.setLong(1, content);
                    statement.setLong(2, from);
                    statement.setLong(3, to);
                    statement.setInt(4, rest);
                },
                EXTENT::read));
        return extents;
    }

    /** The extent that begins before an offset, if it touches the range. */
    private static List<ExtentRow> before(SqlSession session, long content, long from, long to) throws SQLException {
        List<ExtentRow> before = session.list(
                EXTENT_BEFORE,
                statement -> {
                    statement.setLong(1, content);
                    statement.setLong(2, from);
                },
                EXTENT::read);
        return before.stream()
                .filter(extent -> extent.end() > from && extent.offset() < to)
                .toList();
    }

    /** Some extents of the present that refer to a chunk. */
    public static List<ExtentRow> references(SqlSession session, long chunk, int limit) throws SQLException {
        return session.list(
                REFERENCES,
                statement -> {
                    statement.setLong(1, chunk);
                    statement.setInt(2, limit);
                },
                EXTENT::read);
    }

    /** How many extents of history refer to a chunk, up to a limit. */
    public static int historicReferences(SqlSession session, long chunk, int limit) throws SQLException {
        return session.list(
                        HISTORIC_REFERENCES,
                        statement -> {
                            statement.setLong(1, chunk);
                            statement.setInt(2, limit);
                        },
                        result -> true)
                .size();
    }

    /** Numbers of durable chunks with this id. */
    public static List<Long> chunksById(SqlSession session, Bytes id) throws SQLException {
        return session.list(CHUNK_BY_ID, statement -> statement.setBytes(1, id.toArray()), result -> result.getLong(1));
    }

    /** The locks of an inode, in order. */
    public static List<InodeLockRow> locksOf(SqlSession session, long inode) throws SQLException {
        return session.list(LOCKS_OF, statement -> statement.setLong(1, inode), INODE_LOCK::read);
    }

    /** Some inodes under a lock. */
    public static List<InodeLockRow> lockedBy(SqlSession session, long lock, int limit) throws SQLException {
        return session.list(
                LOCKED_BY,
                statement -> {
                    statement.setLong(1, lock);
                    statement.setInt(2, limit);
                },
                INODE_LOCK::read);
    }

    /** Rows of a table in key order behind a key. */
    public static List<Row> scan(SqlSession session, Table table, Optional<RowKey> after, int limit)
            throws SQLException {
        return Scan.present(table).page(session, after.map(KeyColumns::of).orElse(List.of()), limit).stream()
                .map(HistoryRow::row)
                .toList();
    }

    /** Rows of a versioned table's history in the order of end and key, behind a place. */
    public static List<HistoryRow> historyByEnd(SqlSession session, Table table, HistoryPlace behind, int limit)
            throws SQLException {
        List<Object> columns = new ArrayList<>(List.of(behind.died()));
        behind.key().ifPresent(key -> columns.addAll(KeyColumns.of(key)));
        return Scan.byEnd(table).page(session, columns, limit);
    }

    /** Rows of a versioned table's history in the order of key and end, behind one of them. */
    public static List<HistoryRow> scanHistory(SqlSession session, Table table, Optional<HistoryRow> after, int limit)
            throws SQLException {
        List<Object> behind = new ArrayList<>();
        after.ifPresent(row -> {
            behind.addAll(KeyColumns.of(row.row().key()));
            behind.add(row.died());
        });
        return Scan.history(table).page(session, behind, limit);
    }
}
