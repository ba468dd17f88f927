package org.cairnfs.core.metadata.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.XattrRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of the database stays small however long it is changed, and however often it is checkpointed. */
class HousekeepingTest {
    private static final int ROWS = 60_000;
    private static final int CHANGED_AT_ONCE = 600;
    private static final int LARGE_ROWS = 40_000;
    private static final DatabaseOptions OPTIONS = new DatabaseOptions(16 << 20, 10, 70, 0, Optional.empty());

    @TempDir
    Path directory;

    private final AtomicInteger writes = new AtomicInteger();

    /** Rows spread over the whole table are changed, a hundred times as many as there are, and there is a checkpoint after each few. */
    @Test
    void steadyChangeWithCheckpointsLeavesASmallFile() throws Exception {
        long seed = Long.getLong("cairn.seed", 1);
        Random random = new Random(seed);
        try (Database database = Database.open(directory, writes::incrementAndGet, OPTIONS)) {
            fill(database);
            database.checkpoint();
            long live = database.fileBytes();
            long written = 0;
            for (int round = 0; round < 10 * ROWS / CHANGED_AT_ONCE; round++) {
                change(database, random, round);
                database.storeIfDue();
                database.checkpoint();
                written = Math.max(written, database.fileBytes());
            }
            assertThat(database.housekeepingTurns()).as("seed %d", seed).isGreaterThan(3);
            assertThat((double) written / live).as("seed %d", seed).isLessThan(5);
            assertThat(database.scan(Table.ATIME, Optional.empty(), Integer.MAX_VALUE))
                    .hasSize(ROWS);
        }
    }

    /**
     * What was large once is small again when most of it was removed, while the database is open and at rest; and whenever the process is
     * killed meanwhile, the file opens, with everything in it.
     */
    @Test
    void theFileShrinksWhenMostOfItWasRemoved() throws Exception {
        Bytes value = Bytes.copyOf(new byte[1_000]);
        AtomicBoolean removed = new AtomicBoolean();
        AtomicInteger kills = new AtomicInteger();
        WriteBarrier killing = () -> {
            if (removed.get()) {
                assertHolds(LARGE_ROWS / 20, copyOfTheFile(kills.getAndIncrement()));
            }
        };
        try (Database database = Database.open(directory, killing, OPTIONS)) {
            RowWriter writer = new RowWriter(database.writer());
            for (int i = 0; i < LARGE_ROWS; i++) {
                writer.insert(new XattrRow(i, Name.of("user.a"), value, 0));
                if (i % CHANGED_AT_ONCE == 0) {
                    writer.flush();
                    database.commit();
                    database.storeIfDue();
                }
            }
            writer.flush();
            database.commit();
            database.checkpoint();
            long large = database.fileBytes();
            assertThat(large).isGreaterThan(LARGE_ROWS * 1_000L);
            for (int i = 0; i < LARGE_ROWS; i++) {
                if (i % 20 != 0) {
                    writer.delete(new RowKey.Xattr(i, Name.of("user.a")));
                }
            }
            writer.flush();
            database.commit();
            database.checkpoint();
            removed.set(true);
            for (int i = 0; i < 2_000 && database.fileBytes() > large / 4; i++) {
                database.storeIfDue(); // as the writer does when nothing comes
                TimeUnit.MILLISECONDS.sleep(OPTIONS.writeDelayMillis());
            }
            assertThat(database.fileBytes()).isLessThanOrEqualTo(large / 4);
            removed.set(false);
            assertHolds(LARGE_ROWS / 20, copyOfTheFile(kills.getAndIncrement()));
            assertThat(kills).hasValueGreaterThan(5);
        }
    }

    private static void assertHolds(int rows, Path crash) throws IOException {
        try (Database copy = Database.open(crash, () -> {}, OPTIONS)) {
            assertThat(copy.scan(Table.XATTR, Optional.empty(), Integer.MAX_VALUE))
                    .as("%s", crash)
                    .hasSize(rows);
        } catch (DatabaseDamagedException | SQLException e) {
            throw new AssertionError("the file does not open: " + crash, e);
        }
        Files.delete(Database.file(crash));
    }

    /** What the file is after a kill before any write of a turn: it opens, and holds whole transactions. */
    @Test
    void aKillInATurnLeavesWholeTransactions() throws Exception {
        long seed = Long.getLong("cairn.seed", 1);
        Random random = new Random(seed);
        List<Path> crashes = new ArrayList<>();
        Database[] opened = new Database[1];
        long[] turns = new long[1];
        WriteBarrier copying = () -> {
            Database database = opened[0];
            if (database != null && database.housekeepingTurns() > turns[0] && crashes.size() < 40) {
                turns[0] = crashes.size() % 4 == 3 ? database.housekeepingTurns() : turns[0]; // four writes of a turn
                crashes.add(copyOfTheFile(crashes.size()));
            }
        };
        Database database = Database.open(directory, copying, OPTIONS);
        fill(database);
        database.saveProgress(new Progress(0, 1, 0, 0, 0, 0));
        database.commit();
        database.checkpoint();
        opened[0] = database;
        for (int round = 1; crashes.size() < 40; round++) {
            database.saveProgress(new Progress(round, 1, 0, 0, 0, 0));
            change(database, random, round);
            database.storeIfDue();
        }
        opened[0] = null;
        database.abandon();
        for (Path crash : crashes) {
            try (Database copy = Database.open(crash, () -> {}, OPTIONS)) {
                long applied = copy.progress().orElseThrow().appliedSequence();
                assertThat(copy.find(new RowKey.Counter("round")))
                        .as("%s, seed %d", crash, seed)
                        .contains(new CounterRow("round", applied));
                assertThat(copy.scan(Table.ATIME, Optional.empty(), Integer.MAX_VALUE))
                        .as("%s, seed %d", crash, seed)
                        .hasSize(ROWS);
            }
        }
    }

    private static void fill(Database database) throws Exception {
        RowWriter writer = new RowWriter(database.writer());
        for (int i = 0; i < ROWS; i++) {
            writer.insert(new AtimeRow(i, i));
        }
        writer.insert(new CounterRow("round", 0));
        writer.flush();
        database.commit();
    }

    private static void change(Database database, Random random, int round) throws Exception {
        RowWriter writer = new RowWriter(database.writer());
        List<Row> rows = new ArrayList<>();
        random.ints(CHANGED_AT_ONCE, 0, ROWS).distinct().forEach(row -> rows.add(new AtimeRow(row, round)));
        rows.add(new CounterRow("round", round));
        for (Row row : rows) {
            writer.update(row);
        }
        writer.flush();
        database.commit();
    }

    private Path copyOfTheFile(int number) throws IOException {
        Path crash = Files.createDirectory(directory.resolve("crash" + number));
        Files.copy(Database.file(directory), Database.file(crash));
        return crash;
    }
}
