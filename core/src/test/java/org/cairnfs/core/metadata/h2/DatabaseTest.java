package org.cairnfs.core.metadata.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.Iterables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.record.RandomRows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database by itself: its file, its barrier, its plans. */
class DatabaseTest {
    private static final DatabaseOptions OPTIONS = new DatabaseOptions(4 << 20, 10, 70, 0, Optional.empty());

    @TempDir
    Path directory;

    private Database open(WriteBarrier barrier) throws Exception {
        return Database.open(directory, barrier, OPTIONS);
    }

    private static void commit(Database database, Row row) throws Exception {
        RowWriter writer = new RowWriter(database.writer());
        writer.insert(row);
        writer.flush();
        database.commit();
    }

    @Test
    void rowsOfEveryTableAreReadBackAsTheyWereWritten() throws Exception {
        RandomRows rows = new RandomRows(7);
        try (Database database = open(() -> {})) {
            RowWriter writer = new RowWriter(database.writer());
            for (Table table : Table.values()) {
                Row first = rows.row(table);
                writer.insert(first);
                writer.flush();
                assertThat(database.writer().find(first.key())).contains(first);
                Row other = rows.row(table);
                writer.insert(other);
                writer.delete(first.key());
                writer.update(other);
                if (table.versioned()) {
                    writer.history(first, 5);
                    writer.history(first, 5);
                }
                writer.flush();
                database.commit();
                assertThat(database.scan(table, Optional.empty(), 10)).containsExactly(other);
                if (table.versioned()) {
                    assertThat(database.<List<HistoryRow>>read(
                                    session -> Ranges.scanHistory(session, table, Optional.empty(), 10)))
                            .containsExactly(new HistoryRow(first, 5));
                }
            }
        }
    }

