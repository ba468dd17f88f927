package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.op;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cairnfs.core.data.flush.FlushSettings;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.testkit.FaultyObjectStore;
import org.cairnfs.core.testkit.FaultyObjectStore.Faults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who writes more than the store takes does not keep barriers from being made. */
class BusyFlusherTest {
    private static final int BOUND = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void barriersAreMadeWhileTheFlusherNeverComesToAnEnd() throws Exception {
        VolumeFixture fixture = new VolumeFixture(folder, false);
        FaultyObjectStore slow = new FaultyObjectStore(
                LocalObjectStore.open(fixture.bucketPath()), 1, new Faults(0, 0, 0, 1, Duration.ofMillis(50)));
        CairnVolume volume = fixture.openOn(
                slow,
                VolumeOptions.defaults()
                        .withBarriers(VolumeFixture.NO_BARRIERS)
                        .withFlush(new FlushSettings(
                                Duration.ofHours(1), Duration.ofHours(1), BOUND, 48L << 20, 1, 1 << 20, 1 << 18, 2)));
        AtomicBoolean ended = new AtomicBoolean();
        CountDownLatch busy = new CountDownLatch(8 * BOUND / FileWriter.BLOCK);
        Thread writer = new Thread(new FileWriter(volume, ended, busy), "writer");
        writer.start();
        try {
            busy.await();
            for (int i = 0; i < 3; i++) {
                long before = volume.shipping().sequence();
                CompletableFuture<Void> barrier = CompletableFuture.runAsync(
                        () -> {
                            try {
                                volume.barrier();
                            } catch (VolumeException e) {
                                throw new AssertionError(e);
                            }
                        },
                        task -> new Thread(task, "barrier").start());
                barrier.get(60, TimeUnit.SECONDS);
                assertThat(volume.shipping().sequence()).isGreaterThan(before);
            }
            assertThat(writer.isAlive()).isTrue();
        } finally {
            ended.set(true);
            writer.join();
            volume.abandon();
        }
    }

    /** Overwrites a file again and again, with something else each time. */
    private record FileWriter(CairnVolume volume, AtomicBoolean ended, CountDownLatch busy) implements Runnable {
        static final int BLOCK = 1 << 16;

        @Override
        public void run() {
            try {
                FileHandle file = createFile(volume.fileSystem(), "file");
                Random random = new Random(1);
                byte[] bytes = new byte[BLOCK];
                for (int i = 0; !ended.get(); i++) {
                    random.nextBytes(bytes);
                    try {
                        volume.fileSystem().write(op(), file, i % 64 * (long) BLOCK, ByteBuffer.wrap(bytes));
                    } catch (FsException e) {
                        assertThat(e.errno()).isEqualTo(Errno.EAGAIN);
                    }
                    busy.countDown();
                }
            } catch (FsException e) {
                throw new AssertionError(e);
            }
        }
    }
}
