package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bucket follows the file system barrier by barrier, and is enough to go on from any of them. */
class ShippingTest {
    @TempDir
    Path folder;

    private VolumeFixture fixture;

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
    }

    /** No barrier but those that are asked for. */
    private CairnVolume open() throws Exception {
        return fixture.open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
    }

    private CairnVolume crashAndLose(CairnVolume volume, String state) throws Exception {
        volume.abandon();
        fixture.loseMachine(state);
        return open();
    }

    /** A machine with nothing but the bucket has the file as it was at the last barrier. */
    private void assertRebuilt(CairnVolume volume, byte[] bytes) throws Exception {
        CairnVolume again = crashAndLose(volume, "elsewhere");
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "file"))).isEqualTo(bytes);
        stop(again);
    }

    @Test
    void whatIsDirtyAndLittleTravelsInline() throws Exception {
        CairnVolume volume = open();
        FileSystem fs = volume.fileSystem();
        byte[] bytes = random(1, 10_000);
        FileHandle file = createFile(fs, "file");
        write(fs, file, 0, bytes);
        volume.barrier();
        assertThat(volume.dirtyBytes()).isEqualTo(10_000);
        assertThat(fixture.objects("pack")).isEmpty();
        assertThat(fixture.objects("log")).hasSize(1);
        write(fs, file, 4_000, random(2, 10_000));
        createFile(fs, "later");

        CairnVolume again = crashAndLose(volume, "elsewhere");
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "file"))).isEqualTo(bytes);
        assertThatThrownBy(() -> lookup(again.fileSystem(), "later"))
                .isInstanceOfSatisfying(
                        FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        stop(again);
    }

    @Test
    void whatIsDirtyAndMuchIsFlushedAsItWas() throws Exception {
        CairnVolume volume = open();
        FileSystem fs = volume.fileSystem();
        FileHandle file = createFile(fs, "file");
        byte[] bytes = random(3, 3_000_000);
        write(fs, file, 0, bytes);
        volume.flush(left -> {});
        write(fs, file, 1_000_000, random(4, 500_000));
        System.arraycopy(random(4, 500_000), 0, bytes, 1_000_000, 500_000);
        volume.barrier();
        write(fs, file, 0, random(5, 3_000_000));
        fs.setattr(op(), file, SetAttributes.ofSize(7));
        volume.journal().sync(volume.journal().lastSequence());

        assertRebuilt(volume, bytes);
    }

    @Test
    void aTruncationThatIsNotFlushedIsThere() throws Exception {
        CairnVolume volume = open();
        FileSystem fs = volume.fileSystem();
        FileHandle file = createFile(fs, "file");
        byte[] bytes = random(6, 600_000);
        write(fs, file, 0, bytes);
        volume.flush(left -> {});
        fs.setattr(op(), file, SetAttributes.ofSize(100_000));
        fs.setattr(op(), file, SetAttributes.ofSize(200_000));
        volume.barrier();

        assertRebuilt(volume, Arrays.copyOf(Arrays.copyOf(bytes, 100_000), 200_000));
    }

    @Test
    void nothingIsShippedWhenNothingChanged() throws Exception {
        CairnVolume volume = open();
        createFile(volume.fileSystem(), "file");
        volume.barrier();
        List<Path> objects = fixture.objects("");
        volume.barrier();
        volume.barrier();
        assertThat(fixture.objects("")).isEqualTo(objects);
        assertThat(volume.shipping().behind()).isZero();
        createFile(volume.fileSystem(), "another");
        assertThat(volume.shipping().behind()).isPositive();
        volume.abandon();
    }

    @Test
    void aRebuiltFileSystemGoesOnAndIsRebuiltAgain() throws Exception {
        CairnVolume volume = open();
        createFile(volume.fileSystem(), "first");
        volume.barrier();
        CairnVolume second = crashAndLose(volume, "second");
        write(second.fileSystem(), createFile(second.fileSystem(), "second"), 0, random(7, 200_000));
        second.abandon();
        CairnVolume resumed = open();
        assertThat(read(resumed.fileSystem(), lookup(resumed.fileSystem(), "second")))
                .isEqualTo(random(7, 200_000));
        resumed.barrier();
        resumed.checkpoint();
        createFile(resumed.fileSystem(), "third");
        resumed.barrier();
        CairnVolume third = crashAndLose(resumed, "third");
        lookup(third.fileSystem(), "first");
        lookup(third.fileSystem(), "third");
        assertThat(read(third.fileSystem(), lookup(third.fileSystem(), "second")))
                .isEqualTo(random(7, 200_000));
        stop(third);
    }

    /** A checkpoint behind the newest barrier is of a past that a rebuild did not go back to. */
    @Test
    void aCheckpointThatARebuildLeftBehindIsNeverUsed() throws Exception {
        CairnVolume volume = open();
        createFile(volume.fileSystem(), "first");
        volume.barrier();
        createFile(volume.fileSystem(), "lost");
        volume.checkpoint();
        CairnVolume second = crashAndLose(volume, "second");
        for (int i = 0; i < 20; i++) {
            createFile(second.fileSystem(), "second-" + i);
        }
        second.barrier();
        CairnVolume third = crashAndLose(second, "third");
        lookup(third.fileSystem(), "second-19");
        assertThatThrownBy(() -> lookup(third.fileSystem(), "lost")).isInstanceOf(FsException.class);
        stop(third);
    }

    @Test
    void aStateThatAnotherServerLeftBehindIsParked() throws Exception {
        CairnVolume volume = open();
        createFile(volume.fileSystem(), "shipped");
        volume.barrier();
        createFile(volume.fileSystem(), "not-shipped");
        Path first = fixture.state();
        CairnVolume second = crashAndLose(volume, "second");
        createFile(second.fileSystem(), "by-second");
        stop(second);

        fixture.useState(first);
        CairnVolume back = open();
        lookup(back.fileSystem(), "shipped");
        lookup(back.fileSystem(), "by-second");
        assertThatThrownBy(() -> lookup(back.fileSystem(), "not-shipped")).isInstanceOf(FsException.class);
        try (var parked = Files.list(first.resolve("diverged"))) {
            assertThat(parked.map(state -> state.resolve("journal")))
                    .singleElement()
                    .satisfies(journal -> assertThat(journal).isDirectory());
        }
        stop(back);
    }

    @Test
    void aMissingLogObjectIsSaid() throws Exception {
        CairnVolume volume = open();
        for (String name : List.of("a", "b", "c")) {
            createFile(volume.fileSystem(), name);
            volume.barrier();
        }
        volume.abandon();
        fixture.loseMachine("elsewhere");
        Files.delete(fixture.objects("log").get(1));
        assertThatThrownBy(this::open).isInstanceOf(VolumeException.class).hasMessageContaining("log/");
    }

    @Test
    void aRebuildThatWasBrokenOffIsBegunAnew() throws Exception {
        CairnVolume volume = open();
        write(volume.fileSystem(), createFile(volume.fileSystem(), "file"), 0, random(8, 400_000));
        volume.barrier();
        volume.abandon();
        fixture.loseMachine("elsewhere");
        open().abandon();
        Files.createFile(fixture.state().resolve("rebuilding"));
        try (var files = Files.list(fixture.state().resolve("metadata"))) {
            for (Path file : files.toList()) {
                Files.writeString(file, "half");
            }
        }
        CairnVolume again = open();
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "file"))).isEqualTo(random(8, 400_000));
        stop(again);
    }

    @Test
    void aCommitWaitsForTheBucketWhereThatIsWanted() throws Exception {
        CairnVolume volume = fixture.open(
                VolumeOptions.defaults().withBarriers(new VolumeOptions.Barriers(Duration.ofDays(1), true)));
        FileSystem fs = volume.fileSystem();
        FileHandle file = createFile(fs, "file");
        write(fs, file, 0, random(9, 100_000));
        fs.commit(op(), file);
        createFile(fs, "not-committed");
        assertRebuilt(volume, random(9, 100_000));
    }

    @Test
    void aFileThatWasOpenAndRemovedIsPurgedAfterARebuild() throws Exception {
        CairnVolume volume = open();
        FileSystem fs = volume.fileSystem();
        FileHandle file = createFile(fs, "file");
        write(fs, file, 0, random(10, 100_000));
        fs.pin(file);
        fs.remove(op(), fs.root(), Name.of("file"), RemoveKind.ANY);
        volume.barrier();
        CairnVolume again = crashAndLose(volume, "elsewhere");
        again.fileSystem().endGrace();
        again.flush(left -> {});
        assertThat(again.statistics().inodes()).isEqualTo(1);
        stop(again);
    }

    /** A damaged object costs the files that it holds a part of, and not what is written beside it. */
    @Test
    void whatIsWrittenBesideADamagedChunkIsShipped() throws Exception {
        CairnVolume volume = open();
        FileSystem fs = volume.fileSystem();
        FileHandle file = createFile(fs, "file");
        write(fs, file, 0, random(11, 300_000));
        volume.flush(left -> {});
        stop(volume);
        for (Path pack : fixture.objects("pack")) {
            Files.delete(pack);
        }
        CairnVolume again = open();
        write(again.fileSystem(), file, 150_000, random(12, 50_000));
        FileHandle other = createFile(again.fileSystem(), "other");
        write(again.fileSystem(), other, 0, random(13, 50_000));
        again.barrier();
        again.flush(left -> {});
        assertThat(again.dirtyBytes()).isZero();
        CairnVolume rebuilt = crashAndLose(again, "rebuilt");
        assertThat(read(rebuilt.fileSystem(), other)).isEqualTo(random(13, 50_000));
        stop(rebuilt);
    }

    @Test
    void aRebuildFetchesEachLogObjectOnce() throws Exception {
        CairnVolume volume = open();
        for (int i = 0; i < 50; i++) {
            createFile(volume.fileSystem(), "file-" + i);
            volume.barrier();
        }
        volume.abandon();
        fixture.loseMachine("elsewhere");
        Map<String, Integer> gets = new ConcurrentHashMap<>();
        CairnVolume again = fixture.openOn(
                new ForwardingObjectStore(LocalObjectStore.open(fixture.bucketPath())) {
                    @Override
                    public byte[] get(String key, int maxLength) throws ObjectStoreException {
                        gets.merge(key, 1, Integer::sum);
                        return super.get(key, maxLength);
                    }
                },
                VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        lookup(again.fileSystem(), "file-49");
        gets.keySet().removeIf(key -> !key.startsWith("log/"));
        assertThat(gets).hasSize(50);
        assertThat(gets.values().stream().mapToInt(Integer::intValue).sum())
                .as("only the newest two are looked at more often, before")
                .isLessThanOrEqualTo(50 + 4);
        again.abandon();
    }

    static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
