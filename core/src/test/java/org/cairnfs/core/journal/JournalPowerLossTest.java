package org.cairnfs.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.cairnfs.core.testkit.PowerLossFates;
import org.cairnfs.core.testkit.PowerLossFiles;
import org.cairnfs.core.testkit.PowerLossFiles.Loss;
import org.cairnfs.core.testkit.PowerLossFiles.Survivor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The power fails at every single step of short workloads, with many patterns of what survives; the journal that is found
 * must be a prefix of what was appended, and hold all that was synced. It is then written on, and the power fails again.
 */
class JournalPowerLossTest {
    private static final Logger LOG = LoggerFactory.getLogger(JournalPowerLossTest.class);
    private static final int SEEDS = 6;

    static Stream<Arguments> workloads() {
        return Stream.of(
                Arguments.of(PlainSealer.INSTANCE, 1, 0),
                Arguments.of(PlainSealer.INSTANCE, 2, 5),
                Arguments.of(PlainSealer.INSTANCE, 3, 2),
                Arguments.of(new AesGcmSealer(new byte[32], 1), 4, 3));
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void atEveryStep(JournalSealer sealer, int seed, int syncEvery) throws Exception {
        JournalOptions options = options(sealer);
        List<Entry> entries = Entry.random(new Random(seed), 40, 200, 900);
        long steps = new Workload(entries, syncEvery).run(new PowerLossFiles(), options);
        List<PowerLossFates> fates = new ArrayList<>();
        long cut = 0;
        for (long step = 1; step <= steps; step++) {
            Workload workload = new Workload(entries, syncEvery);
            PowerLossFiles files = new PowerLossFiles();
            files.failAtStep(step);
            workload.run(files, options);
            for (Loss loss : Loss.values()) {
                int seeds = loss == Loss.SOME || loss == Loss.FEW_SECTORS ? SEEDS : 1;
                for (int pattern = 0; pattern < seeds; pattern++) {
                    Survivor survivor = files.survivor(loss, step * 1000 + pattern);
                    fates.add(survivor.fates());
                    int kept = workload.verify(survivor.files(), options, step, loss, pattern);
                    cut += kept < workload.begun ? 1 : 0;
                }
            }
        }
        LOG.info(
                "seed {}: {} steps as crash points, {} states opened, {}; records lost in {}",
                seed,
                steps,
                fates.size(),
                PowerLossFates.tell(fates),
                cut);
        assertThat(fates.stream().mapToLong(PowerLossFates::pieces).sum())
                .as("sectors, lengths and names that were lost")
                .isGreaterThan(steps);
        assertThat(fates).as("writes dropped").anyMatch(fate -> fate.dropped() > 0);
        assertThat(fates).as("writes torn").anyMatch(fate -> fate.torn() > 0);
        assertThat(fates).as("writes reordered").anyMatch(fate -> fate.reordered() > 0);
        assertThat(cut).as("runs in which records were lost").isGreaterThan(steps / 2);
    }

    static JournalOptions options(JournalSealer sealer) {
        return JournalOptions.builder()
                .sealer(sealer)
                .segmentBytes(6000)
                .boundBytes(1 << 20)
                .reserveBytes(1024)
                .keepMillis(0)
                .build();
    }

    /** Appends entries, syncs, trims, and closes and opens again in the middle, until the power fails. */
    private static final class Workload {
        private final List<Entry> entries;
        private final int syncEvery;
        private int begun;
        private int synced;
        private int trimmed;

        Workload(List<Entry> entries, int syncEvery) {
            this.entries = entries;
            this.syncEvery = syncEvery;
        }

        /** Returns the steps that were made. */
        long run(PowerLossFiles files, JournalOptions options) throws JournalCorruptException {
            try {
                go(files, options, 0, entries.size() / 2);
                synced = begun;
                go(files, options, entries.size() / 2, entries.size());
            } catch (JournalFailedException e) {
                assertThat(e).hasRootCauseInstanceOf(PowerLossFiles.PowerLossException.class);
            }
            return files.steps();
        }

        private void go(PowerLossFiles files, JournalOptions options, int from, int to)
                throws JournalFailedException, JournalCorruptException {
            FileJournal journal = FileJournal.open(files, options);
            synced = begun;
            for (int i = from; i < to; i++) {
                begun = i + 1;
                entries.get(i).appendTo(journal);
                if (syncEvery > 0 && i % syncEvery == 0) {
                    journal.sync(i + 1);
                    synced = i + 1;
                }
                if (i % 16 == 15) {
                    trimmed = i - 10;
                    journal.trim(trimmed);
                }
            }
            journal.close();
        }

        /** Opens what survived, writes on, loses power again; returns how many records were kept at first. */
        int verify(PowerLossFiles files, JournalOptions options, long step, Loss loss, int pattern) throws Exception {
            String run = "step " + step + ", loss " + loss + " " + pattern;
            FileJournal journal = FileJournal.open(files, options);
            long oldest = journal.oldestSequence();
            int last = (int) journal.lastSequence();
            assertThat(last).as(run).isBetween(synced, begun);
            assertThat(oldest).as(run).isLessThanOrEqualTo(Math.max(1, trimmed));
            List<Entry> expected = new ArrayList<>(entries.subList((int) oldest - 1, last));
            assertThat(Entry.replay(journal, 1)).as(run).isEqualTo(expected);

            Entry durable = Entry.of("after the loss", step, 700);
            Entry lost = Entry.of("lost again", step, 1500);
            assertThat(durable.appendTo(journal)).as(run).isEqualTo(last + 1);
            journal.sync(last + 1);
            lost.appendTo(journal);
            expected.add(durable);
            PowerLossFiles again = files.survivor(Loss.SOME, pattern).files();
            try (FileJournal reopened = FileJournal.open(again, options)) {
                List<Entry> found = Entry.replay(reopened, 1);
                assertThat(found.subList(0, expected.size())).as(run).isEqualTo(expected);
                assertThat(found.size()).as(run).isBetween(expected.size(), expected.size() + 1);
            }
            return last;
        }
    }
}
