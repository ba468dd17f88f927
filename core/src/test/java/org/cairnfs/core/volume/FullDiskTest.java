package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.journal.JournalFile;
import org.cairnfs.core.journal.JournalFiles;
import org.cairnfs.core.journal.NioJournalFiles;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.testkit.FakeClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A state directory whose disk is small: what the bucket has makes room for what comes. */
class FullDiskTest {
    private static final long MIB = 1L << 20;

    /** What the journal leaves free. */
    private static final long KEPT_FREE = 64 * MIB;

    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void theJournalIsCutShortWhenTheDiskIsFullThoughItIsFarFromItsBound() throws Exception {
        VolumeFixture fixture = new VolumeFixture(folder, false);
        FakeClock clock = new FakeClock();
        VolumeOptions usual = CrashRun.options(clock);
        VolumeOptions options = usual.withJournal(new VolumeOptions.JournalSize(256 * MIB, 16 * MIB));
        CairnVolume volume = CairnVolume.open(
                Buckets.open(LocalObjectStore.open(fixture.bucketPath()), Optional.empty()),
                fixture.state(),
                journal -> new SmallDisk(NioJournalFiles.in(journal), journal, KEPT_FREE + 8 * MIB),
                options,
                bytes -> {});
        FileHandle file = createFile(volume.fileSystem(), "file");
        for (int round = 0; round < 8; round++) {
            write(volume.fileSystem(), file, round * 3L * MIB, new byte[3 << 20]);
            volume.barrier();
            clock.advance(Duration.ofMinutes(10).toNanos()); // nobody sends such old requests again
        }
        assertThat(volume.journal().oldestSequence()).isGreaterThan(1);
        VolumeFixture.stop(volume);
    }

    /** A directory on a disk of which nothing but the journal takes anything. */
    private record SmallDisk(JournalFiles files, Path directory, long size) implements JournalFiles {
        /** What is deleted meanwhile has no length. */
        @Override
        public long usableSpace() throws IOException {
            try (Stream<Path> all = Files.list(directory)) {
                long taken = all.mapToLong(file -> file.toFile().length()).sum();
                return Math.max(0, size - taken);
            }
        }

        @Override
        public List<String> list() throws IOException {
            return files.list();
        }

        @Override
        public JournalFile create(String name) throws IOException {
            return files.create(name);
        }

        @Override
        public JournalFile open(String name) throws IOException {
            return files.open(name);
        }

        @Override
        public void delete(String name) throws IOException {
            files.delete(name);
        }

        @Override
        public void syncDirectory() throws IOException {
            files.syncDirectory();
        }
    }
}
