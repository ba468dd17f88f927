package org.cairnfs.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.cairnfs.core.metadata.h2.DamageMark;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.DatabaseDamagedException;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.testkit.MemoryJournal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database is disposable: whatever happens to its file, the journal brings it back. */
class RecoveryTest {
    @TempDir
    Path directory;

    private StoreFixture fixture;

    enum Damage {
        DELETED,
        EMPTY,
        GARBAGE,
        TRUNCATED,
        HOLED
    }

    @BeforeEach
    void fill() throws Exception {
        fixture = new StoreFixture(directory.resolve("db"));
        try (MetadataStore store = fixture.open()) {
            StoreFixture.makeRoot(store);
            for (int i = 0; i < 50; i++) {
                StoreFixture.write(store, StoreFixture.create(store, "f" + i), 0, 10);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void aDamagedDatabaseIsRebuilt(Damage damage) throws Exception {
        damage(Database.file(fixture.directory()), damage);
        try (H2MetadataStore store = fixture.open()) {
            DumpedRows.atRest(store).assertEquals(JournalModel.of(fixture.journal()));
        }
    }

    private static void damage(Path file, Damage damage) throws Exception {
        switch (damage) {
            case DELETED -> Files.delete(file);
            case EMPTY -> Files.write(file, new byte[0]);
            case GARBAGE -> {
                byte[] garbage = new byte[(int) Files.size(file)];
                new Random(1).nextBytes(garbage);
                Files.write(file, garbage);
            }
            case TRUNCATED -> {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(channel.size() / 2);
                }
            }
            case HOLED -> {
                byte[] bytes = Files.readAllBytes(file);
                Arrays.fill(bytes, bytes.length / 4, bytes.length, (byte) 0);
                Files.write(file, bytes);
            }
        }
    }

    /** How the damage is found. */
    enum Finder {
        READER,
        WRITER
    }

    /** H2 opens a file with a bad page in its middle: it is found when somebody needs the page. */
    @ParameterizedTest
    @EnumSource(Finder.class)
    void aPageThatIsFoundDamagedWhileServingIsGoodAgainAfterARestart(Finder finder) throws Exception {
        int files = 4_000; // so many that its pages lie apart from those that are read at opening
        String victim = "f" + files / 2;
        try (H2MetadataStore store = fixture.open()) {
            for (int i = 50; i < files; i++) {
                StoreFixture.create(store, "f" + i);
            }
        }
        damagePagesWith(victim);
        try (H2MetadataStore store = fixture.open()) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < files; i++) {
                            switch (finder) {
                                case READER ->
                                    assertThat(StoreFixture.file(store, "f" + i))
                                            .isPresent();
                                case WRITER -> StoreFixture.remove(store, "f" + i);
                            }
                        }
                    })
                    .isInstanceOf(MetadataFailedException.class);
        }
        assertThat(fixture.failures()).hasSize(1);
        DamageMark mark = new DamageMark(fixture.directory());
        assertThat(mark.reason()).isPresent();
        try (H2MetadataStore store = fixture.open()) {
            assertThat(mark.reason()).isEmpty();
            DumpedRows.atRest(store).assertEquals(JournalModel.of(fixture.journal()));
            StoreFixture.create(store, "after");
        }
        assertThat(fixture.failures()).hasSize(1);
    }

    /** Zeroes 16 KiB, as much as a page has, around a place where a name is, such that only who looks for the name finds out. */
    private void damagePagesWith(String name) throws Exception {
        Path file = Database.file(fixture.directory());
        byte[] whole = Files.readAllBytes(file);
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        int tried = 0;
        for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
            byte[] damaged = whole.clone();
            Arrays.fill(damaged, Math.max(8 << 10, at - (8 << 10)), Math.min(whole.length, at + (8 << 10)), (byte) 0);
            if (opensAndFailsLater(
                    damaged, Files.createDirectory(fixture.directory().resolve("trial" + tried++)))) {
                Files.write(file, damaged);
                return;
            }
        }
        throw new AssertionError("none of " + tried + " places is in a page that opening does not read");
    }

    private boolean opensAndFailsLater(byte[] bytes, Path directory) throws Exception {
        Files.write(Database.file(directory), bytes);
        try (Database database =
                Database.open(directory, () -> {}, fixture.options().database())) {
            database.scan(Table.DIRENT, Optional.empty(), Integer.MAX_VALUE);
            return false;
        } catch (DatabaseDamagedException atOnce) {
            return false;
        } catch (SQLException later) {
            return true;
        }
    }

    /** The process died between the failure and the end of the rebuilding. */
    @Test
    void aMarkWithoutADatabaseIsTakenAway() throws Exception {
        Files.delete(Database.file(fixture.directory()));
        DamageMark mark = new DamageMark(fixture.directory());
        mark.leave("a page was gone");
        fixture.open().close();
        assertThat(mark.reason()).isEmpty();
    }

    /** What cannot be rebuilt is left as it is: somebody may still get something out of it. */
    @Test
    void aMarkedDatabaseThatCannotBeRebuiltIsKept() throws Exception {
        fixture.journal().trim(20);
        new DamageMark(fixture.directory()).leave("a page was gone");
        assertThatThrownBy(fixture::open).isInstanceOf(MetadataLostException.class);
        assertThat(Database.file(fixture.directory())).isNotEmptyFile();
        assertThatThrownBy(fixture::open).isInstanceOf(MetadataLostException.class);
    }

    /** A file that opens and is wrong, as a stop of the machine may leave it: what it holds is seen until it is distrusted. */
    @Test
    void aDatabaseThatWasOpenWhenTheMachineStoppedIsRebuilt() throws Exception {
        StoreFixture other = new StoreFixture(directory.resolve("other"));
        try (MetadataStore store = other.open()) {
            StoreFixture.makeRoot(store);
            for (int i = 0; i < 50; i++) {
                StoreFixture.write(store, StoreFixture.create(store, "wrong" + i), 0, 10);
            }
        }
        Files.copy(
                Database.file(other.directory()),
                Database.file(fixture.directory()),
                StandardCopyOption.REPLACE_EXISTING);
        H2MetadataStore wrong = fixture.open();
        assertThat(StoreFixture.file(wrong, "wrong1")).isPresent();
        wrong.abandon();
        H2MetadataStore afterKill = fixture.open();
        assertThat(StoreFixture.file(afterKill, "wrong1"))
                .as("the process alone died")
                .isPresent();
        afterKill.abandon();

        new OpenMark(fixture.directory(), "another start of the machine").set();
        try (H2MetadataStore store = fixture.open()) {
            DumpedRows.atRest(store).assertEquals(JournalModel.of(fixture.journal()));
        }
        assertThat(new OpenMark(fixture.directory(), "any").distrust())
                .as("closed cleanly")
                .isEmpty();
    }

    @Test
    void aDatabaseThatIsAheadOfTheJournalIsRebuilt() throws Exception {
        MemoryJournal shorter = fixture.journal().copyUpTo(30);
        try (H2MetadataStore store = fixture.journal(shorter).open()) {
            DumpedRows.atRest(store).assertEquals(JournalModel.of(shorter));
        }
    }

    @Test
    void withoutACheckpointATrimmedJournalIsNotEnough() throws Exception {
        fixture.journal().trim(20);
        Files.delete(Database.file(fixture.directory()));
        assertThatThrownBy(fixture::open)
                .isInstanceOf(MetadataLostException.class)
                .hasMessageContaining("records 20 to")
                .hasMessageContaining("from its bucket");
    }

    @Test
    void withADatabaseATrimmedJournalIs() throws Exception {
        JournalModel model = JournalModel.of(fixture.journal());
        fixture.journal().trim(fixture.journal().lastSequence() + 1);
        try (H2MetadataStore store = fixture.open()) {
            DumpedRows.atRest(store).assertEquals(model);
        }
    }

    @Test
    void whatWasCheckpointedIsNotNeededInTheJournal() throws Exception {
        H2MetadataStore store = fixture.sweepMillis(3_600_000).open();
        StoreFixture.write(store, StoreFixture.create(store, "late"), 5, 5);
        store.checkpointDatabase();
        // As the volume does before it trims: H2 does not always leave a file that opens when it is ended in its first
        // moments.
        fixture.checkpoints(DumpedRows.of(store).asSource());
        assertThat(store.durableSequence()).isEqualTo(fixture.journal().lastSequence());
        assertThat(fixture.journal().syncedSequence())
                .isEqualTo(fixture.journal().lastSequence());
        long inode = StoreFixture.create(store, "later");
        long lazy = StoreFixture.write(store, inode, 5, 5).sequence();
        assertThat(store.durableSequence()).isLessThan(lazy);
        JournalModel model = JournalModel.of(fixture.journal());
        fixture.journal().trim(store.durableSequence() + 1);
        store.abandon();
        try (H2MetadataStore again = fixture.open()) {
            DumpedRows.atRest(again).assertEquals(model);
        }
    }

    /** The low mark of the data holds the contents in the replay, though the rows are long in the database. */
    @Test
    void contentsAreReplayedFromTheOldestUnflushedOn() throws Exception {
        fixture.oldestUnflushed().set(40);
        fixture.open().close();
        fixture.open().close();
        assertThat(fixture.heard()).isNotEmpty();
        assertThat(fixture.heard()).allMatch(heard -> heard.sequence() >= 40);
        fixture.oldestUnflushed().set(Long.MAX_VALUE);
        fixture.open().close();
        fixture.open().close();
        assertThat(fixture.heard()).isEmpty();
    }
}
