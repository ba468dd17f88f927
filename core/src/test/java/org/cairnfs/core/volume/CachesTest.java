package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.volume.ShippingTest.random;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The caches of a volume, resized, dropped and filled while it is in use. */
class CachesTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    private final AtomicInteger gets = new AtomicInteger();
    private CairnVolume volume;
    private FileHandle inside;
    private FileHandle beside;

    @BeforeEach
    void open() throws Exception {
        VolumeFixture fixture = new VolumeFixture(folder, true);
        VolumeOptions options = VolumeOptions.defaults().withCaches(new VolumeOptions.Caches(16 * MIB, 16 * MIB));
        volume = fixture.openOn(
                new ForwardingObjectStore(LocalObjectStore.open(fixture.bucketPath())) {
                    @Override
                    public byte[] get(String key, long offset, int length) throws ObjectStoreException {
                        gets.incrementAndGet();
                        return super.get(key, offset, length);
                    }
                },
                options);
        FileSystem fs = volume.fileSystem();
        FileHandle directory = fs.create(op(), fs.root(), Name.of("directory"), CreateRequest.directory(0755))
                .node()
                .handle();
        FileHandle deeper = fs.create(op(), directory, Name.of("deeper"), CreateRequest.directory(0755))
                .node()
                .handle();
        inside = fs.create(op(), deeper, Name.of("inside"), CreateRequest.file(0644))
                .node()
                .handle();
        beside = createFile(fs, "beside");
        write(fs, inside, 0, random(1, 2_000_000));
        write(fs, beside, 0, random(2, 2_000_000));
        volume.flush(left -> {});
        gets.set(0);
    }

    @AfterEach
    void close() throws Exception {
        stop(volume);
    }

    @Test
    void whatWasWarmedIsReadWithoutTheStore() throws Exception {
        List<Long> progress = new ArrayList<>();
        Warming.Warmed warmed = volume.caches().warm("/directory", progress::add);
        assertThat(warmed).isEqualTo(new Warming.Warmed(1, 2_000_000));
        assertThat(progress).isSorted().last().isEqualTo(2_000_000L);
        assertThat(gets.getAndSet(0)).isPositive();

        volume.caches().dropMemory();
        assertThat(volume.caches().memoryBytes()).isZero();
        assertThat(read(volume.fileSystem(), inside)).isEqualTo(random(1, 2_000_000));
        assertThat(gets.get()).as("from the disk").isZero();
        assertThat(read(volume.fileSystem(), beside)).isEqualTo(random(2, 2_000_000));
        assertThat(gets.getAndSet(0)).as("was not warmed").isPositive();

        assertThat(volume.caches().warm("/beside", bytes -> {}).files()).isEqualTo(1);
        assertThat(gets.get()).as("is there").isZero();
        volume.caches().dropMemory();
        volume.caches().dropDisk();
        assertThat(volume.caches().diskBytes()).isZero();
        assertThat(read(volume.fileSystem(), inside)).isEqualTo(random(1, 2_000_000));
        assertThat(gets.get()).isPositive();
    }

    @Test
    void noAccessTimeChanges() throws Exception {
        long before = volume.fileSystem().getattr(op(), inside).atime();
        volume.caches().warm("/", bytes -> {});
        assertThat(volume.fileSystem().getattr(op(), inside).atime()).isEqualTo(before);
    }

    @Test
    void boundsHoldAtOnce() throws Exception {
        volume.caches().warm("/", bytes -> {});
        assertThat(volume.caches().diskBytes()).isGreaterThan(3 * MIB);
        volume.caches().resizeMemory(MIB);
        volume.caches().resizeDisk(MIB);
        assertThat(volume.caches().memoryBytes()).isLessThanOrEqualTo(MIB);
        assertThat(volume.caches().memoryBound()).isEqualTo(MIB);
        assertThat(volume.caches().diskBytes()).isLessThanOrEqualTo(MIB);
        assertThat(volume.caches().diskBound()).isEqualTo(MIB);
        assertThat(read(volume.fileSystem(), inside)).isEqualTo(random(1, 2_000_000));
        assertThat(volume.caches().memoryBytes()).isLessThanOrEqualTo(MIB);
        volume.caches().resizeMemory(0);
        assertThat(read(volume.fileSystem(), inside)).isEqualTo(random(1, 2_000_000));
        volume.caches().resizeMemory(16 * MIB);
    }

    @Test
    void pathsThatAreNoneAreTold() {
        for (String path : List.of("/nowhere", "/beside/deeper", "/directory/nowhere")) {
            assertThatThrownBy(() -> volume.caches().warm(path, bytes -> {}))
                    .isInstanceOfSatisfying(
                            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        }
        assertThatThrownBy(() -> volume.caches().warm("directory", bytes -> {}))
                .isInstanceOfSatisfying(
                        FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    }
}
