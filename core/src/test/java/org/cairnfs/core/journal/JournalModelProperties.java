package org.cairnfs.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.cairnfs.core.testkit.PowerLossFiles;
import org.cairnfs.core.testkit.PowerLossFiles.Loss;

/** Any sequence of appends, syncs, trims, closings and power losses agrees with a list. */
class JournalModelProperties {
    enum Kind {
        APPEND,
        SYNC,
        TRIM,
        CLOSE,
        KILL,
        POWER_LOSS
    }

    record Step(Kind kind, int size, long seed) {}

    @Property(tries = 300)
    void agreesWithAList(@ForAll("steps") List<Step> steps, @ForAll boolean sealed) throws Exception {
        JournalSealer sealer = sealed ? new AesGcmSealer(new byte[32], 1) : PlainSealer.INSTANCE;
        JournalOptions options = JournalPowerLossTest.options(sealer);
        List<Entry> model = new ArrayList<>();
        int synced = 0;
        long trimmed = 1;
        PowerLossFiles files = new PowerLossFiles();
        FileJournal journal = FileJournal.open(files, options);
        for (Step step : steps) {
            switch (step.kind) {
                case APPEND -> {
                    Entry entry = Entry.of("h".repeat(step.size % 300), step.seed, step.size);
                    model.add(entry);
                    assertThat(entry.appendTo(journal)).isEqualTo(model.size());
                }
                case SYNC -> {
                    synced = (int) Math.floorMod(step.seed, model.size() + 1L);
                    journal.sync(synced);
                }
                case TRIM -> {
                    long sequence = 1 + Math.floorMod(step.seed, model.size() + 1L);
                    trimmed = Math.max(trimmed, sequence);
                    journal.trim(sequence);
                }
                case CLOSE -> {
                    journal.close();
                    synced = model.size();
                    journal = FileJournal.open(files, options);
                }
                case KILL -> {
                    // Nothing is lost, and nothing more is synced: the system still has it all.
                    journal = FileJournal.open(files, options);
                    assertThat(journal.lastSequence()).isEqualTo(model.size());
                    synced = model.size();
                }
                case POWER_LOSS -> {
                    files = files.survivor(Loss.SOME, step.seed).files();
                    journal = FileJournal.open(files, options);
                    int last = (int) journal.lastSequence();
                    assertThat(last).isBetween(synced, model.size());
                    model.subList(last, model.size()).clear();
                    synced = last;
                    trimmed = Math.min(trimmed, last + 1L);
                }
            }
            assertThat(journal.lastSequence()).isEqualTo(model.size());
            assertThat(journal.syncedSequence()).isBetween((long) synced, (long) model.size());
            assertThat(journal.oldestSequence()).isBetween(1L, trimmed);
            synced = (int) journal.syncedSequence();
        }
        assertThat(Entry.replay(journal, 1)).isEqualTo(model.subList((int) journal.oldestSequence() - 1, model.size()));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(20, Kind.APPEND),
                Tuple.of(5, Kind.SYNC),
                Tuple.of(3, Kind.TRIM),
                Tuple.of(1, Kind.CLOSE),
                Tuple.of(1, Kind.KILL),
                Tuple.of(2, Kind.POWER_LOSS));
        return Combinators.combine(kinds, Arbitraries.integers().between(0, 3000), Arbitraries.longs())
                .as(Step::new)
                .list()
                .ofMaxSize(80);
    }
}
