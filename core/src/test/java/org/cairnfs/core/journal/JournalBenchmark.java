package org.cairnfs.core.journal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Prints how fast the journal is in a directory, each figure with the durability that it was measured at. The CPU time is that
 * of the appending threads, and tells more than the rate does on a machine that has other work. A program, not a
 * test: {@code java -cp ... org.cairnfs.core.journal.JournalBenchmark DIRECTORY}.
 */
public final class JournalBenchmark {
    private static final long WARM_UP_NANOS = 1_500_000_000L;
    private static final long RUN_NANOS = 3_000_000_000L;
    private static final int HEAD = 200;

    private final Path directory;
    private final AtomicLong cpuNanos = new AtomicLong();

    private JournalBenchmark(Path directory) {
        this.directory = directory;
    }

    /** @param arguments the directory; a new one is made in it and removed again */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "journal-benchmark");
        JournalBenchmark benchmark = new JournalBenchmark(directory);
        try {
            System.out.printf("Java %s, %s%n", System.getProperty("java.version"), directory.getFileSystem());
            for (JournalSealer sealer : new JournalSealer[] {PlainSealer.INSTANCE, new AesGcmSealer(new byte[32], 1)}) {
                String name = sealer.method() == 0 ? "plain" : "sealed";
                benchmark.run(name + ", 200-byte heads, not synced (survives kill -9)", sealer, 1, 0, false, false);
                benchmark.run(name + ", 200-byte heads, synced, 1 thread", sealer, 1, 0, false, true);
                benchmark.run(name + ", 200-byte heads, synced, 8 threads", sealer, 8, 0, false, true);
                benchmark.run(name + ", 1 MiB heap payloads, not synced", sealer, 1, 1 << 20, false, false);
                benchmark.run(name + ", 1 MiB direct payloads, not synced", sealer, 1, 1 << 20, true, false);
                benchmark.run(name + ", 1 MiB heap payloads, synced every 16", sealer, 1, 1 << 20, false, true);
            }
        } finally {
            Files.delete(directory);
        }
    }

    private void run(String what, JournalSealer sealer, int threads, int payload, boolean direct, boolean sync)
            throws Exception {
        AtomicLong forces = new AtomicLong();
        JournalOptions options = JournalOptions.builder()
                .sealer(sealer)
                .keepMillis(0)
                .reserveBytes(0)
                .metrics(new JournalMetrics() {
                    @Override
                    public void appended(long bytes) {}

                    @Override
                    public void forced(long nanos, int group) {
                        forces.incrementAndGet();
                    }
                })
                .build();
        try (FileJournal journal = FileJournal.open(NioJournalFiles.in(directory), options)) {
            drive(journal, threads, payload, direct, sync, WARM_UP_NANOS);
            forces.set(0);
            cpuNanos.set(0);
            long start = System.nanoTime();
            long appends = drive(journal, threads, payload, direct, sync, RUN_NANOS);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    "%-58s %,10.0f appends/s %8.1f MB/s %8.1f us of CPU each %,10d forces%n",
                    what,
                    appends / seconds,
                    appends * (double) (payload + HEAD) / seconds / 1e6,
                    cpuNanos.get() / 1e3 / appends,
                    forces.get());
            if (payload > 0 && !sync) {
                replay(journal);
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private long drive(FileJournal journal, int threads, int payload, boolean direct, boolean sync, long nanos)
            throws InterruptedException {
        AtomicLong appends = new AtomicLong();
        CountDownLatch done = new CountDownLatch(threads);
        long end = System.nanoTime() + nanos;
        for (int i = 0; i < threads; i++) {
            new Thread(() -> {
                        try {
                            appends.addAndGet(append(journal, payload, direct, sync, end));
                        } catch (JournalFailedException e) {
                            throw new IllegalStateException(e);
                        } finally {
                            cpuNanos.addAndGet(
                                    ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
                            done.countDown();
                        }
                    })
                    .start();
        }
        done.await();
        return appends.get();
    }

    private static long append(FileJournal journal, int length, boolean direct, boolean sync, long end)
            throws JournalFailedException {
        byte[] random = new byte[length];
        new Random(1).nextBytes(random);
        ByteBuffer payload = direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
        payload.put(random).flip();
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        long appends = 0;
        while (System.nanoTime() < end) {
            long sequence = journal.append(head, payload).sequence();
            appends++;
            if (sync && (length == 0 || appends % 16 == 0)) {
                journal.sync(sequence);
            }
            if (journal.usage().bytes() > 512L << 20) {
                journal.trim(sequence);
            }
        }
        return appends;
    }

    private static void replay(FileJournal journal)
            throws JournalFailedException, JournalCorruptException, IOException {
        long bytes = journal.usage().bytes();
        long start = System.nanoTime();
        journal.replay(1, (sequence, time, head, payload) -> {});
        System.out.printf(
                "%-58s %,10.0f MB/s, %,d MB%n",
                "  replay of that, all checked", bytes * 1e3 / (System.nanoTime() - start), bytes / 1_000_000);
    }
}
