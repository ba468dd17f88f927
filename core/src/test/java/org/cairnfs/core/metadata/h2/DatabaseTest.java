package org.cairnfs.core.metadata.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.ResultSet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.record.RandomRows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database by itself: its file, its barrier, its plans. */
class DatabaseTest {
    private static final DatabaseOptions OPTIONS = new DatabaseOptions(4 << 20, 10, 70, 100);

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
            for (String sql : Ranges.statements()) {
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
    void whatIsNoDatabaseIsDamaged() throws Exception {
        Files.write(
                Database.file(directory), "not a database at all".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThatThrownBy(() -> open(() -> {})).isInstanceOf(DatabaseDamagedException.class);
        Database.discard(directory);
        open(() -> {}).close();
    }
}
