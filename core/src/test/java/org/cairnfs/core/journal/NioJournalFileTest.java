package org.cairnfs.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gathering writes by position, and interrupts. */
class NioJournalFileTest {
    @TempDir
    Path directory;

    @Test
    void writesGatherAndReadsEndAtTheEnd() throws Exception {
        NioJournalFiles files = NioJournalFiles.in(directory);
        try (JournalFile file = files.create("a")) {
            file.write(10, ByteBuffer.wrap(new byte[] {1}), ByteBuffer.allocate(0), ByteBuffer.wrap(new byte[] {2, 3}));
            file.write(11, ByteBuffer.wrap(new byte[] {9}));
            assertThat(file.size()).isEqualTo(13);
            ByteBuffer back = ByteBuffer.allocate(5);
            assertThat(file.read(10, back)).isEqualTo(3);
            assertThat(back.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 9, 3}));
            assertThat(file.read(13, ByteBuffer.allocate(1))).isZero();
            file.truncate(11);
            file.force(true);
            assertThat(file.size()).isEqualTo(11);
        }
        assertThat(files.list()).containsExactly("a");
        assertThatThrownBy(() -> files.create("a")).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void theRoomOfTheDiskIsAskedWithoutReadingTheTableOfMounts() throws Exception {
        Path counts = Path.of("/proc/thread-self/io");
        assumeThat(counts).exists();
        NioJournalFiles files = NioJournalFiles.in(directory);
        assertThat(files.usableSpace()).isPositive();
        long before = bytesRead(counts);
        long once = bytesRead(counts) - before;
        for (int i = 0; i < 100; i++) {
            files.usableSpace();
        }
        assertThat(bytesRead(counts) - before - 2 * once)
                .isLessThan(100 * 20); // A table of mounts is longer than that.
    }

    /** By read(2) of this thread, this look at them included. */
    private static long bytesRead(Path counts) throws IOException {
        return Files.readAllLines(counts).stream()
                .filter(line -> line.startsWith("rchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length())))
                .sum();
    }

    @Test
    void anInterruptOfOneThreadClosesTheFileForNobody() throws Exception {
        NioJournalFiles files = NioJournalFiles.in(directory);
        JournalFile file = files.create("a");
        CountDownLatch running = new CountDownLatch(1);
        boolean[] stillInterrupted = new boolean[1];
        Thread writer = new Thread(() -> {
            try {
                for (long at = 0; at < 1 << 20 || !Thread.currentThread().isInterrupted(); at += 512) {
                    file.write(at % (1 << 20), ByteBuffer.wrap(new byte[512]), ByteBuffer.wrap(new byte[1]));
                    running.countDown();
                }
                stillInterrupted[0] = Thread.currentThread().isInterrupted();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.start();
        running.await();
        writer.interrupt();
        writer.join();
        assertThat(stillInterrupted[0]).isTrue();
        assertThat(file.size()).isEqualTo((1 << 20) + 1);
        file.close();
        assertThatThrownBy(file::size).isInstanceOf(ClosedChannelException.class);
    }
}
