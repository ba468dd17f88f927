package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.cairnfs.core.data.flush.FlushSettings;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.testkit.FaultyObjectStore;
import org.cairnfs.core.testkit.FaultyObjectStore.Faults;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The store is away, or full, under load: what is cached is read, writers wait at the bound, nothing is lost. */
class OutageTest {
    private static final int BOUND = 4 << 20;
    private static final int BLOCK = 1 << 20;

    @TempDir
    Path folder;

    private VolumeFixture fixture;
    private FaultyObjectStore store;

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, false);
        store = new FaultyObjectStore(LocalObjectStore.open(fixture.bucketPath()), 1, Faults.NONE);
    }

    private static VolumeOptions options() {
        FlushSettings usual = FlushSettings.defaults();
        return VolumeOptions.defaults()
                .withFlush(new FlushSettings(
                        usual.idle(), usual.age(), BOUND, usual.dirtyHeap(), 2, usual.encodeMemory(), 1 << 20, 3));
    }

    static Stream<Arguments> outages() {
        BiConsumer<FaultyObjectStore, Boolean> away = FaultyObjectStore::away;
        BiConsumer<FaultyObjectStore, Boolean> full = FaultyObjectStore::full;
        return Stream.of(Arguments.of(away, "the store is away"), Arguments.of(full, "the bucket is full"));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void writersWaitReadersGoOnAndEverythingDrains(BiConsumer<FaultyObjectStore, Boolean> outage, String why)
            throws Exception {
        byte[] cached = bytes(1, 2 * BLOCK);
        byte[] written = bytes(2, 16 * BLOCK);
        CairnVolume volume = fixture.openOn(store, options());
        FileSystem fs = volume.fileSystem();
        FileHandle before = createFile(fs, "before");
        write(fs, before, 0, cached);
        volume.flush(left -> {});
        assertThat(read(fs, before)).isEqualTo(cached);

        long packs = volume.packStatistics().count();
        outage.accept(store, true);
        FileHandle during = createFile(fs, "during");
        int done = 0;
        FsException refused = null;
        while (refused == null) {
            int from = done;
            refused = catchThrowableOfType(
                    FsException.class, () -> write(fs, during, from, Arrays.copyOfRange(written, from, from + BLOCK)));
            done += refused == null ? BLOCK : 0;
            assertThat(done).as("the bound holds").isLessThanOrEqualTo(BOUND);
        }
        assertThat(refused.errno()).as("the client is told to come again").isEqualTo(Errno.EAGAIN);
        assertThat(done).as("it was written up to the bound").isGreaterThanOrEqualTo(BOUND - BLOCK);
        assertThat(volume.flushFailure())
                .as("status says what is wrong")
                .hasValueSatisfying(failure -> assertThat(failure).contains(why));
        assertThat(read(fs, before)).as("what is cached is read").isEqualTo(cached);
        assertThat(read(fs, during)).hasSizeGreaterThanOrEqualTo(done);
        assertThat(createFile(fs, "metadata is local")).isNotNull();
        assertThat(store.injected()).isPositive();
        assertThat(volume.packStatistics().count())
                .as("what could not be put is not counted")
                .isEqualTo(packs);

        outage.accept(store, false);
        while (done < written.length) { // as a client that comes again
            int from = done;
            FsException again = catchThrowableOfType(
                    FsException.class, () -> write(fs, during, from, Arrays.copyOfRange(written, from, from + BLOCK)));
            done += again == null ? BLOCK : 0;
        }
        volume.flush(left -> {});
        assertThat(volume.dirtyBytes()).isZero();
        assertThat(volume.flushFailure()).isEmpty();
        stop(volume);

        fixture.loseState("elsewhere");
        CairnVolume again = fixture.open();
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "before")))
                .isEqualTo(cached);
        assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "during")))
                .isEqualTo(written);
        assertThat(again.fileSystem().lookup(op(), again.fileSystem().root(), Name.of("metadata is local")))
                .isNotNull();
        stop(again);
    }

    private static byte[] bytes(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
