package org.cairnfs.core.metadata;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.cairnfs.core.journal.FileJournal;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalOptions;
import org.cairnfs.core.journal.NioJournalFiles;
import org.cairnfs.core.metadata.row.InodeRow;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** JMH: transactions of the metadata store over a journal in files below java.io.tmpdir, answered after the write to it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MetadataLoops {
    private static final int THERE = 10_000;

    private final AtomicLong next = new AtomicLong();
    private final Random random = new Random(1);
    private Path folder;
    private Journal journal;
    private H2MetadataStore store;

    @Setup
    public void open() throws Exception {
        folder = Files.createTempDirectory("metadata-loops");
        journal = FileJournal.open(
                NioJournalFiles.in(folder.resolve("journal")),
                JournalOptions.builder().build());
        store = H2MetadataStore.open(
                folder.resolve("db"),
                journal,
                MetadataOptions.of(1, System::nanoTime, () -> Long.MAX_VALUE, failure -> {
                    throw new IllegalStateException(failure);
                }),
                CheckpointSource.NONE,
                (sequence, epoch, op, payload) -> {});
        StoreFixture.makeRoot(store);
        for (int i = 0; i < THERE; i++) {
            StoreFixture.create(store, "there-" + i);
        }
    }

    /** Closes the store and removes its files. */
    @TearDown
    public void close() throws Exception {
        store.close();
        journal.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** One after the other: a batch of the writer has one of them. */
    @Benchmark
    public long create() throws Exception {
        return StoreFixture.create(store, "file-" + next.incrementAndGet());
    }

    /** By eight threads, whose transactions the writer takes together; the time is of one operation of one thread. */
    @Benchmark
    @Threads(8)
    public long createByEight() throws Exception {
        return StoreFixture.create(store, "file-" + next.incrementAndGet());
    }

    /** A name and its inode. */
    @Benchmark
    public InodeRow lookup() throws Exception {
        Optional<InodeRow> found = StoreFixture.file(store, "there-" + random.nextInt(THERE));
        return found.orElseThrow();
    }
}
