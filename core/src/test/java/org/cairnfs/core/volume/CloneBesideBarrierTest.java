package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is cloned after the moment of a barrier, while that is made, is not in it. */
class CloneBesideBarrierTest {
    @TempDir
    Path folder;

    /** Something that has to happen while the store is asked for a part of an object: once each time it is set. */
    private final AtomicReference<Step> onRead = new AtomicReference<>();

    private interface Step {
        void run() throws Exception;
    }

    private final class Store extends ForwardingObjectStore {
        Store(ObjectStore store) {
            super(store);
        }

        @Override
        public byte[] get(String key, long offset, int length) throws ObjectStoreException {
            Step step = onRead.getAndSet(null);
            if (step != null) {
                try {
                    step.run();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
            return super.get(key, offset, length);
        }
    }

    /**
     * The file is gone again when it is the turn of its dirty ranges, and with it what the dirty map knew of the clone; but what was
     * cloned is in its extents still.
     */
    @Test
    void aFileThatIsClonedIntoAndRemovedIsAsItWas() throws Exception {
        VolumeFixture fixture = new VolumeFixture(folder, false);
        CairnVolume volume = fixture.openOn(
                new Store(LocalObjectStore.open(fixture.bucketPath())),
                VolumeOptions.defaults()
                        .withBarriers(VolumeFixture.NO_BARRIERS)
                        .withCaches(new VolumeOptions.Caches(1 << 20, 0)));
        FileSystem fs = volume.fileSystem();
        fs.endGrace();
        FileHandle first = createFile(fs, "first");
        FileHandle file = createFile(fs, "file");
        byte[] bytes = random(1, 200_000);
        write(fs, first, 0, random(2, 1_000_000));
        write(fs, file, 0, bytes);
        volume.flush(left -> {});
        volume.caches().dropMemory();

        write(fs, first, 100_000, random(3, 20_000));
        Step whileFrozenIsFlushed = () -> {
            fs.cloneRange(op(), CloneRequest.of(first, 500_000, file, 100_010, 50_000));
            fs.remove(op(), fs.root(), Name.of("file"), RemoveKind.ANY);
        };
        onRead.set(
                () -> { // All that was dirty before the barrier is being flushed.
                    write(fs, first, 800_000, random(4, 20_000));
                    write(fs, file, 100_000, random(5, 10));
                    System.arraycopy(random(5, 10), 0, bytes, 100_000, 10);
                    onceDirty(volume, 20_010, whileFrozenIsFlushed);
                });
        volume.barrier();
        assertThat(onRead.get()).isNull();
        volume.abandon();

        fixture.loseMachine("elsewhere");
        CairnVolume restored = fixture.open();
        byte[] seen = read(restored.fileSystem(), lookup(restored.fileSystem(), "file"));
        assertThat(Arrays.mismatch(seen, bytes)).isEqualTo(-1);
        restored.abandon();
    }

    /** Has a step run at the first read by which no more is dirty than that. */
    private void onceDirty(CairnVolume volume, long bytes, Step step) {
        onRead.set(() -> {
            if (volume.dirtyBytes() > bytes) {
                onceDirty(volume, bytes, step);
            } else {
                step.run();
            }
        });
    }

    private static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
