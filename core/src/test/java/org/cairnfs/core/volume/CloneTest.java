package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.SetAttributes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clones share what is stored, are as the source was at one moment, and survive what everything else survives. */
class CloneTest {
    @TempDir
    Path folder;

    private VolumeFixture fixture;
    private CairnVolume volume;
    private FileSystem fs;
    private FileHandle source;
    private FileHandle target;

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, false);
        open();
        fs.endGrace();
        source = createFile(fs, "source");
        target = createFile(fs, "target");
    }

    private void open() throws Exception {
        volume = fixture.open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        fs = volume.fileSystem();
    }

    @AfterEach
    void close() {
        volume.abandon();
    }

    /** Where the bytes of source and target are when the clone is made. */
    enum State {
        JOURNALED,
        STORED,
        /** The first half is stored, and parts of it were written again. */
        MIXED
    }

    private byte[] fill(FileHandle file, State state, int seed, int length) throws Exception {
        byte[] bytes = random(seed, length);
        write(fs, file, 0, bytes);
        if (state != State.JOURNALED) {
            volume.flush(left -> {});
        }
        if (state == State.MIXED) {
            byte[] more = random(seed + 1, length / 4);
            write(fs, file, length / 8, more);
            System.arraycopy(more, 0, bytes, length / 8, more.length);
            fs.deallocate(op(), file, length / 2, length / 4);
            Arrays.fill(bytes, length / 2, length / 2 + length / 4, (byte) 0);
        }
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void aCloneIsTheSourceAsItWas(State state) throws Exception {
        byte[] bytes = fill(source, state, 1, 1_000_000);
        Attributes after = fs.cloneRange(op(), CloneRequest.of(source, 0, target, 0, 0));
        assertThat(after.size()).isEqualTo(1_000_000);
        write(fs, source, 300_000, new byte[100_000]);
        write(fs, target, 600_000, new byte[10]);
        byte[] changed = bytes.clone();
        Arrays.fill(changed, 600_000, 600_010, (byte) 0);

        assertThat(read(fs, target)).isEqualTo(changed);
        Arrays.fill(bytes, 300_000, 400_000, (byte) 0);
        assertThat(read(fs, source)).isEqualTo(bytes);
        volume.flush(left -> {});
        volume.caches().dropMemory();
        assertThat(read(fs, target)).isEqualTo(changed);
        assertThat(read(fs, source)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource
    void aRangeIsClonedToTheByteOverWhatWasThere(State state) throws Exception {
        byte[] bytes = fill(source, state, 1, 300_000);
        byte[] there = fill(target, state, 10, 400_000);
        fs.cloneRange(op(), CloneRequest.of(source, 12_345, target, 101, 250_001));
        System.arraycopy(bytes, 12_345, there, 101, 250_001);
        assertThat(read(fs, target)).isEqualTo(there);

        fs.cloneRange(op(), CloneRequest.of(target, 7, target, 500_000, 399_993));
        byte[] longer = Arrays.copyOf(there, 899_993);
        System.arraycopy(there, 7, longer, 500_000, 399_993);
        assertThat(read(fs, target)).isEqualTo(longer);
        volume.flush(left -> {});
        assertThat(read(fs, target)).isEqualTo(longer);
        assertThat(read(fs, source)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource
    void aCloneIsThereAfterACrash(State state) throws Exception {
        byte[] bytes = fill(source, state, 1, 500_000);
        byte[] there = fill(target, state, 10, 300_000);
        fs.cloneRange(op(), CloneRequest.of(source, 1_000, target, 200_000, 400_000));
        byte[] expected = Arrays.copyOf(there, 600_000);
        System.arraycopy(bytes, 1_000, expected, 200_000, 400_000);
        fs.remove(op(), fs.root(), Name.of("source"), RemoveKind.ANY);
        volume.abandon();
        open();
        assertThat(read(fs, lookup(fs, "target"))).isEqualTo(expected);
        volume.flush(left -> {});
        volume.abandon();
        open();
        assertThat(read(fs, lookup(fs, "target"))).isEqualTo(expected);
        volume.barrier();
        volume.abandon();
        fixture.loseMachine("elsewhere");
        open();
        assertThat(read(fs, lookup(fs, "target"))).isEqualTo(expected);
    }

    /** The source's data is flushed, and what it said in the journal forgotten; the target's is not. */
    @Test
    void theJournalIsKeptForWhatIsUnflushedInTheCloneOnly() throws Exception {
        byte[] bytes = fill(source, State.JOURNALED, 1, 300_000);
        fs.cloneRange(op(), CloneRequest.of(source, 0, target, 0, 0));
        fs.setattr(op(), source, SetAttributes.ofSize(0));
        volume.barrier();
        volume.checkpoint();
        assertThat(read(fs, target)).isEqualTo(bytes);
        volume.abandon();
        open();
        assertThat(read(fs, lookup(fs, "target"))).isEqualTo(bytes);
    }

    @Test
    void whatIsSharedIsStoredOnceAndLivesAsLongAsOneOfThem() throws Exception {
        byte[] bytes = fill(source, State.STORED, 1, 2_000_000);
        long once = volume.statistics().uniqueBytes();
        long stored = fixture.bucketBytes();
        fs.cloneRange(op(), CloneRequest.of(source, 0, target, 0, 0));
        assertThat(fs.getattr(op(), target).used()).isEqualTo(2_000_000);
        volume.flush(left -> {});
        assertThat(volume.statistics().uniqueBytes()).isEqualTo(once);
        assertThat(fixture.bucketBytes() - stored).isLessThan(50_000);
        fs.remove(op(), fs.root(), Name.of("source"), RemoveKind.ANY);
        while (!volume.finishBackgroundWork()) {
            volume.flush(left -> {});
        }
        fs.setattr(op(), target, SetAttributes.ofSize(1_000_000));
        volume.flush(left -> {});
        assertThat(volume.statistics().uniqueBytes()).isBetween(1_000_000L, 1_100_000L);
        assertThat(read(fs, target)).isEqualTo(Arrays.copyOf(bytes, 1_000_000));
        fs.remove(op(), fs.root(), Name.of("target"), RemoveKind.ANY);
        stop(volume);
        open();
        volume.flush(left -> {});
        assertThat(volume.statistics().uniqueBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whatAWholeCloneReplacesIsFreed(State state) throws Exception {
        fill(target, state, 10, 900_000);
        byte[] bytes = fill(source, State.STORED, 1, 1_000_000);
        fs.cloneRange(op(), CloneRequest.of(source, 0, target, 0, 0));
        assertThat(read(fs, target)).isEqualTo(bytes);
        assertThat(fs.getattr(op(), target).used()).isEqualTo(1_000_000);
        stop(volume);
        open();
        volume.flush(left -> {});
        assertThat(volume.statistics().uniqueBytes()).isEqualTo(1_000_000);
        assertThat(read(fs, lookup(fs, "target"))).isEqualTo(bytes);
    }

    @Test
    void holesAreClonedAsHoles() throws Exception {
        write(fs, source, 5_000_000, random(1, 1_000));
        write(fs, target, 0, random(2, 100_000));
        fs.cloneRange(op(), CloneRequest.of(source, 0, target, 0, 0));

        assertThat(fs.seek(op(), target, 0, true)).hasValue(5_000_000);
        assertThat(read(fs, target)).isEqualTo(read(fs, source));
        volume.flush(left -> {});
        assertThat(fs.seek(op(), target, 0, true)).hasValue(5_000_000);
        assertThat(fs.getattr(op(), target).used()).isEqualTo(1_000);
    }

    /** Each of the sources has one byte throughout; a reader must never see two of them. */
    @Test
    void aReaderSeesACloneWholeOrNotAtAll() throws Exception {
        FileHandle other = createFile(fs, "other");
        write(fs, source, 0, filled(1));
        volume.flush(left -> {});
        write(fs, other, 0, filled(2));
        write(fs, target, 0, filled(1));
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                while (!done.get()) {
                    byte[] seen = read(fs, target);
                    assertThat(Arrays.mismatch(seen, filled(seen[0]))).isEqualTo(-1);
                }
            } catch (Exception | AssertionError e) {
                failure.set(e);
            }
        });
        reader.start();
        for (int i = 0; i < 100 && failure.get() == null; i++) {
            fs.cloneRange(op(), CloneRequest.of(i % 2 == 0 ? other : source, 0, target, 0, 0));
            if (i % 10 == 0) {
                volume.flush(left -> {});
            }
        }
        done.set(true);
        reader.join();
        assertThat(failure.get()).isNull();
    }

    /** Short enough for one read, and long enough for several chunks. */
    private static byte[] filled(int value) {
        byte[] bytes = new byte[250_000];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
