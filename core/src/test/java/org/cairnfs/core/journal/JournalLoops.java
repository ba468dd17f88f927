package org.cairnfs.core.journal;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** JMH: appends of 200 bytes to a sealed journal in files below java.io.tmpdir, answered after the write or after the sync. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class JournalLoops {
    private static final int HEAD = 200;
    private static final long MOST_BYTES = 256L << 20;

    private final ByteBuffer head = ByteBuffer.allocate(HEAD);
    private final ByteBuffer nothing = ByteBuffer.allocate(0);
    private Path folder;
    private FileJournal journal;

    @Setup
    public void open() throws Exception {
        folder = Files.createTempDirectory("journal-loops");
        journal = FileJournal.open(
                NioJournalFiles.in(folder),
                JournalOptions.builder()
                        .sealer(new AesGcmSealer(new byte[32], 1))
                        .keepMillis(0)
                        .reserveBytes(0)
                        .build());
    }

    /** Closes the journal and removes its files. */
    @TearDown
    public void close() throws Exception {
        journal.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Survives kill -9. */
    @Benchmark
    public long append() throws Exception {
        long sequence = journal.append(head.duplicate(), nothing.duplicate()).sequence();
        if (journal.usage().bytes() > MOST_BYTES) {
            journal.trim(sequence);
        }
        return sequence;
    }

    /** Survives power loss. */
    @Benchmark
    public long appendAndSync() throws Exception {
        long sequence = append();
        journal.sync(sequence);
        return sequence;
    }
}
