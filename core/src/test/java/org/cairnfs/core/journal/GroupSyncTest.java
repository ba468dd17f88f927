package org.cairnfs.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.testkit.PowerLossFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One force serves all who wait, and concurrent appends lose nothing. */
class GroupSyncTest {
    private static final int THREADS = 8;

    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void whoComesDuringAForceSharesTheNext() throws Exception {
        AtomicInteger forces = new AtomicInteger();
        AtomicInteger newest = new AtomicInteger(1);
        CountDownLatch firstIsForcing = new CountDownLatch(1);
        CountDownLatch firstMayEnd = new CountDownLatch(1);
        GroupSync sync = new GroupSync(
                () -> {
                    int covered = newest.get();
                    if (forces.incrementAndGet() == 1) {
                        firstIsForcing.countDown();
                        awaitQuietly(firstMayEnd);
                    }
                    return covered;
                },
                new FailStop(failure -> {}),
                JournalMetrics.NONE,
                0);
        List<Future<?>> calls = new ArrayList<>();
        calls.add(executor.submit(() -> {
            sync.await(1);
            return null;
        }));
        firstIsForcing.await();
        newest.set(THREADS);
        for (int sequence = 2; sequence <= THREADS; sequence++) {
            int wanted = sequence;
            calls.add(executor.submit(() -> {
                sync.await(wanted);
                return null;
            }));
        }
        firstMayEnd.countDown();
        for (Future<?> call : calls) {
            call.get();
        }
        assertThat(forces).hasValue(2);
        assertThat(sync.synced()).isEqualTo(THREADS);
    }

    @Test
    void concurrentAppendsAndSyncs() throws Exception {
        PowerLossFiles files = new PowerLossFiles();
        AtomicInteger groupForces = new AtomicInteger();
        AtomicInteger largestGroup = new AtomicInteger();
        JournalOptions options = JournalOptions.builder()
                .segmentBytes(1 << 16)
                .boundBytes(1 << 24)
                .reserveBytes(0)
                .metrics(new JournalMetrics() {
                    @Override
                    public void appended(long bytes) {}

                    @Override
                    public void forced(long nanos, int group) {
                        groupForces.incrementAndGet();
                        largestGroup.accumulateAndGet(group, Math::max);
                    }
                })
                .build();
        int each = 200;
        FileJournal journal = FileJournal.open(files, options);
        CountDownLatch allAppended = new CountDownLatch(THREADS);
        files.beforeForce(() -> awaitQuietly(allAppended));
        List<Future<List<Entry>>> calls = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(thread);
            calls.add(executor.submit(() -> {
                List<Entry> mine = Entry.random(random, each, 100, 200);
                for (Entry entry : mine) {
                    long sequence = entry.appendTo(journal);
                    allAppended.countDown();
                    journal.sync(sequence);
                    assertThat(journal.syncedSequence()).isGreaterThanOrEqualTo(sequence);
                }
                return mine;
            }));
        }
        List<Entry> all = new ArrayList<>();
        for (Future<List<Entry>> call : calls) {
            all.addAll(call.get());
        }
        // The first force ends when all have appended once, so these eight syncs took two forces at most.
        assertThat(groupForces.get()).isLessThan(THREADS * each);
        assertThat(largestGroup.get()).isBetween(1, THREADS);
        PowerLossFiles survived =
                files.survivor(PowerLossFiles.Loss.EVERYTHING, 0).files();
        try (FileJournal reopened = FileJournal.open(survived, options)) {
            assertThat(Entry.replay(reopened, 1)).containsExactlyInAnyOrderElementsOf(all);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
