package org.cairnfs.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.cairnfs.core.testkit.PowerLossFiles;
import org.cairnfs.core.testkit.PowerLossFiles.Loss;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is corruption and what is a torn end, in a journal that was not closed. */
class JournalCorruptionTest {
    private final JournalOptions options = JournalPowerLossTest.options(PlainSealer.INSTANCE);
    private final PowerLossFiles files = new PowerLossFiles();
    private FileJournal journal;

    @BeforeEach
    void open() throws Exception {
        journal = FileJournal.open(files, options);
    }

    private List<Entry> found(PowerLossFiles left) throws Exception {
        try (FileJournal reopened = FileJournal.open(left, options)) {
            return Entry.replay(reopened, 1);
        }
    }

    @Test
    void damageBelowALaterClaimIsCorruption() throws Exception {
        long[] ends = new long[4];
        for (int i = 1; i <= 3; i++) {
            Entry.of("record " + i, i, 300).appendTo(journal);
            ends[i] = files.length(Segment.fileName(1));
            journal.sync(i == 3 ? 2 : i);
        }
        PowerLossFiles second = files.copy();
        second.flip(Segment.fileName(1), ends[1] + 200, 0);
        assertThatThrownBy(() -> found(second))
                .isInstanceOf(JournalCorruptException.class)
                .hasMessageContaining(Segment.fileName(1))
                .hasMessageContaining("byte " + ends[1])
                .hasMessageContaining("sequence 2");
        PowerLossFiles third = files.copy();
        third.flip(Segment.fileName(1), ends[2] + 200, 0);
        assertThat(found(third)).hasSize(2);
    }

    @Test
    void aLaterRecordBehindATornOneIsNeverReplayed() throws Exception {
        Entry.of("synced", 1, 100).appendTo(journal);
        journal.sync(1);
        long end = files.length(Segment.fileName(1));
        Entry.of("torn", 2, 100).appendTo(journal);
        Entry.of("whole, but behind it", 3, 100).appendTo(journal);
        PowerLossFiles left = files.copy();
        left.flip(Segment.fileName(1), end + 60, 3);
        try (FileJournal reopened = FileJournal.open(left, options)) {
            assertThat(reopened.lastSequence()).isEqualTo(1);
            assertThat(Entry.of("torn", 9, 100).appendTo(reopened)).isEqualTo(2);
        }
        assertThat(found(left)).containsExactly(Entry.of("synced", 1, 100), Entry.of("torn", 9, 100));
    }

    @Test
    void aMissingSegmentInTheMiddleIsCorruption() throws Exception {
        for (Entry entry : Entry.random(new Random(1), 60, 200, 600)) {
            entry.appendTo(journal);
        }
        PowerLossFiles left = files.copy();
        left.delete(Segment.fileName(2));
        assertThatThrownBy(() -> found(left))
                .isInstanceOf(JournalCorruptException.class)
                .hasMessageContaining(Segment.fileName(2) + " is missing");
    }

    @Test
    void aShortenedOldSegmentIsCorruption() throws Exception {
        for (Entry entry : Entry.random(new Random(1), 60, 200, 600)) {
            entry.appendTo(journal);
        }
        PowerLossFiles left = files.copy();
        left.open(Segment.fileName(2)).truncate(3000);
        assertThatThrownBy(() -> found(left))
                .isInstanceOf(JournalCorruptException.class)
                .hasMessageContaining(Segment.fileName(2))
                .hasMessageContaining("3000");
    }

    @Test
    void aSegmentOfAnotherJournalIsCorruption() throws Exception {
        for (Entry entry : Entry.random(new Random(1), 60, 200, 600)) {
            entry.appendTo(journal);
        }
        PowerLossFiles other = new PowerLossFiles();
        try (FileJournal another = FileJournal.open(other, options)) {
            for (Entry entry : Entry.random(new Random(1), 60, 200, 600)) {
                entry.appendTo(another);
            }
        }
        PowerLossFiles left = files.copy();
        left.adopt(Segment.fileName(2), other);
        assertThatThrownBy(() -> found(left))
                .isInstanceOf(JournalCorruptException.class)
                .hasMessageContaining("does not follow");
    }

    @Test
    void aSegmentThatWasBeingMadeIsRemovedButProvesTheOneBefore() throws Exception {
        Entry.of("record", 1, 300).appendTo(journal);
        journal.sync(1);
        PowerLossFiles left = files.copy();
        left.create(Segment.fileName(2));
        assertThat(found(left.copy())).hasSize(1);
        left.flip(Segment.fileName(1), 700, 0);
        assertThatThrownBy(() -> found(left)).isInstanceOf(JournalCorruptException.class);
    }

    @Test
    void aDamagedHeaderOfAnEmptySegmentIsCorruption() throws Exception {
        PowerLossFiles left = files.copy();
        left.flip(Segment.fileName(1), 40, 0);
        assertThatThrownBy(() -> found(left)).isInstanceOf(JournalCorruptException.class);
    }

    @Test
    void everyFlipInSyncedRecordsOfAKilledServerIsNoticedOnceARecordFollowed() throws Exception {
        List<Entry> entries = Entry.random(new Random(7), 5, 50, 100);
        for (Entry entry : entries) {
            entry.appendTo(journal);
        }
        journal.sync(5);
        long end = files.length(Segment.fileName(1));
        Entry.of("carries the claim", 0, 0).appendTo(journal);
        for (long position = 0; position < end; position++) {
            PowerLossFiles left = files.survivor(Loss.NOTHING, 0).files();
            left.flip(Segment.fileName(1), position, (int) (position % 8));
            assertThatThrownBy(() -> found(left)).as("byte " + position).isInstanceOf(JournalCorruptException.class);
        }
    }
}
