package org.cairnfs.core.metadata.h2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.h2.engine.Constants;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The H2 database in its directory: one session that writes, and a pool of sessions that read what was committed.
 *
 * <p><b>Whole transactions.</b> MVStore stores a version by collecting the roots of its trees one after the other; what another
 * thread changes meanwhile is in some trees and not in others, and after a crash a transaction may be found in half, its undo
 * log gone. So H2's background thread does not run, and the one thread that writes rows stores them too, between transactions
 * ({@link #storeIfDue}). Where H2 itself stores in the middle of a transaction, as too much is unsaved, it does so in that same
 * thread; the transaction is then rolled back at the next start.
 *
 * <p><b>Whole chunks.</b> A store is one chunk at the end of which stands the list of all chunks before. H2 writes chunks by two
 * threads, one that serializes and one that writes, and a chunk enters the list when it is written: if the disk is slow, chunk
 * n + 1 is serialized while n waits, and its list lacks n. The next chunk mends it; a kill before finds a file that opens, and
 * says "Chunk n not found" later. So neither of these threads runs: a negative delay ({@link #withoutThreads}) makes H2 write in
 * the calling thread, and each chunk is written before the next is begun.
 *
 * <p><b>Found again.</b> The header names the newest chunk behind each store ({@link StoreHeader}); H2 alone lets it name an older one.
 *
 * <p><b>Durability.</b> A commit is in memory; it goes to the file with a store, behind the journal ({@link JournaledFilePath}),
 * and is durable after {@link #store} and {@link #sync} only. What is lost of it is replayed from the journal.
 *
 * <p><b>Threading.</b> One thread writes: {@link #writer}, {@link #commit}, {@link #saveProgress}, {@link #store}. {@link
 * #read} and {@link #sync} serve any thread.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final String NAME = "metadata";
    private static final String SUFFIX = ".mv.db";

    private static final String SAVE_PROGRESS =
            "UPDATE progress SET applied_seq = ?, low_seq = ?, entries = ?, chunks = ?,"
                    + " unique_bytes = ?, stored_bytes = ? WHERE one = 1";
    private static final String FIRST_PROGRESS = "INSERT INTO progress (applied_seq, low_seq, entries, chunks,"
            + " unique_bytes, stored_bytes, one) VALUES (?, ?, ?, ?, ?, ?, 1)";
    private static final String READ_PROGRESS =
            "SELECT applied_seq, low_seq, entries, chunks, unique_bytes, stored_bytes FROM progress WHERE one = 1";

    /**
     * For the session that opens the database; those that come later would set it again. 0, as H2 then starts no thread; see
     * {@link #withoutThreads}.
     */
    private static final String NO_DELAY = ";WRITE_DELAY=0";

    /** As 0, but with 0 H2 would store at the end of each transaction. */
    private static final int NEVER = -1;

    private final Path path;
    private final String url;
    private final String password;
    private final long storeNanos;
    private final SqlSession writer;
    private final org.h2.engine.Database engine;
    private final MVStore store;
    private final StoreHeader header;
    private final Housekeeping housekeeping;
    private final ConcurrentLinkedDeque<SqlSession> idle = new ConcurrentLinkedDeque<>();
    private long stored = System.nanoTime();

    private Database(Path path, String url, GuardedWrites writes, DatabaseOptions options)
            throws SQLException, DatabaseDamagedException {
        this.path = path;
        this.url = url;
        this.storeNanos = TimeUnit.MILLISECONDS.toNanos(options.writeDelayMillis());
        this.password = options.key().map(Database::password).orElse("");
        Connection connection =
                connect(NO_DELAY + ";DB_CLOSE_ON_EXIT=FALSE;MAX_COMPACT_TIME=" + options.closeCompactMillis());
        try {
            engine = ((SessionLocal) connection.unwrap(JdbcConnection.class).getSession()).getDatabase();
            store = engine.getStore().getMvStore();
            withoutThreads();
            header = new StoreHeader(store);
            housekeeping = new Housekeeping(store, writes, this::store, options);
            Schema.migrate(connection);
            try (Statement statement = connection.createStatement()) {
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
     * @throws DatabaseDamagedException if what is there cannot be used, or is marked as damaged
     */
    public static Database open(Path directory, WriteBarrier barrier, DatabaseOptions options)
            throws IOException, DatabaseDamagedException {
        Optional<String> mark = new DamageMark(directory).reason();
        if (mark.isPresent()) {
            throw new DatabaseDamagedException("it failed when it was last used: " + mark.get(), null);
        }
        Path path = directory.toAbsolutePath().normalize().resolve(NAME);
        GuardedWrites writes = new GuardedWrites(barrier);
        String name = JournaledFilePath.register(path, writes);
        try {
            String url =
                    "jdbc:h2:" + name + ";TRACE_LEVEL_FILE=0" + (options.key().isPresent() ? ";CIPHER=AES" : "");
            Database database = new Database(path, url, writes, options);
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

    /** Removes the files of a database that is not open, and then the mark that it was damaged. */
    public static void discard(Path directory) throws IOException {
        for (String suffix : List.of(SUFFIX, ".trace.db", SUFFIX + ".newFile", SUFFIX + ".tempFile")) {
            Files.deleteIfExists(directory.resolve(NAME + suffix));
        }
        new DamageMark(directory).remove();
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

    /**
     * Writes what was committed, if the write delay has passed since the last time, and rewrites a little of the file if too
     * much of it is dead; called between transactions, by the thread that writes.
     */
    public void storeIfDue() {
        if (System.nanoTime() - stored >= storeNanos) {
            store();
        }
        housekeeping.run();
    }

    /** Writes everything committed to the file, now; between transactions, by the thread that writes. */
    public void store() {
        stored = System.nanoTime();
        if (store.commit() >= 0) { // else there was nothing to store
            header.write();
        }
    }

    /** Syncs what was stored; any thread. */
    public void sync() {
        store.sync();
    }

    /** Where the tables stand; empty if they were never filled to the end. */
    public Optional<Progress> progress() throws SQLException {
        return progress(writer);
    }

    /** The same, as a session sees it. */
    public static Optional<Progress> progress(SqlSession session) throws SQLException {
        return session
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
            session = new SqlSession(connect(""));
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

    /**
     * A session of its own that sees the tables as they are now, whatever is committed later, until it is closed. What it sees stays in the
     * file meanwhile.
     */
    public SqlSession freeze() throws SQLException {
        Connection connection = connect("");
        try {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Constants.TRANSACTION_SNAPSHOT);
            SqlSession session = new SqlSession(connection);
            var unused = progress(session); // The first query is what takes the snapshot, of all tables.
            return session;
        } catch (SQLException | RuntimeException e) {
            connection.close();
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

    /** Makes everything that was committed durable; between transactions, by the thread that writes. */
    public void checkpoint() {
        store();
        sync();
    }

    /** How often live pages were rewritten, so that the space around them can be used again. */
    long housekeepingTurns() {
        return housekeeping.turns();
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
            forget(writer);
            idle.forEach(Database::forget);
        } finally {
            JournaledFilePath.unregister(path);
        }
    }

    /** H2 keeps each session that was not closed, and with it the whole database, in a static list. */
    private static void forget(SqlSession session) {
        try {
            session.connection().close();
        } catch (SQLException e) {
            LOG.debug("a session of an abandoned database says at its end: {}", e.getMessage());
        }
    }

    /** Before the first store of ours, and the threads would be stopped, were they there. */
    private void withoutThreads() {
        store.setAutoCommitDelay(NEVER);
    }

    private Connection connect(String settings) throws SQLException {
        return new JdbcConnection(url + settings, new Properties(), "", password, false);
    }

    /** H2's way to say it: the file's password, a space, the user's (empty) one. */
    private static String password(Bytes key) {
        return HexFormat.of().formatHex(key.toArray()) + " ";
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
