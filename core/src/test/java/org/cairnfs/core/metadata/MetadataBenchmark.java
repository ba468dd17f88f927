package org.cairnfs.core.metadata;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.journal.FileJournal;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalOptions;
import org.cairnfs.core.journal.NioJournalFiles;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.DatabaseOptions;
import org.cairnfs.core.metadata.row.DirentRow;

/**
 * Measures the metadata store over a journal of files; see docs/metadata.md for how it is run and what came out.
 *
 * <p>Arguments: directory, number of files, threads, and {@code sealed} for a database file that is encrypted. Durability: answered after the write to the journal, no sync.
 */
final class MetadataBenchmark {
    private static final PrintStream OUT = System.out;

    private final Path directory;
    private final int files;
    private final int threads;
    private final boolean sealed;

    private MetadataBenchmark(Path directory, int files, int threads, boolean sealed) {
        this.directory = directory;
        this.files = files;
        this.threads = threads;
        this.sealed = sealed;
    }

    public static void main(String[] arguments) throws Exception {
        new MetadataBenchmark(
                        Path.of(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        Integer.parseInt(arguments[2]),
                        arguments.length > 3 && arguments[3].equals("sealed"))
                .run();
    }

    private void run() throws Exception {
        OUT.printf(
                "Java %s, %d files, %d threads, database file %s%n",
                Runtime.version(), files, threads, sealed ? "sealed" : "plain");
        try (Journal journal = FileJournal.open(
                NioJournalFiles.in(directory.resolve("journal")),
                JournalOptions.builder().build())) {
            H2MetadataStore store = open(journal, 1);
            StoreFixture.makeRoot(store);
            creates(store);
            lookups(store, "hot or cold as they are");
            pages(store);
            timed("checkpointDatabase", 1, store::checkpointDatabase);
            long rows = store.statistics().inodes();
            timed("close", 1, store::close);
            H2MetadataStore[] again = new H2MetadataStore[1];
            timed("open after a clean close, " + rows + " inodes", 1, () -> again[0] = open(journal, 2));
            report("file after reopening");
            lookups(again[0], "after reopening");
            timed(
                    "dump",
                    files,
                    () -> again[0].dump(new RowSink() {
                        @Override
                        public void row(org.cairnfs.core.metadata.row.Row row) {
                            // Reading is what is measured.
                        }

                        @Override
                        public void history(org.cairnfs.core.metadata.row.Row row, long died) {
                            // Reading is what is measured.
                        }
                    }));
            again[0].close();
        }
    }

    /** A failure of the store is printed as it is: this is a command, and there is nothing to log to. */
    private H2MetadataStore open(Journal journal, long incarnation) throws Exception {
        MetadataOptions options = MetadataOptions.of(
                incarnation, System::nanoTime, () -> Long.MAX_VALUE, failure -> failure.printStackTrace(OUT));
        DatabaseOptions database =
                sealed ? options.database().withKey(Bytes.ofTrusted(new byte[32])) : options.database();
        return H2MetadataStore.open(
                directory.resolve("db"),
                journal,
                options.withDatabase(database),
                CheckpointSource.NONE,
                (sequence, epoch, op, payload) -> {});
    }

    private void creates(H2MetadataStore store) throws Exception {
        AtomicInteger next = new AtomicInteger();
        int tenth = Math.max(1, files / 10);
        for (int part = 1; part <= 10; part++) {
            int end = part * tenth;
            timed(
                    "creates up to " + end,
                    tenth,
                    () -> inParallel(() -> {
                        for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
                            StoreFixture.create(store, "file-" + i);
                        }
                        return null;
                    }));
            next.set(end);
        }
        report("file after the creates");
    }

    private void lookups(H2MetadataStore store, String how) throws Exception {
        int count = 200_000;
        Random random = new Random(1);
        timed("random look-ups of name and inode, " + how, count, () -> {
            for (int i = 0; i < count; i++) {
                if (StoreFixture.file(store, "file-" + random.nextInt(files)).isEmpty()) {
                    throw new IllegalStateException("a file is gone");
                }
            }
        });
        timed("look-ups of 1,000 names again and again, " + how, count, () -> {
            for (int i = 0; i < count; i++) {
                if (store.view()
                        .dirent(StoreFixture.ROOT, Name.of("file-" + i % 1_000))
                        .isEmpty()) {
                    throw new IllegalStateException("a name is gone");
                }
            }
        });
    }

    private void pages(H2MetadataStore store) throws Exception {
        long after = 0;
        for (int part = 0; part < 4; part++) {
            long from = after;
            long[] last = new long[1];
            timed("listing, pages of 500, quarter " + (part + 1), files / 4, () -> {
                long cookie = from;
                for (int i = 0; i < files / 4; i += 500) {
                    List<DirentRow> page = store.view().dirents(StoreFixture.ROOT, cookie, 500);
                    cookie = page.get(page.size() - 1).cookie();
                }
                last[0] = cookie;
            });
            after = last[0];
        }
    }

    private void inParallel(Job<Object> job) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Object>> running = new java.util.ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(executor.submit(job::run));
            }
            for (Future<Object> future : running) {
                future.get();
            }
        } finally {
            executor.shutdown();
        }
    }

    private void report(String what) throws IOException {
        OUT.printf("%-60s %,d MiB%n", what, Files.size(Database.file(directory.resolve("db"))) >> 20);
    }

    /** Wall time, and the CPU time of the whole process, which says more on a machine that does other things too. */
    private static void timed(String what, int count, Step step) throws Exception {
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        step.run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpuSeconds = (cpuNanos() - cpu) / 1e9;
        OUT.printf(
                "%-60s %8.2f s %,12.0f /s; CPU %8.2f s, %,8.1f us each%n",
                what, seconds, count / seconds, cpuSeconds, cpuSeconds * 1e6 / count);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    @FunctionalInterface
    private interface Job<T> {
        T run() throws Exception;
    }
}
