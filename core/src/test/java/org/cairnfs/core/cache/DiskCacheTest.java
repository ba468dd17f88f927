package org.cairnfs.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the folder is what is counted, and never more than the bound. */
class DiskCacheTest {
    private static final int BOUND = 10_000;

    @TempDir
    private Path home;

    private Path directory;
    private DiskCache cache;

    @BeforeEach
    void open() throws IOException {
        directory = home.resolve("cache");
        cache = new DiskCache(directory, BOUND);
    }

    private static byte[] frame(long chunk, int length) {
        byte[] bytes = new byte[length];
        new Random(chunk).nextBytes(bytes);
        return bytes;
    }

    /** Bytes of the files. */
    private long onDisk() throws IOException {
        long bytes = 0;
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    @Test
    void whatWasPutIsThere() throws IOException {
        cache.put(1, frame(1, 500));
        cache.put(-1, frame(-1, 600));
        assertThat(cache.get(1)).contains(frame(1, 500));
        assertThat(cache.get(-1)).contains(frame(-1, 600));
        assertThat(cache.get(2)).isEmpty();
        assertThat(cache.bytes()).isEqualTo(1100).isEqualTo(onDisk());
    }

    @Test
    void theBoundHoldsInBytesOfFiles() throws IOException {
        for (long chunk = 0; chunk < 200; chunk++) {
            cache.put(chunk, frame(chunk, 300 + (int) chunk));
            assertThat(onDisk()).isLessThanOrEqualTo(BOUND).isEqualTo(cache.bytes());
        }
        assertThat(cache.bytes()).isPositive();
        cache.put(1000, frame(1000, BOUND + 1));
        assertThat(cache.get(1000)).as("larger than all of it").isEmpty();
        assertThat(onDisk()).isLessThanOrEqualTo(BOUND);
    }

    @Test
    void aSmallerBoundTakesEffectAtOnce() throws IOException {
        for (long chunk = 0; chunk < 10; chunk++) {
            cache.put(chunk, frame(chunk, 900));
        }
        cache.resize(2000);
        assertThat(cache.maxBytes()).isEqualTo(2000);
        assertThat(onDisk()).isLessThanOrEqualTo(2000).isEqualTo(cache.bytes());
        cache.resize(0);
        assertThat(onDisk()).isZero();
    }

    @Test
    void aRestartFindsWhatWasThereWithinTheNewBound() throws IOException {
        for (long chunk = 0; chunk < 10; chunk++) {
            cache.put(chunk, frame(chunk, 900));
        }
        DiskCache again = new DiskCache(directory, BOUND);
        assertThat(again.bytes()).isEqualTo(9000);
        assertThat(again.get(7)).contains(frame(7, 900));
        DiskCache smaller = new DiskCache(directory, 3000);
        assertThat(onDisk()).isLessThanOrEqualTo(3000).isEqualTo(smaller.bytes());
    }

    @Test
    void whatIsForgottenLeavesNoFile() throws IOException {
        cache.put(1, frame(1, 500));
        cache.put(2, frame(2, 500));
        cache.drop(1);
        assertThat(cache.get(1)).isEmpty();
        assertThat(onDisk()).isEqualTo(500);
        cache.clear();
        assertThat(onDisk()).isZero();
    }

    @Test
    void aFileThatSomeoneDeletedIsJustNotThere() throws IOException {
        cache.put(1, frame(1, 500));
        Files.delete(directory.resolve("1"));
        assertThat(cache.get(1)).isEmpty();
        cache.put(1, frame(1, 500));
        assertThat(cache.get(1)).contains(frame(1, 500));
    }

    @Test
    void filesThatAreNotItsOwnAreLeftAlone() throws IOException {
        Files.writeString(directory.resolve("README"), "mine");
        DiskCache again = new DiskCache(directory, BOUND);
        assertThat(again.bytes()).isZero();
        again.clear();
        assertThat(directory.resolve("README")).hasContent("mine");
    }

    @Test
    void nobodyElseMayLook() throws IOException {
        cache.put(1, frame(1, 500));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("1"))))
                .isEqualTo("rw-------");
    }

    @Test
    void manyThreadsLeaveNoFileBehindThatIsNotCounted() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                Random random = new Random(thread);
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        long chunk = random.nextInt(40);
                        cache.put(chunk, frame(chunk, 700));
                        cache.get(random.nextInt(40))
                                .ifPresent(bytes -> assertThat(bytes.length).isLessThanOrEqualTo(700));
                        if (i % 50 == 0) {
                            cache.drop(random.nextInt(40));
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(cache.bytes()).isLessThanOrEqualTo(BOUND);
        assertThat(onDisk()).isLessThanOrEqualTo(cache.bytes());
    }
}
