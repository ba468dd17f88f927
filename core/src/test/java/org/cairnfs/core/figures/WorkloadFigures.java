package org.cairnfs.core.figures;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.CipherWarmUp;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.MeteringObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.StoreMetrics;
import org.cairnfs.core.objectstore.StoreMetrics.Verb;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.VolumeOptions;

/**
 * What some workloads cost of time, of the processor, and of a store in requests and bytes. Argument: a directory.
 *
 * <p>A new encrypted file system with the usual options in a local folder. Each workload ends when all of it is in the store, data and metadata;
 * writes are answered after the write to the journal, and synced with the flush.
 */
public final class WorkloadFigures {
    private static final PrintStream OUT = System.out;
    private static final int SMALL_FILES = 10_000;
    private static final int SMALL = 2_048;
    private static final int LARGE = 256 << 20;
    private static final int BLOCK = 1 << 20;
    private static final int IDLE_SECONDS = 60;

    private final Path directory;
    private final MeteringObjectStore store;
    private CairnVolume volume;

    private WorkloadFigures(Path directory) throws Exception {
        this.directory = directory;
        this.store =
                new MeteringObjectStore(LocalObjectStore.create(Files.createDirectories(directory.resolve("bucket"))));
        Buckets.create(store, BucketOptions.DEFAULT, List.of(passphrase()), Clock.systemUTC())
                .close();
    }

    private static Passphrase passphrase() {
        return Passphrase.of("correct horse".getBytes(StandardCharsets.UTF_8));
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        CipherWarmUp.run();
        new WorkloadFigures(Path.of(arguments[0])).run();
    }

    private void run() throws Exception {
        OUT.printf(
                "%n%-44s %7s %7s %9s %6s %6s %6s %6s %9s %9s%n",
                "Workload", "s", "CPU s", "MB/s", "PUT", "GET", "HEAD", "LIST", "MB up", "MB down");
        open("state");
        FileSystem fs = volume.fileSystem();
        flushed("10,000 files of 2 KiB", (long) SMALL_FILES * SMALL, () -> {
            byte[] bytes = new byte[SMALL];
            Random random = new Random(1);
            for (int i = 0; i < SMALL_FILES; i++) {
                random.nextBytes(bytes);
                fs.write(op(), create(fs, "small-" + i), 0, ByteBuffer.wrap(bytes));
            }
        });
        flushed("a file of 256 MiB, incompressible", LARGE, () -> writeLarge(fs, "large"));
        flushed("the same again, as another file", LARGE, () -> writeLarge(fs, "again"));
        flushed("4 KiB overwritten in its middle", 4_096, () -> {
            byte[] bytes = new byte[4_096];
            new Random(3).nextBytes(bytes);
            fs.write(
                    op(),
                    fs.lookup(op(), fs.root(), Name.of("again")).handle(),
                    LARGE / 2 + 12_345,
                    ByteBuffer.wrap(bytes));
        });
        flushed("one empty file", 0, () -> create(fs, "another"));
        measured("a minute without work", 0, () -> TimeUnit.SECONDS.sleep(IDLE_SECONDS));
        measured("stop", 0, () -> volume.stop(Duration.ofMinutes(1), left -> {}));
        measured("start elsewhere: rebuild", 0, () -> open("elsewhere"));
        measured("read the file of 256 MiB", LARGE, () -> readLarge(volume.fileSystem()));
        volume.stop(Duration.ofMinutes(1), left -> {});
    }

    private void open(String state) throws Exception {
        ObjectStore metered = store;
        volume = CairnVolume.open(
                Buckets.open(metered, Optional.of(passphrase())),
                Files.createDirectories(directory.resolve(state)),
                VolumeOptions.defaults(),
                bytes -> {});
    }

    private static OpContext op() {
        return new OpContext(Credentials.ROOT);
    }

    private static FileHandle create(FileSystem fs, String name) throws Exception {
        return fs.create(op(), fs.root(), Name.of(name), CreateRequest.file(0644))
                .node()
                .handle();
    }

    private static void writeLarge(FileSystem fs, String name) throws Exception {
        FileHandle file = create(fs, name);
        Random random = new Random(2);
        byte[] block = new byte[BLOCK];
        for (long at = 0; at < LARGE; at += BLOCK) {
            random.nextBytes(block);
            fs.write(op(), file, at, ByteBuffer.wrap(block));
        }
    }

    private static void readLarge(FileSystem fs) throws Exception {
        FileHandle file = fs.lookup(op(), fs.root(), Name.of("large")).handle();
        Random random = new Random(2);
        byte[] block = new byte[BLOCK];
        for (long at = 0; at < LARGE; at += BLOCK) {
            random.nextBytes(block);
            ReadResult found = fs.read(op(), file, at, BLOCK);
            ByteBuffer expected = ByteBuffer.wrap(block);
            for (ByteBuffer piece : found.pieces()) {
                if (!piece.equals(expected.slice(expected.position(), piece.remaining()))) {
                    throw new IllegalStateException("other bytes than were written at " + at);
                }
                expected.position(expected.position() + piece.remaining());
            }
        }
    }

    private void flushed(String name, long bytes, Work work) throws Exception {
        measured(name, bytes, () -> {
            work.run();
            volume.flush(left -> {});
        });
    }

    private void measured(String name, long bytes, Work work) throws Exception {
        StoreMetrics before = store.metrics();
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpuSeconds = (cpuNanos() - cpu) / 1e9;
        StoreMetrics after = store.metrics();
        OUT.printf(
                Locale.ROOT,
                "%-44s %7.2f %7.2f %9s %6d %6d %6d %6d %9.3f %9.3f%n",
                name,
                seconds,
                cpuSeconds,
                bytes == 0 ? "" : String.format(Locale.ROOT, "%.1f", bytes / 1e6 / seconds),
                requests(Verb.PUT, before, after),
                requests(Verb.GET, before, after),
                requests(Verb.HEAD, before, after),
                requests(Verb.LIST, before, after),
                (after.of(Verb.PUT).bytes() - before.of(Verb.PUT).bytes()) / 1e6,
                (after.of(Verb.GET).bytes() - before.of(Verb.GET).bytes()) / 1e6);
    }

    private static long requests(Verb verb, StoreMetrics before, StoreMetrics after) {
        return after.of(verb).requests() - before.of(verb).requests();
    }

    /** Of the whole process. */
    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
