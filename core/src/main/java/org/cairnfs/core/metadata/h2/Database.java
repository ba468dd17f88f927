package org.cairnfs.core.metadata.h2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;

/**
 * The H2 database in its directory: one session that writes, and a pool of sessions that read what was committed.
 *
 * <p><b>Threading.</b> {@link #writer}, {@link #commit} and {@link #saveProgress} belong to the writer thread;
 * {@link #read} serves any thread; {@link #checkpoint} any thread, it does not wait for the writer.
 *
 * <p><b>Durability.</b> A commit is in memory; H2 writes it to the file within the write delay, behind the journal
 * ({@link JournaledFilePath}), and syncs the file in {@link #checkpoint} and {@link #close} only. What is lost of it is replayed
 * from the journal.
 */
public final class Database implements AutoCloseable {
    private static final String NAME = "metadata";
    private static final String SUFFIX = ".mv.db";
    private static final String SAVE_PROGRESS =
            "UPDATE progress SET applied_seq = ?, low_seq = ?, entries = ?, chunks = ?,"
                    + " unique_bytes = ?, stored_bytes = ? WHERE one = 1";
    private static final String FIRST_PROGRESS = "INSERT INTO progress (applied_seq, low_seq, entries, chunks,"
            + " unique_bytes, stored_bytes, one) VALUES (?, ?, ?, ?, ?, ?, 1)";
    private static final String READ_PROGRESS =
            "SELECT applied_seq, low_seq, entries, chunks, unique_bytes, stored_bytes FROM progress WHERE one = 1";

    private final Path path;
    private final String url;
    private final SqlSession writer;
    private final org.h2.engine.Database engine;
    private final MVStore store;
    private final ConcurrentLinkedDeque<SqlSession> idle = new ConcurrentLinkedDeque<>();

