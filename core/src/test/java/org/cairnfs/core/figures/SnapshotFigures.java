package org.cairnfs.core.figures;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.snapshot.Snapshot;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.VolumeOptions;

/**
 * How long taking a snapshot takes while eight others write, in file systems of different sizes. Arguments: a directory, and numbers of files
 * (10, 10,000 and 100,000 if there are none).
 *
 * <p>A new encrypted file system with the usual options in a local folder, for each number. A snapshot is answered when it is in the journal and the
 * database; syncing it to the disk, which all who wait share, is not in the figures.
 */
public final class SnapshotFigures {
    private static final PrintStream OUT = System.out;
    private static final int WRITERS = 8;
    private static final int PLANTERS = 4;
    private static final int IN_DIRECTORY = 1_000;
    private static final int SNAPSHOTS = 100;
    private static final int PAUSE_MILLIS = 30;

    private final CairnVolume volume;
    private final FileSystem fs;
    private final LongAdder changes = new LongAdder();
    private final AtomicBoolean ends = new AtomicBoolean();

    private SnapshotFigures(CairnVolume volume) {
        this.volume = volume;
        this.fs = volume.fileSystem();
    }

    public static void main(String[] arguments) throws Exception {
        List<Integer> sizes = arguments.length > 1
                ? Arrays.stream(arguments).skip(1).map(Integer::valueOf).toList()
                : List.of(10, 10_000, 100_000);
        OUT.printf(
                "%n%-28s %9s %9s %9s %12s %9s%n",
                "Snapshots, 8 writers", "median", "99 %", "longest", "changes/s", "deleted");
        for (int files : sizes) {
            Path directory = Files.createDirectories(Path.of(arguments[0]).resolve("of-" + files));
            LocalObjectStore store = LocalObjectStore.create(Files.createDirectories(directory.resolve("bucket")));
            Buckets.create(store, BucketOptions.DEFAULT, List.of(passphrase()), Clock.systemUTC())
                    .close();
            CairnVolume volume = CairnVolume.open(
                    Buckets.open(store, Optional.of(passphrase())),
                    Files.createDirectories(directory.resolve("state")),
                    VolumeOptions.defaults(),
                    bytes -> {});
            new SnapshotFigures(volume).run(files);
            volume.stop(Duration.ofMinutes(5), left -> {});
        }
    }

    private static Passphrase passphrase() {
        return Passphrase.of("correct horse".getBytes(StandardCharsets.UTF_8));
    }

    private void run(int files) throws Exception {
        fs.endGrace();
        plant(files);
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            FileHandle file = make(fs.root(), "writer-" + i, CreateRequest.file(0644));
            int number = i;
            writers.add(started("writer-" + i, () -> write(file, number)));
        }
        TimeUnit.SECONDS.sleep(2);
        long changesBefore = changes.sum();
        long begin = System.nanoTime();
        long[] nanos = new long[SNAPSHOTS];
        for (int i = 0; i < SNAPSHOTS; i++) {
            long before = System.nanoTime();
            volume.snapshots().create(Name.of("s" + i), false);
            nanos[i] = System.nanoTime() - before;
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long changed = changes.sum() - changesBefore;
        ends.set(true);
        for (Thread writer : writers) {
            writer.join();
        }
        long deleting = System.nanoTime();
        for (Snapshot snapshot : volume.snapshots().all()) {
            volume.snapshots().delete(snapshot.name());
        }
        double deleted = (System.nanoTime() - deleting) / 1e6 / SNAPSHOTS;
        Arrays.sort(nanos);
        OUT.printf(
                Locale.ROOT,
                "%-28s %6.2f ms %6.2f ms %6.2f ms %12.0f %6.2f ms%n",
                String.format(Locale.ROOT, "of %,d files", files),
                nanos[SNAPSHOTS / 2] / 1e6,
                nanos[SNAPSHOTS * 99 / 100 - 1] / 1e6,
                nanos[SNAPSHOTS - 1] / 1e6,
                changed / seconds,
                deleted);
    }

    private void plant(int files) throws Exception {
        List<Thread> planters = new ArrayList<>();
        for (int i = 0; i < PLANTERS; i++) {
            int first = i;
            planters.add(started("planter-" + i, () -> {
                for (int part = first; part * (long) IN_DIRECTORY < files; part += PLANTERS) {
                    FileHandle directory = make(fs.root(), "d" + part, CreateRequest.directory(0755));
                    int last = Math.min(files, (part + 1) * IN_DIRECTORY);
                    for (int file = part * IN_DIRECTORY; file < last; file++) {
                        make(directory, "f" + file, CreateRequest.file(0644));
                    }
                }
            }));
        }
        for (Thread planter : planters) {
            planter.join();
        }
    }

    private interface Work {
        void run() throws FsException, InterruptedException;
    }

    private static Thread started(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (FsException e) {
                        throw new IllegalStateException(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.start();
        return thread;
    }

    /** 4 KiB here and there in a file of its own, and now and then a new file. */
    private void write(FileHandle file, int writer) throws FsException, InterruptedException {
        byte[] block = new byte[4_096];
        for (long i = 0; !ends.get(); i++) {
            block[0] = (byte) i;
            fs.write(op(), file, i * 7_919 % 4_096 * block.length, ByteBuffer.wrap(block));
            if (i % 10 == 0) {
                make(fs.root(), "new-" + writer + "-" + i, CreateRequest.file(0644));
            }
            changes.increment();
            // Eight clients of a network, rather than eight loops of a benchmark.
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private FileHandle make(FileHandle in, String name, CreateRequest request) throws FsException {
        return fs.create(op(), in, Name.of(name), request).node().handle();
    }

    private static OpContext op() {
        return new OpContext(Credentials.ROOT);
    }
}
