package org.cairnfs.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cairnfs.core.journal.Journal.Room;
import org.cairnfs.core.testkit.PowerLossFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken disks, full disks and the byte bound. */
class JournalFailureTest {
    private final PowerLossFiles files = new PowerLossFiles();
    private final List<JournalFailedException> told = new ArrayList<>();

    private JournalOptions.Builder options() {
        return JournalOptions.builder()
                .segmentBytes(8192)
                .boundBytes(32768)
                .reserveBytes(10_000)
                .minimumFreeBytes(5000)
                .keepMillis(0)
                .onFailure(told::add);
    }

    @Test
    void aFailedAppendEndsEverything() throws Exception {
        FileJournal journal = FileJournal.open(files, options().build());
        Entry first = Entry.of("first", 1, 100);
        first.appendTo(journal);
        files.failNextStep(new IOException("broken disk"));
        assertThatThrownBy(() -> first.appendTo(journal))
                .isInstanceOf(JournalFailedException.class)
                .hasRootCauseMessage("broken disk");
        assertRefusesEverything(journal);
    }

    @Test
    void aFailedSyncEndsEverything() throws Exception {
        FileJournal journal = FileJournal.open(files, options().build());
        Entry.of("first", 1, 100).appendTo(journal);
        files.failNextStep(new IOException("broken disk"));
        assertThatThrownBy(() -> journal.sync(1)).isInstanceOf(JournalFailedException.class);
        assertThat(journal.syncedSequence()).isZero();
        assertRefusesEverything(journal);
    }

    private void assertRefusesEverything(FileJournal journal) throws Exception {
        long steps = files.steps();
        ByteBuffer nothing = ByteBuffer.allocate(0);
        assertThatThrownBy(() -> journal.append(nothing, nothing)).isInstanceOf(JournalFailedException.class);
        assertThatThrownBy(() -> journal.sync(0)).isInstanceOf(JournalFailedException.class);
        assertThatThrownBy(() -> journal.trim(1)).isInstanceOf(JournalFailedException.class);
        assertThatThrownBy(() -> journal.replay(1, (s, t, h, p) -> {})).isInstanceOf(JournalFailedException.class);
        assertThatThrownBy(() -> journal.awaitRoom(Room.RESERVE, 1, 0)).isInstanceOf(JournalFailedException.class);
        journal.close();
        assertThat(files.steps()).as("nothing was written any more").isEqualTo(steps);
        assertThat(told).hasSize(1);
        try (FileJournal reopened = FileJournal.open(files.copy(), options().build())) {
            assertThat(reopened.lastSequence()).isEqualTo(1);
        }
    }

    @Test
    void atTheBoundOrdinaryMutationsWaitUntilThereIsRoom() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (FileJournal journal = FileJournal.open(files, options().build())) {
            while (journal.awaitRoom(Room.NORMAL, 1100, 0)) {
                Entry.of("fill", 1, 1000).appendTo(journal);
            }
            assertThat(journal.usage().bytes()).isBetween(31_000L, 32_768L);
            assertThat(journal.usage().bound()).isEqualTo(32_768);
            assertThat(journal.usage().shortage())
                    .hasValueSatisfying(why -> assertThat(why).contains("bound of 32768"));
            assertThat(journal.awaitRoom(Room.RESERVE, 1100, 0)).isTrue();
            Entry.of("removal", 1, 1000).appendTo(journal);
            CountDownLatch started = new CountDownLatch(1);
            Future<Boolean> waiter = executor.submit(() -> {
                started.countDown();
                return journal.awaitRoom(Room.NORMAL, 1100, 60_000);
            });
            started.await();
            assertThat(waiter.isDone()).isFalse();
            journal.trim(journal.lastSequence() + 1);
            assertThat(waiter.get()).isTrue();
            assertThat(journal.usage().shortage()).isEmpty();
        } finally {
            executor.shutdownNow();
        }
    }

    /** The disk becomes full within a header of a segment (26,000), or within a record. */
    @ParameterizedTest
    @ValueSource(longs = {25_000, 25_300, 25_600, 26_000})
    void onAFullDiskTheReserveIsGivenUpAndMadeAgain(long space) throws Exception {
        files.space(space);
        try (FileJournal journal = FileJournal.open(files, options().build())) {
            assertThat(files.list()).contains(Reserve.NAME);
            while (journal.awaitRoom(Room.NORMAL, 1100, 0)) {
                Entry.of("fill", 1, 1000).appendTo(journal);
            }
            long refusedAt = journal.lastSequence();
            assertThat(journal.usage().shortage())
                    .hasValueSatisfying(why -> assertThat(why).contains("the disk of"));
            assertThat(files.usableSpace()).isBetween(4000L, 6200L);
            while (files.list().contains(Reserve.NAME)) {
                assertThat(journal.awaitRoom(Room.RESERVE, 1100, 0)).isTrue();
                Entry.of("removal", 1, 1000).appendTo(journal);
            }
            Entry.of("removal", 1, 1000).appendTo(journal);
            assertThat(journal.lastSequence()).isGreaterThan(refusedAt + 4);
            assertThat(Entry.replay(journal, 1)).hasSize((int) journal.lastSequence());
            assertThat(journal.awaitRoom(Room.NORMAL, 10_000, 0)).isFalse();
            assertThat(journal.usage().shortage()).isPresent();

            journal.trim(journal.lastSequence() + 1);
            assertThat(files.list()).contains(Reserve.NAME);
            assertThat(told).isEmpty();
        }
    }

    @Test
    void withoutAReserveLeftAFullDiskIsAFailure() throws Exception {
        files.space(26_000);
        FileJournal journal = FileJournal.open(files, options().build());
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        Entry.of("removal", 1, 1000).appendTo(journal);
                    }
                })
                .isInstanceOf(JournalFailedException.class)
                .hasRootCauseInstanceOf(OutOfSpaceException.class);
        int last = (int) journal.lastSequence();
        files.space(Long.MAX_VALUE);
        try (FileJournal reopened = FileJournal.open(files.copy(), options().build())) {
            assertThat(reopened.lastSequence()).isEqualTo(last);
        }
    }

    @Test
    void aFullDiskDoesNotKeepItFromOpening() throws Exception {
        FileJournal.open(files, options().build()).close();
        files.space(files.length("reserve") + 1100);
        try (FileJournal journal = FileJournal.open(files, options().build())) {
            assertThat(journal.awaitRoom(Room.NORMAL, 100, 0)).isFalse();
            Entry.of("removal", 1, 5000).appendTo(journal);
        }
        assertThat(files.list()).doesNotContain(Reserve.NAME);
    }

    @Test
    void aReserveThatWasHalfMadeIsMadeAnew() throws Exception {
        files.create(Reserve.NAME).write(0, ByteBuffer.allocate(77));
        FileJournal.open(files, options().build()).close();
        assertThat(files.length(Reserve.NAME)).isEqualTo(10_000);
    }
}