    @Test
    void theFileIsForItsOwnerOnly() throws Exception {
        try (Database database = open(() -> {})) {
            assertThat(database.fileBytes()).isPositive();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Database.file(directory))))
                    .isEqualTo("rw-------");
        }
    }

    /** No byte of the file changes unless the barrier let it, whichever of H2's threads writes. */
    @Test
    void nothingIsWrittenThatTheBarrierDidNotLet() throws Exception {
        AtomicInteger passed = new AtomicInteger();
        AtomicBoolean closed = new AtomicBoolean();
        Database database = open(() -> {
            if (closed.get()) {
                throw new IOException("the journal cannot be synced");
            }
            passed.incrementAndGet();
        });
        commit(database, new AtimeRow(1, 1));
        database.checkpoint();
        assertThat(passed).hasPositiveValue();
        closed.set(true);
        byte[] before = Files.readAllBytes(Database.file(directory));
        commit(database, new AtimeRow(2, 2));
        assertThatThrownBy(database::checkpoint).isInstanceOf(RuntimeException.class);
        assertThat(Files.readAllBytes(Database.file(directory))).isEqualTo(before);
        database.abandon();
        assertThat(Files.readAllBytes(Database.file(directory))).isEqualTo(before);
    }

    /** H2 keeps a session that nobody closed in a static list, with all that the database holds in memory. */
    @Test
    void anAbandonedDatabaseClosesItsSessions() throws Exception {
        Database database = open(() -> {});
        List<Connection> connections = new ArrayList<>();
        connections.add(database.writer().connection());
        connections.add(database.read(SqlSession::connection));
        database.abandon();
        for (Connection connection : connections) {
            assertThat(connection.isClosed()).isTrue();
        }
    }

    /** What was committed before a checkpoint is in the file after it, though H2 stores with several threads. */
    @Test
    void aCheckpointHoldsEverythingCommittedBefore() throws Exception {
        Database database = open(() -> {});
        for (long i = 1; i <= 30; i++) {
            commit(database, new AtimeRow(i, i));
            database.checkpoint();
            Path copy = Files.createDirectory(directory.resolve("copy" + i));
            Files.write(Database.file(copy), asAKillWouldLeaveIt(Database.file(directory)));
            try (Database copied = Database.open(copy, () -> {}, OPTIONS)) {
                assertThat(copied.find(new RowKey.Atime(i))).isPresent();
            }
        }
        database.close();
    }

    /**
     * Whenever the process is killed, each transaction is in the file whole or not at all, over all tables. H2 by itself does not
     * keep this: its background thread collects the roots of its trees one after the other while transactions go on; and its two
     * writing threads write a chunk whose list of chunks lacks the one before, if they are behind. So the disk is slow here (each
     * write waits for the copy that the kill leaves), and every transaction is stored.
     */
    @Test
    void everyStateOfTheFileHoldsWholeTransactions() throws Exception {
        DatabaseOptions always = new DatabaseOptions(4 << 20, 0, 70, 0, Optional.empty());
        List<Path> crashes = new CopyOnWriteArrayList<>();
        AtomicBoolean filling = new AtomicBoolean();
        WriteBarrier copying = () -> {
            if (filling.get()) {
                Path crash = Files.createDirectory(directory.resolve("crash" + crashes.size()));
                Files.write(Database.file(crash), asAKillWouldLeaveIt(Database.file(directory)));
                crashes.add(crash);
            }
        };
        Database database = Database.open(directory, copying, always);
        database.saveProgress(new Progress(0, 1, 0, 0, 0, 0));
        database.commit();
        database.checkpoint();
        filling.set(true);
        RowWriter writer = new RowWriter(database.writer());
        int rows = 0;
        while (crashes.size() < 25) {
            for (int i = 0; i < 20; i++) {
                rows++;
                writer.insert(new AtimeRow(rows, rows));
                writer.insert(new OrphanRow(rows));
                writer.insert(new CounterRow("counter " + rows, rows));
            }
            writer.flush();
            database.saveProgress(new Progress(rows, 1, 0, 0, 0, 0));
            database.commit();
            database.storeIfDue();
        }
        filling.set(false);
        database.abandon();
        long newest = 0;
        for (Path crash : crashes) {
            try (Database copy = Database.open(crash, () -> {}, OPTIONS)) {
                long applied = copy.progress().orElseThrow().appliedSequence();
                for (Table table : List.of(Table.ATIME, Table.ORPHAN, Table.COUNTER)) {
                    assertThat(copy.scan(table, Optional.empty(), Integer.MAX_VALUE))
                            .as("%s in %s", table, crash)
                            .hasSize((int) applied);
                }
                newest = Math.max(newest, applied);
            }
        }
        assertThat(newest).isPositive();
    }

    /** The bytes of a file between two writes: read until nothing changed meanwhile. */
    private static byte[] asAKillWouldLeaveIt(Path file) throws IOException {
        byte[] before;
        byte[] after = Files.readAllBytes(file);
        do {
            before = after;
            after = Files.readAllBytes(file);
        } while (!Arrays.equals(before, after));
        return after;
    }

    @Test
    void aReaderThatIsInterruptedHarmsNobody() throws Exception {
        try (Database database = open(() -> {})) {
            commit(database, new AtimeRow(1, 1));
            database.checkpoint();
            Thread.currentThread().interrupt();
            assertThat(database.find(new RowKey.Atime(1))).isPresent();
            assertThat(Thread.interrupted()).isTrue();
            commit(database, new AtimeRow(2, 2));
            database.checkpoint();
            assertThat(database.find(new RowKey.Atime(2))).isPresent();
        }
    }

    /** Every range query walks an index in its order: no sorting, no walking of a whole table. */
    @Test
    void rangesGoByTheirIndex() throws Exception {
        try (Database database = open(() -> {})) {
            for (String sql : Iterables.concat(
                    Ranges.statements(), AsOf.statements(), BornBetween.statements(), Scan.statements())) {
                String plan = explain(database, sql);
                assertThat(plan).as(sql).doesNotContain("tableScan");
                if (sql.contains("ORDER BY")) {
                    assertThat(plan).as(sql).contains("index sorted");
                }
            }
        }
    }

    private static String explain(Database database, String sql) throws Exception {
        return database.read(session -> {
            try (ResultSet result = session.prepared("EXPLAIN " + sql).executeQuery()) {
                result.next();
                return result.getString(1);
            }
        });
    }

    @Test
    void extentsThatTouchARangeAreFoundFromTheOneBefore() throws Exception {
        try (Database database = open(() -> {})) {
            RowWriter writer = new RowWriter(database.writer());
            for (long at = 0; at < 100; at += 10) {
                writer.insert(new ExtentRow(5, at, 8, 1, 0, 1));
            }
            writer.insert(new ExtentRow(6, 0, 8, 1, 0, 1));
            writer.flush();
            database.commit();
            List<Long> starts = database.read(session -> Ranges.extents(session, 5, 15, 31, 10)).stream()
                    .map(ExtentRow::offset)
                    .toList();
            assertThat(starts).containsExactly(10L, 20L, 30L);
            assertThat(database.<List<ExtentRow>>read(session -> Ranges.extents(session, 5, 18, 20, 10)))
                    .isEmpty();
            assertThat(database.<List<ExtentRow>>read(session -> Ranges.extents(session, 5, 0, Long.MAX_VALUE, 3)))
                    .hasSize(3);
        }
    }

    @Test
    void aSealedFileShowsNothingAndOpensWithItsKeyOnly() throws Exception {
        DatabaseOptions sealed = OPTIONS.withKey(Bytes.copyOf(new byte[] {1, 2, 3}));
        try (Database database = Database.open(directory, () -> {}, sealed)) {
            commit(database, new CounterRow("a-name-to-be-hidden", 1));
        }
        assertThat(new String(Files.readAllBytes(Database.file(directory)), StandardCharsets.ISO_8859_1))
                .doesNotContain("a-name-to-be-hidden")
                .doesNotContain("inode");
        try (Database database = Database.open(directory, () -> {}, sealed)) {
            assertThat(database.find(new RowKey.Counter("a-name-to-be-hidden"))).isPresent();
        }
        DatabaseOptions other = OPTIONS.withKey(Bytes.copyOf(new byte[] {1, 2, 4}));
        assertThatThrownBy(() -> Database.open(directory, () -> {}, other))
                .isInstanceOf(DatabaseDamagedException.class);
        assertThatThrownBy(() -> open(() -> {})).isInstanceOf(DatabaseDamagedException.class);
        assertThat(sealed)
                .hasToString("DatabaseOptions[cacheBytes=4194304, writeDelayMillis=10, compactFillRate=70,"
                        + " closeCompactMillis=0, sealed]");
    }

    @Test
    void whatIsNoDatabaseIsDamaged() throws Exception {
        Files.write(Database.file(directory), "not a database at all".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> open(() -> {})).isInstanceOf(DatabaseDamagedException.class);
        Database.discard(directory);
        open(() -> {}).close();
    }

    @Test
    void aMarkedDatabaseIsNotOpened() throws Exception {
        open(() -> {}).close();
        new DamageMark(directory).leave("a page was gone");
        assertThatThrownBy(() -> open(() -> {}))
                .isInstanceOf(DatabaseDamagedException.class)
                .hasMessageContaining("a page was gone");
        Database.discard(directory);
        open(() -> {}).close();
    }

    @Test
    void aRowThatNoInodeCanBeIsDamage() throws Exception {
        InodeRow inode = (InodeRow) new RandomRows(7).row(Table.INODE);
        try (Database database = open(() -> {})) {
            commit(database, inode);
            try (Statement statement = database.writer().connection().createStatement()) {
                statement.executeUpdate("UPDATE inode SET type = 99");
            }
            database.commit();
            assertThatThrownBy(() -> database.find(inode.key()))
                    .isInstanceOf(SQLException.class)
                    .matches(Damage::isShownBy);
            assertThatThrownBy(() -> database.scan(Table.INODE, Optional.empty(), 1))
                    .isInstanceOf(SQLException.class)
                    .matches(Damage::isShownBy);
        }
    }
}
