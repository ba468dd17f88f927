package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.MeteringObjectStore;
import org.cairnfs.core.objectstore.StoreMetrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checkpoint stores what changed since the one before, and nobody waits for it. {@code -Dcairn.long=true}: 1,000,000 files. Durability:
 * answered after the write to the journal, no sync.
 */
class CheckpointCostTest {
    private static final int FILES = Boolean.getBoolean("cairn.long") ? 1_000_000 : 40_000;
    private static final int PER_DIRECTORY = 1_000;
    private static final int WRITERS = 2;

    @TempDir
    Path folder;

    private MeteringObjectStore store;
    private Bucket bucket;
    private CairnVolume volume;
    private FileSystem fs;

    @BeforeEach
    void open() throws Exception {
        store = new MeteringObjectStore(LocalObjectStore.create(folder.resolve("bucket")));
        BucketOptions options =
                new BucketOptions("", ChunkSizes.DEFAULT, Compression.DEFAULT, new Argon2Cost(64, 1, 1));
        Buckets.create(store, options, List.of(), Clock.systemUTC()).close();
        bucket = Buckets.open(store, Optional.<Secret>empty());
        volume = CairnVolume.open(
                bucket,
                Files.createDirectory(folder.resolve("state")),
                VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS),
                bytes -> {});
        fs = volume.fileSystem();
    }

    @AfterEach
    void close() {
        volume.abandon();
    }

    private long uploadedBy(Step step) throws Exception {
        long before = uploaded();
        step.run();
        return uploaded() - before;
    }

    private long uploaded() {
        StoreMetrics metrics = store.metrics();
        return metrics.of(StoreMetrics.Verb.PUT).bytes();
    }

    /** What the newest checkpoint consists of. */
    private Set<ChunkId> chunks() throws IOException {
        return bucket.roots().newest().orElseThrow().chunks().stream()
                .map(chunk -> chunk.entry().id())
                .collect(Collectors.toSet());
    }

    private interface Step {
        void run() throws Exception;
    }

    @Test
    void whatDidNotChangeIsNotStoredAgainAndNobodyWaits() throws Exception {
        AtomicInteger next = new AtomicInteger();
        Waits alone = new Waits();
        runWriters(() -> {
            for (int i = next.getAndIncrement(); i < FILES / PER_DIRECTORY; i = next.getAndIncrement()) {
                fill(i, alone);
            }
        });
        volume.barrier();
        long whole = uploadedBy(volume::checkpoint);
        long nothing = uploadedBy(volume::checkpoint);
        Set<ChunkId> before = chunks();

        FileHandle file = fs.lookup(op(), lookup(fs, "d7"), Name.of("file-7")).handle();
        fs.setattr(op(), file, SetAttributes.ofSize(7));
        volume.barrier();
        long one = uploadedBy(volume::checkpoint);
        Set<ChunkId> anew = chunks();
        anew.removeAll(before);

        Waits meanwhile = new Waits();
        long busy = uploadedBy(() -> writeMeanwhile(meanwhile));
        System.out.printf(
                Locale.ROOT,
                "checkpoint of %d files: %,d bytes; nothing changed: %,d (%.3f %%); one file: %,d (%.3f %%, %d of %d chunks); while %d files were made:"
                        + " %,d. Longest wait of a writer: %.0f ms, before: %.0f ms%n",
                FILES,
                whole,
                nothing,
                100.0 * nothing / whole,
                one,
                100.0 * one / whole,
                anew.size(),
                before.size(),
                meanwhile.count.get(),
                busy,
                meanwhile.longestMillis(),
                alone.longestMillis());
        assertThat(nothing).isLessThan(whole / 100);
        // A row that changed, and the head of the dump: a change may shift a cut, so twice two chunks.
        assertThat(anew).hasSizeBetween(1, 4);
        if (FILES >= 1_000_000) {
            assertThat(one).isLessThan(whole / 100);
        }
        assertThat(meanwhile.count)
                .as("files that were made while the checkpoint was taken")
                .hasPositiveValue();
    }

    private void fill(int directory, Waits waits) throws FsException {
        FileHandle made = fs.create(op(), fs.root(), Name.of("d" + directory), CreateRequest.directory(0755))
                .node()
                .handle();
        for (int i = 0; i < PER_DIRECTORY; i++) {
            waits.create(made, "file-" + i);
        }
    }

    /** Files are made from before a checkpoint until after it. */
    private void writeMeanwhile(Waits waits) throws Exception {
        CountDownLatch begun = new CountDownLatch(WRITERS);
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger writers = new AtomicInteger();
        CompletableFuture<Void> writing = inBackground(() -> runWriters(() -> {
            int writer = writers.getAndIncrement();
            FileHandle made = fs.create(op(), fs.root(), Name.of("new" + writer), CreateRequest.directory(0755))
                    .node()
                    .handle();
            begun.countDown();
            for (int i = 0; !ended.get(); i++) {
                waits.create(made, "file-" + i);
            }
        }));
        begun.await();
        try {
            volume.checkpoint();
        } finally {
            ended.set(true);
        }
        writing.join();
    }

    private static void runWriters(Step step) throws Exception {
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(inBackground(step));
        }
        writers.forEach(CompletableFuture::join);
    }

    private static CompletableFuture<Void> inBackground(Step step) {
        Executor thread = task -> new Thread(task, "writer").start();
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        step.run();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                },
                thread);
    }

    /** How long files took to be made. Thread-safe. */
    private final class Waits {
        final AtomicInteger count = new AtomicInteger();
        private long longestNanos;

        void create(FileHandle directory, String name) throws FsException {
            long begin = System.nanoTime();
            fs.create(op(), directory, Name.of(name), CreateRequest.file(0644));
            note(System.nanoTime() - begin);
        }

        private synchronized void note(long nanos) {
            longestNanos = Math.max(longestNanos, nanos);
            count.incrementAndGet();
        }

        synchronized double longestMillis() {
            return longestNanos / 1e6;
        }
    }
}
