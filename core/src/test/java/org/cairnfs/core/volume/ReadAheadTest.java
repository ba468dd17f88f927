package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.ShippingTest.random;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading from a store that is far away: few requests, several at the same time, nothing twice. */
class ReadAheadTest {
    private static final int SIZE = 16 << 20;
    private static final int REQUEST = 128 << 10;
    private static final int LATENCY_MILLIS = 50;

    @TempDir
    Path folder;

    private VolumeFixture fixture;
    private byte[] bytes;
    private FileHandle file;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong fetched = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
        bytes = random(1, SIZE);
        CairnVolume volume = fixture.open();
        file = createFile(volume.fileSystem(), "file");
        write(volume.fileSystem(), file, 0, bytes);
        stop(volume);
    }

    private ObjectStore farAway() throws Exception {
        return new ForwardingObjectStore(LocalObjectStore.open(fixture.bucketPath())) {
            @Override
            public byte[] get(String key, long offset, int length) throws ObjectStoreException {
                requests.incrementAndGet();
                fetched.addAndGet(length);
                mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                try {
                    TimeUnit.MILLISECONDS.sleep(LATENCY_MILLIS); // this is what is tested
                    return super.get(key, offset, length);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new ObjectStoreException(ObjectStoreException.Kind.TRANSIENT, "interrupted", e);
                } finally {
                    underWay.decrementAndGet();
                }
            }
        };
    }

    @Test
    void aSequentialReaderDoesNotWaitForEachRequest() throws Exception {
        CairnVolume volume = fixture.openOn(farAway(), VolumeOptions.defaults());
        long begin = System.nanoTime();
        ByteBuffer all = ByteBuffer.allocate(SIZE);
        while (all.hasRemaining()) {
            ReadResult part = volume.fileSystem().read(op(), file, all.position(), REQUEST);
            part.pieces().forEach(all::put);
        }
        long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertThat(all.array()).isEqualTo(bytes);
        assertThat(requests.get()).as("requests, of a megabyte or so each").isLessThan(SIZE / (512 << 10));
        assertThat(fetched.get()).as("nothing is fetched twice").isLessThan(SIZE + SIZE / 20);
        assertThat(mostUnderWay.get()).as("at the same time").isGreaterThan(1);
        // Asked for one after the other, its requests would have taken as long as their latencies together.
        long chunkByChunk = (SIZE / (16 << 10)) * (long) LATENCY_MILLIS;
        assertThat(elapsed).isLessThan(chunkByChunk / 10);
        volume.abandon();
    }

    /** What a request for a large range needs is fetched together. */
    @Test
    void aLargeReadIsFetchedAtOnce() throws Exception {
        CairnVolume volume = fixture.openOn(farAway(), VolumeOptions.defaults());
        ReadResult result = volume.fileSystem().read(op(), file, 10 << 20, 1 << 20);
        byte[] found = new byte[1 << 20];
        ByteBuffer into = ByteBuffer.wrap(found);
        result.pieces().forEach(into::put);
        assertThat(found).isEqualTo(Arrays.copyOfRange(bytes, 10 << 20, 11 << 20));
        assertThat(requests.get()).isLessThanOrEqualTo(4);
        volume.abandon();
    }

    /** Whoever reads here and there fetches what he reads, and little else. */
    @Test
    void aRandomReaderFetchesWhatHeReads() throws Exception {
        CairnVolume volume = fixture.openOn(farAway(), VolumeOptions.defaults());
        FileSystem fs = volume.fileSystem();
        for (int i = 0; i < 20; i++) {
            int offset = (int) ((i * 7_919L * 1_048_573L) % (SIZE - 4_096));
            ReadResult result = fs.read(op(), file, offset, 4_096);
            ByteBuffer into = ByteBuffer.allocate(4_096);
            result.pieces().forEach(into::put);
            assertThat(into.array()).isEqualTo(Arrays.copyOfRange(bytes, offset, offset + 4_096));
        }
        assertThat(fetched.get()).isLessThan(SIZE / 4);
        volume.abandon();
    }

    /** The caches are small: what is read ahead does not push out what was read ahead. */
    @Test
    void aSmallCacheIsEnough() throws Exception {
        VolumeOptions small = VolumeOptions.defaults().withCaches(new VolumeOptions.Caches(8 << 20, 0));
        CairnVolume volume = fixture.openOn(farAway(), small);
        assertThat(read(volume.fileSystem(), file)).isEqualTo(bytes);
        assertThat(fetched.get()).isLessThan(SIZE + SIZE / 10);
        volume.abandon();
    }
}
