package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.SetAttributes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole file system on a local bucket: through stop, crash and loss of the local state. */
class CairnVolumeTest {
    @TempDir
    Path folder;

    private VolumeFixture fixture;

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
    }

    @Test
    void whatWasWrittenIsThereAfterAStop() throws Exception {
        byte[] bytes = random(1, 3_000_000);
        CairnVolume volume = fixture.open();
        FileHandle file = createFile(volume.fileSystem(), "big");
        write(volume.fileSystem(), file, 0, bytes);
        assertThat(read(volume.fileSystem(), file)).isEqualTo(bytes);
        stop(volume);

        CairnVolume again = fixture.open();
        assertThat(again.dirtyBytes()).isZero();
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "big"))).isEqualTo(bytes);
        assertThat(again.incarnation()).isGreaterThan(volume.incarnation());
        stop(again);
    }

    @Test
    void whatWasWrittenIsThereAfterACrashWithoutAnyFlush() throws Exception {
        byte[] bytes = random(2, 2_000_000);
        CairnVolume volume = fixture.open();
        FileSystem fs = volume.fileSystem();
        FileHandle file = createFile(fs, "file");
        write(fs, file, 0, bytes);
        fs.setattr(op(), file, SetAttributes.ofSize(1_000_000));
        write(fs, file, 1_500_000, new byte[] {1, 2, 3});
        byte[] expected = Arrays.copyOf(Arrays.copyOf(bytes, 1_000_000), 1_500_003);
        expected[1_500_000] = 1;
        expected[1_500_001] = 2;
        expected[1_500_002] = 3;
        volume.abandon();

        CairnVolume again = fixture.open();
        assertThat(again.dirtyBytes()).isPositive();
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "file"))).isEqualTo(expected);
        stop(again);
    }

    @Test
    void theBucketAloneIsTheFileSystemAfterAStop() throws Exception {
        byte[] bytes = random(3, 500_000);
        CairnVolume volume = fixture.open();
        write(volume.fileSystem(), createFile(volume.fileSystem(), "file"), 0, bytes);
        stop(volume);

        fixture.loseState("elsewhere");
        CairnVolume again = fixture.open();
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "file"))).isEqualTo(bytes);
        write(again.fileSystem(), createFile(again.fileSystem(), "more"), 0, bytes);
        again.abandon();
        CairnVolume third = fixture.open();
        assertThat(read(third.fileSystem(), lookup(third.fileSystem(), "more"))).isEqualTo(bytes);
        stop(third);
    }

    /** What was not known to be answered may come again after a crash, and is answered as before; what was is asked for anew. */
    @Test
    void onlyWhatMayBeUnansweredIsAnsweredAgain() throws Exception {
        CairnVolume volume = fixture.open();
        FileSystem fs = volume.fileSystem();
        Origin answered = new Origin(1, 1, 1, 11);
        Origin missed = new Origin(1, 2, 1, 12);
        mkdir(fs, "answered", answered);
        fs.answered(fs.newestChange());
        long told = fs.newestChange();
        fs.answered(told);
        assertThat(fs.newestChange()).as("nothing is noted twice").isEqualTo(told);
        mkdir(fs, "missed", missed);
        volume.journal().sync(volume.journal().lastSequence());
        volume.abandon();

        CairnVolume again = fixture.open();
        assertThat(again.fileSystem().unansweredOrigins()).containsExactly(missed);
        mkdir(again.fileSystem(), "missed", missed);
        assertThatThrownBy(() -> mkdir(again.fileSystem(), "answered", answered))
                .isInstanceOfSatisfying(
                        FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        stop(again);
    }

    private static void mkdir(FileSystem fs, String name, Origin origin) throws FsException {
        OpContext op = new OpContext(Credentials.ROOT, origin);
        fs.create(op, fs.root(), Name.of(name), CreateRequest.directory(0755));
    }

    @Test
    void aDatabaseThatIsLostIsMadeAgain() throws Exception {
        byte[] bytes = random(4, 500_000);
        CairnVolume volume = fixture.open();
        write(volume.fileSystem(), createFile(volume.fileSystem(), "before"), 0, bytes);
        volume.flush(left -> {});
        write(volume.fileSystem(), createFile(volume.fileSystem(), "after"), 0, bytes);
        volume.abandon();
        try (var files = Files.list(fixture.state().resolve("metadata"))) {
            for (Path file : files.toList()) {
                Files.writeString(file, "garbage");
            }
        }

        CairnVolume again = fixture.open();
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "before")))
                .isEqualTo(bytes);
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "after")))
                .isEqualTo(bytes);
        stop(again);
    }

    @Test
    void equalDataIsStoredOnce() throws Exception {
        byte[] bytes = random(5, 4_000_000);
        CairnVolume volume = fixture.open();
        write(volume.fileSystem(), createFile(volume.fileSystem(), "one"), 0, bytes);
        volume.flush(left -> {});
        long once = fixture.bucketBytes();
        write(volume.fileSystem(), createFile(volume.fileSystem(), "two"), 0, bytes);
        byte[] shifted = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, shifted, 1, bytes.length);
        write(volume.fileSystem(), createFile(volume.fileSystem(), "three"), 0, shifted);
        volume.flush(left -> {});
        assertThat(fixture.bucketBytes() - once).isLessThan(once * 5 / 100);
        assertThat(read(volume.fileSystem(), lookup(volume.fileSystem(), "three")))
                .isEqualTo(shifted);
        stop(volume);
    }

    @Test
    void theBucketShowsNothingPlain() throws Exception {
        byte[] text =
                "a secret sentence, which must not be found. ".repeat(2_000).getBytes(StandardCharsets.UTF_8);
        CairnVolume volume = fixture.open();
        write(volume.fileSystem(), createFile(volume.fileSystem(), "a-telling-name"), 0, text);
        stop(volume);
        for (Path object : fixture.objects("")) {
            String bytes = Files.readString(object, StandardCharsets.ISO_8859_1);
            assertThat(bytes).doesNotContain("secret sentence").doesNotContain("telling-name");
        }
        try (var files = Files.walk(fixture.state())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(bytes)
                        .as(file.toString())
                        .doesNotContain("secret sentence")
                        .doesNotContain("telling-name");
            }
        }
    }

    @Test
    void aFlippedBitIsEioForJustThatFileUntilItIsFlippedBack() throws Exception {
        CairnVolume volume = fixture.open();
        write(volume.fileSystem(), createFile(volume.fileSystem(), "first"), 0, random(6, 200_000));
        volume.flush(left -> {});
        write(volume.fileSystem(), createFile(volume.fileSystem(), "second"), 0, random(7, 200_000));
        stop(volume);

        CairnVolume damaged = fixture.open();
        FileSystem fs = damaged.fileSystem();
        int hit = 0;
        for (Path pack : fixture.objects("pack")) {
            byte[] object = Files.readAllBytes(pack);
            object[500] ^= 1;
            Files.write(pack, object);
            damaged.caches().dropMemory();
            boolean firstFails = fails(fs, "first");
            boolean secondFails = fails(fs, "second");
            assertThat(firstFails && secondFails).isFalse();
            hit += firstFails || secondFails ? 1 : 0;
            object[500] ^= 1;
            Files.write(pack, object);
            assertThat(read(fs, lookup(fs, "first"))).isEqualTo(random(6, 200_000));
            assertThat(read(fs, lookup(fs, "second"))).isEqualTo(random(7, 200_000));
        }
        assertThat(hit).as("objects with data of a file").isEqualTo(2);
        stop(damaged);
    }

    @Test
    void removedFilesLeaveNothingAlive() throws Exception {
        CairnVolume volume = fixture.open();
        FileSystem fs = volume.fileSystem();
        fs.endGrace();
        write(fs, createFile(fs, "file"), 0, random(8, 2_000_000));
        volume.flush(left -> {});
        assertThat(volume.statistics().uniqueBytes()).isEqualTo(2_000_000);
        fs.remove(op(), fs.root(), Name.of("file"), RemoveKind.ANY);
        stop(volume);
        CairnVolume again = fixture.open();
        again.flush(left -> {});
        assertThat(again.statistics().inodes()).isEqualTo(1);
        stop(again);
    }

    @Test
    void aSecondServerIsRefused() throws Exception {
        CairnVolume volume = fixture.open();
        fixture.loseState("other");
        assertThatThrownBy(fixture::open)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.HELD));
        stop(volume);
        stop(fixture.open());
    }

    private static boolean fails(FileSystem fs, String name) throws FsException {
        try {
            read(fs, lookup(fs, name));
            return false;
        } catch (FsException e) {
            assertThat(e.errno()).isEqualTo(Errno.EIO);
            assertThat(e.getMessage()).contains("pack/");
            return true;
        }
    }

    private static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
