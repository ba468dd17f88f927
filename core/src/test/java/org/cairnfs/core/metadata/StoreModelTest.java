package org.cairnfs.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.shipping.ReducedLog;
import org.cairnfs.core.testkit.MemoryJournal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whatever several threads do to a store, and however it ends: it is what its journal says, by the plainest reading ({@link
 * JournalModel}). Another run with the same seed has other interleavings, but the same work.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StoreModelTest {
    private static final Logger LOG = LoggerFactory.getLogger(StoreModelTest.class);
    private static final int THREADS = 4;
    private static final int STEPS = Integer.getInteger("cairn.metadata.steps", 300);

    @TempDir
    Path directory;

    private final long seed = Long.getLong("cairn.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdown();
        LOG.info("seed {}", seed);
    }

    @Test
    void isWhatItsJournalSaysAfterCleanAndUncleanEnds() throws Exception {
        StoreFixture fixture = new StoreFixture(directory.resolve("db"));
        for (int round = 0; round < 4; round++) {
            H2MetadataStore store = fixture.open();
            if (round == 0) {
                StoreFixture.makeRoot(store);
            } else {
                assertIsWhatTheJournalSays(store, fixture.journal());
            }
            work(store, () -> null);
            if (round % 2 == 0) {
                store.abandon();
            } else {
                assertIsWhatTheJournalSays(store, fixture.journal());
                store.close();
            }
            assertThat(fixture.failures()).isEmpty();
        }
        try (H2MetadataStore store = fixture.open()) {
            assertIsWhatTheJournalSays(store, fixture.journal());
        }
    }

    private List<DumpedRows> dumpsUnderLoad(StoreFixture fixture) throws Exception {
        List<DumpedRows> dumps = new ArrayList<>();
        try (H2MetadataStore store = fixture.open()) {
            StoreFixture.makeRoot(store);
            work(store, () -> {
                dumps.add(DumpedRows.of(store));
                return null;
            });
        }
        return dumps;
    }

    /** A dump that was made under load, and the journal from there on, give the same as the journal from the beginning. */
    @Test
    void everyDumpUnderLoadIsRestoredToAnyLaterMoment() throws Exception {
        StoreFixture fixture = new StoreFixture(directory.resolve("db"));
        List<DumpedRows> dumps = dumpsUnderLoad(fixture);
        assertThat(dumps).isNotEmpty();
        assertThat(dumps)
                .as("some were fuzzy")
                .anyMatch(dump -> dump.range().consistent() > dump.range().applied());
        MemoryJournal whole = fixture.journal();
        for (int i = 0; i < dumps.size(); i += 1 + dumps.size() / 8) {
            DumpedRows dump = dumps.get(i);
            long rest = whole.lastSequence() - dump.range().consistent();
            long end = dump.range().consistent() + (rest == 0 ? 0 : random.nextInt((int) rest + 1));
            MemoryJournal cut = whole.copyUpTo(end);
            JournalModel model = JournalModel.of(cut);
            cut.trim(Math.min(dump.range().low(), dump.range().applied() + 1));
            StoreFixture restored = new StoreFixture(directory.resolve("restored" + i))
                    .journal(cut)
                    .checkpoints(dump.asSource());
            try (H2MetadataStore store = restored.open()) {
                assertIs(store, model);
            }
        }
    }

    /**
     * A dump that was made under load, the records that the bucket has up to a barrier, without what was overtaken, and the
     * journal behind that, give the same as the journal from the beginning.
     */
    @Test
    void everyDumpUnderLoadIsRestoredByWhatWasShipped() throws Exception {
        StoreFixture fixture = new StoreFixture(directory.resolve("db"));
        List<DumpedRows> dumps = dumpsUnderLoad(fixture);
        MemoryJournal whole = fixture.journal();
        for (int i = 0; i < dumps.size(); i += 1 + dumps.size() / 8) {
            DumpedRows dump = dumps.get(i);
            long rest = whole.lastSequence() - dump.range().consistent();
            long shipped = dump.range().consistent() + random.nextInt((int) rest + 1);
            ReducedLog log = new ReducedLog();
            for (long first = 1; first <= shipped; ) {
                long last = Math.min(shipped, first + random.nextInt(1 + random.nextInt(2_000)));
                log.window(whole, first, last);
                first = last + 1;
            }
            long end = shipped + random.nextInt((int) (whole.lastSequence() - shipped) + 1);
            MemoryJournal cut = whole.copyUpTo(end);
            JournalModel model = JournalModel.of(cut);
            cut.trim(shipped + 1);
            StoreFixture restored = new StoreFixture(directory.resolve("restored" + i))
                    .journal(cut)
                    .checkpoints(dump.withLog(shipped, log));
            try (H2MetadataStore store = restored.open()) {
                assertIs(store, model);
            }
        }
    }

    /** A crash at the moment of any write to the database file: the file opens, and with what was synced it is whole. */
    @Test
    void everyStateOfTheFileOpensAndIsMadeUpFromWhatWasSynced() throws Exception {
        StoreFixture fixture = new StoreFixture(directory.resolve("db"));
        List<Path> copies = new CopyOnWriteArrayList<>();
        List<MemoryJournal> journals = new CopyOnWriteArrayList<>();
        H2MetadataStore store = fixture.open();
        StoreFixture.makeRoot(store);
        AtomicInteger writes = new AtomicInteger();
        fixture.journal().onSync(() -> {
            if (writes.incrementAndGet() % 5 == 0) {
                Path copy = directory.resolve("copy" + writes);
                copyFile(fixture.directory(), copy);
                copies.add(copy);
                journals.add(fixture.journal().copyUpTo(fixture.journal().syncedSequence()));
            }
        });
        while (copies.isEmpty()) { // how much is one write of the database is a matter of speed
            work(store, () -> null);
        }
        store.checkpointDatabase();
        store.abandon();
        for (int i = 0; i < copies.size(); i += 1 + copies.size() / 12) {
            try (Database file = Database.open(
                    copies.get(i),
                    () -> {},
                    new StoreFixture(directory).options().database())) {
                assertThat(file.progress().orElseThrow().appliedSequence())
                        .isBetween(1L, journals.get(i).lastSequence());
            }
            try (H2MetadataStore copy =
                    new StoreFixture(copies.get(i)).journal(journals.get(i)).open()) {
                assertIsWhatTheJournalSays(copy, journals.get(i));
            }
        }
    }

    private static void copyFile(Path from, Path to) {
        try {
            Files.createDirectory(to);
            Files.copy(Database.file(from), Database.file(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets several threads work, and meanwhile does something again and again. */
    private void work(H2MetadataStore store, Callable<Void> meanwhile) throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            RandomWork work = new RandomWork(store, random.nextLong());
            running.add(threads.submit(() -> work.run(STEPS)));
        }
        do {
            meanwhile.call();
        } while (running.stream().anyMatch(future -> !future.isDone()) && !Thread.interrupted());
        for (Future<?> future : running) {
            future.get();
        }
    }

    private static void assertIsWhatTheJournalSays(H2MetadataStore store, MemoryJournal journal) throws Exception {
        DumpedRows dump = DumpedRows.atRest(store);
        JournalModel model = JournalModel.of(journal.copyUpTo(dump.range().applied()));
        dump.assertEquals(model);
        assertCounts(store, model);
    }

    private static void assertIs(H2MetadataStore store, JournalModel model) throws Exception {
        DumpedRows.atRest(store).assertEquals(model);
        assertCounts(store, model);
    }

    private static void assertCounts(H2MetadataStore store, JournalModel model) {
        for (long root = 0; root < 3; root++) {
            assertThat(store.view().usage(root)).isEqualTo(model.usage(root));
        }
        MetadataStatistics statistics = store.statistics();
        assertThat(statistics).isEqualTo(model.statistics(statistics.databaseBytes()));
        assertThat(store.view().epoch()).isEqualTo(model.epoch());
    }
}
