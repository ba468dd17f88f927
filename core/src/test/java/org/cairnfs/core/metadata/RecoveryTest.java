package org.cairnfs.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.cairnfs.core.metadata.h2.Database;
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
                java.util.Arrays.fill(bytes, bytes.length / 4, bytes.length, (byte) 0);
                Files.write(file, bytes);
            }
        }
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
