package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.gc.GcListener;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.junit.jupiter.api.Test;

/** What was dirty at the moment to which a file system goes back is kept, although the rows of that moment do not know its packs. */
class MomentRestoreDirtyTest extends PastOfAVolume {
    /** What was dirty at the moment is in packs that the rows of the moment do not know yet, and those of the present do. */
    @Test
    void whatWasDirtyAtTheMomentSurvivesTheCollector() throws Exception {
        byte[] bytes = random(300_000);
        CairnVolume volume = openWhereItIsWrittenToDuringTheBarrier(bytes);
        final Instant dirty = barrier(volume);
        remove(volume.fileSystem(), "dirty");
        barrier(volume);
        stop(volume);

        goBack("back", dirty);
        dropThePast();
        assertThatItIsThere("rebuilt", bytes);
    }

    /** The same at the newest moment: its packs are in no rows at all. */
    @Test
    void whatWasDirtyAtTheNewestMomentSurvivesTheCollector() throws Exception {
        byte[] bytes = random(300_000);
        CairnVolume volume = openWhereItIsWrittenToDuringTheBarrier(bytes);
        Instant newest = barrier(volume);
        volume.abandon();

        goBack("back", newest, options().withTakeOver());
        dropThePast();
        assertThatItIsThere("rebuilt", bytes);
    }

    /** A restore point of before knows the pack of what was dirty by its number, so it must keep that. */
    @Test
    void whatWasDirtyAtTheMomentStaysInRestorePoints() throws Exception {
        byte[] bytes = random(300_000);
        CairnVolume volume = openWhereItIsWrittenToDuringTheBarrier(bytes);
        final Instant dirty = barrier(volume);
        volume.checkpoint();
        put(volume.fileSystem(), "small", "small");
        final Instant point = barrier(volume);
        volume.collector().tick();
        stop(volume);

        goBack("back", dirty);
        CairnVolume back = open();
        remove(back.fileSystem(), "dirty");
        back.finishBackgroundWork();
        barrier(back);
        back.collectGarbage(GcRequest.WHOLE, GcListener.NONE);
        for (int day = 0; day < 3; day++) {
            clock.advance(Duration.ofDays(1));
            back.checkpoint();
            put(back.fileSystem(), "day " + day, "day");
            barrier(back);
            back.collectGarbage(GcRequest.WHOLE, GcListener.NONE);
        }
        stop(back);
        goBack("forth", point);
        assertThatItIsThere("rebuilt", bytes);
    }

    /** While the first barrier flushes a file, another one is written, so that it is dirty at that barrier. */
    private CairnVolume openWhereItIsWrittenToDuringTheBarrier(byte[] bytes) throws Exception {
        AtomicReference<Runnable> atFirstPack = new AtomicReference<>();
        CairnVolume volume = fixture.openOn(
                new ForwardingObjectStore(LocalObjectStore.open(fixture.bucketPath())) {
                    @Override
                    public void put(String key, ByteBuffer... body) throws ObjectStoreException {
                        if (key.startsWith(BucketLayout.PACKS)) {
                            atFirstPack.getAndSet(() -> {}).run();
                        }
                        super.put(key, body);
                    }
                },
                options());
        FileSystem fs = volume.fileSystem();
        fs.endGrace();
        write(fs, createFile(fs, "flushed"), 0, random(20_000));
        atFirstPack.set(() -> {
            try {
                write(fs, createFile(fs, "dirty"), 0, bytes);
            } catch (FsException e) {
                throw new IllegalStateException(e);
            }
        });
        return volume;
    }

    /** Everything but the present goes, as if the window had passed. */
    private void dropThePast() throws Exception {
        CairnVolume volume = open();
        volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        put(volume.fileSystem(), "later", "later");
        barrier(volume);
        volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        stop(volume);
    }

    private void assertThatItIsThere(String state, byte[] bytes) throws Exception {
        fixture.loseState(state);
        CairnVolume rebuilt = open();
        assertThat(read(rebuilt.fileSystem(), lookup(rebuilt.fileSystem(), "dirty")))
                .isEqualTo(bytes);
        stop(rebuilt);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