    private Database(Path path, String url, DatabaseOptions options) throws SQLException, DatabaseDamagedException {
        this.path = path;
        this.url = url;
        Connection connection = connect();
        try {
            engine = ((SessionLocal) connection.unwrap(JdbcConnection.class).getSession()).getDatabase();
            store = engine.getStore().getMvStore();
            Schema.migrate(connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET WRITE_DELAY " + options.writeDelayMillis());
                statement.execute("SET CACHE_SIZE " + options.cacheBytes() / 1024);
            }
            connection.setAutoCommit(false);
            writer = new SqlSession(connection);
        } catch (SQLException | DatabaseDamagedException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Opens the database in a directory, or makes a new one.
     *
     * @throws DatabaseDamagedException if what is there cannot be used
     */
    public static Database open(Path directory, WriteBarrier barrier, DatabaseOptions options)
            throws IOException, DatabaseDamagedException {
        Path path = directory.toAbsolutePath().normalize().resolve(NAME);
        String name = JournaledFilePath.register(path, barrier);
        try {
            String url = "jdbc:h2:" + name + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0"
                    + ";AUTO_COMPACT_FILL_RATE=" + options.compactFillRate()
                    + ";MAX_COMPACT_TIME=" + options.closeCompactMillis();
            Database database = new Database(path, url, options);
            Files.setPosixFilePermissions(file(directory), PosixFilePermissions.fromString("rw-------"));
            return database;
        } catch (SQLException e) {
            JournaledFilePath.unregister(path);
            if (isOpenElsewhere(e)) {
                throw new IOException("the database " + path + " is in use by another process", e);
            }
            throw new DatabaseDamagedException("the database " + path + " cannot be opened: " + e.getMessage(), e);
        } catch (DatabaseDamagedException | RuntimeException e) {
            JournaledFilePath.unregister(path);
            throw e;
        }
    }

    /** Whether a database file is there, of whatever state. */
    public static boolean exists(Path directory) {
        return Files.exists(file(directory));
    }

    /** Removes the files of a database that is not open. */
    public static void discard(Path directory) throws IOException {
        for (String suffix : List.of(SUFFIX, ".trace.db", SUFFIX + ".newFile", SUFFIX + ".tempFile")) {
            Files.deleteIfExists(directory.resolve(NAME + suffix));
        }
    }

    /** The database file. */
    public static Path file(Path directory) {
        return directory.resolve(NAME + SUFFIX);
    }

    public SqlSession writer() {
        return writer;
    }

    public void commit() throws SQLException {
        writer.connection().commit();
    }

    /** Where the tables stand; empty if they were never filled to the end. */
    public Optional<Progress> progress() throws SQLException {
        return writer
                .list(
                        READ_PROGRESS,
                        statement -> {},
                        result -> new Progress(
                                result.getLong(1),
                                result.getLong(2),
                                result.getLong(3),
                                result.getLong(4),
                                result.getLong(5),
                                result.getLong(6)))
                .stream()
                .findFirst();
    }

    /** Says, in the present transaction, where the tables stand. */
    public void saveProgress(Progress progress) throws SQLException {
        if (updateProgress(SAVE_PROGRESS, progress) == 0) {
            updateProgress(FIRST_PROGRESS, progress);
        }
    }

    private int updateProgress(String sql, Progress progress) throws SQLException {
        PreparedStatement statement = writer.prepared(sql);
        statement.setLong(1, progress.appliedSequence());
        statement.setLong(2, progress.lowSequence());
        statement.setLong(3, progress.entries());
        statement.setLong(4, progress.chunks());
        statement.setLong(5, progress.uniqueBytes());
        statement.setLong(6, progress.storedBytes());
        return statement.executeUpdate();
    }

    /** Runs a query on a session of the pool; it sees what was committed. */
    public <T> T read(Query<T> query) throws SQLException {
        SqlSession session = idle.pollFirst();
        if (session == null) {
            session = new SqlSession(connect());
        }
        try {
            T result = query.run(session);
            idle.addFirst(session);
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            session.connection().close();
            throw e;
        }
    }

    /** The row with this key, committed. */
    public Optional<Row> find(RowKey key) throws SQLException {
        return read(session -> session.find(key));
    }

    /** Rows of a table behind a key, in key order, committed. */
    public List<Row> scan(Table table, Optional<RowKey> after, int limit) throws SQLException {
        return read(session -> Ranges.scan(session, table, after, limit));
    }

    /**
     * Makes everything that was committed before this call durable.
     *
     * <p>Not by CHECKPOINT SYNC: MVStore writes by a pipeline of threads, and where its background thread has just begun to
     * store the newest version, CHECKPOINT finds nothing left to do and SYNC forces a file that is not written yet. So the
     * pipeline is drained between the two.
     */
    public void checkpoint() {
        store.commit();
        store.getFileStore().executeFileStoreOperation(() -> {});
        store.sync();
    }

    /** Bytes of the database file. */
    public long fileBytes() {
        return store.getFileStore().size();
    }

    /** Commits nothing, writes what was committed, syncs it, and gives the file back; within about a second. */
    @Override
    public void close() throws SQLException {
        try {
            checkpoint();
            try (Statement statement = writer.connection().createStatement()) {
                statement.execute("SHUTDOWN");
            }
        } finally {
            JournaledFilePath.unregister(path);
        }
    }

    /** Gives the file back without writing anything more: after a failure, and where a test pulls the plug. */
    public void abandon() {
        try {
            engine.shutdownImmediately();
        } finally {
            JournaledFilePath.unregister(path);
        }
    }

    private Connection connect() throws SQLException {
        return new JdbcConnection(url, new Properties(), "", "", false);
    }

    private static boolean isOpenElsewhere(SQLException e) {
        return e.getErrorCode() == org.h2.api.ErrorCode.DATABASE_ALREADY_OPEN_1;
    }

    /** Something that reads. */
    @FunctionalInterface
    public interface Query<T> {
        T run(SqlSession session) throws SQLException;
    }
}
