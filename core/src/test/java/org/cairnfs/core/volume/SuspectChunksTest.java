package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that turned out to be damaged is never taken for a copy of what is written later. */
class SuspectChunksTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;

    @Test
    void equalDataIsStoredAgainOnceTheFirstCopyWasFoundDamaged() throws Exception {
        VolumeFixture fixture = new VolumeFixture(folder, true);
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        CairnVolume volume = fixture.open();
        write(volume.fileSystem(), createFile(volume.fileSystem(), "first"), 0, bytes);
        assertThat(read(volume.fileSystem(), lookup(volume.fileSystem(), "first")))
                .isEqualTo(bytes);
        stop(volume);
        for (Path pack : fixture.objects("pack")) {
            byte[] object = Files.readAllBytes(pack);
            // the last chunk may be of one byte: its nonce and its tag make it longer than a step
            for (int at = 200; at < object.length; at += 16) {
                object[at] ^= 1;
            }
            Files.write(pack, object);
        }

        CairnVolume damaged = fixture.open();
        FileSystem fs = damaged.fileSystem();
        long chunks = damaged.statistics().chunks();
        findDamage(damaged, bytes.length);
        write(fs, createFile(fs, "second"), 0, bytes);
        damaged.flush(left -> {});
        damaged.caches().dropMemory();
        assertThat(damaged.statistics().chunks()).isEqualTo(2 * chunks);
        assertThat(read(fs, lookup(fs, "second"))).isEqualTo(bytes);
        assertThatThrownBy(() -> read(fs, lookup(fs, "first"))).isInstanceOf(FsException.class);
        stop(damaged);
    }

    /**
     * Reads at each place of the file and its last byte, as the last chunk may be shorter than a step; each chunk that is damaged is noted, in
     * the background, in a journal record of its own.
     */
    private static void findDamage(CairnVolume volume, int length) throws Exception {
        FileSystem fs = volume.fileSystem();
        long chunks = volume.statistics().chunks();
        long before = volume.journal().lastSequence();
        for (int at = 0; at < length + 999; at += 1_000) {
            int from = Math.min(at, length - 1);
            assertThatThrownBy(() -> fs.read(VolumeFixture.op(), lookup(fs, "first"), from, 1))
                    .isInstanceOf(FsException.class);
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (volume.journal().lastSequence() < before + chunks) {
            assertThat(System.nanoTime()).as("damage is noted in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
