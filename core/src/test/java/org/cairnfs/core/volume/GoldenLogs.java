package org.cairnfs.core.volume;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.volume.GoldenVolumes.Maker;

/**
 * Writes golden volumes whose server was killed: a checkpoint, log objects behind it, a second lineage (rebuilt elsewhere), and a
 * last barrier with what was dirty then, as chunks in the one and as bytes in the other. To be run by hand, for a new format only;
 * the argument is the folder.
 */
final class GoldenLogs {
    private GoldenLogs() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        GoldenVolumes.write(folder.resolve("volume-log-inline"), Optional.empty(), GoldenLogs::fillInline);
        GoldenVolumes.write(folder.resolve("volume-log-chunks"), GoldenVolumes.secret(), GoldenLogs::fillChunks);
    }

    /** What some files hold: as the last barrier had it. */
    static Map<String, byte[]> inlineContents() {
        byte[] little = GoldenVolumes.noise(10, 3_000);
        System.arraycopy(GoldenVolumes.noise(12, 100), 0, little, 1_000, 100);
        Arrays.fill(little, 2_000, 2_500, (byte) 0);
        return contents("a little dirty", little);
    }

    static Map<String, byte[]> chunkContents() {
        byte[] much = GoldenVolumes.noise(9, 60_000);
        System.arraycopy(GoldenVolumes.noise(11, 40_000), 0, much, 10_000, 40_000);
        return contents("much is dirty", much);
    }

    private static Map<String, byte[]> contents(String name, byte[] bytes) {
        Map<String, byte[]> contents = new HashMap<>(GoldenVolumes.contents());
        contents.put(name, bytes);
        return contents;
    }

    private static void fillInline(Path bucket, Optional<Secret> secret, Path temporary, FakeClock clock)
            throws Exception {
        fillBefore(bucket, secret, temporary, clock);
        CairnVolume volume = openElsewhere(LocalObjectStore.open(bucket), secret, temporary, clock);
        Maker root = maker(volume, clock);
        FileHandle little = root.file("a little dirty", GoldenVolumes.noise(10, 3_000));
        volume.flush(left -> {});
        VolumeFixture.write(volume.fileSystem(), little, 1_000, GoldenVolumes.noise(12, 100));
        volume.fileSystem().deallocate(root.op(), little, 2_000, 500);
        volume.barrier();
        volume.abandon();
    }

    private static void fillChunks(Path bucket, Optional<Secret> secret, Path temporary, FakeClock clock)
            throws Exception {
        fillBefore(bucket, secret, temporary, clock);
        WritingStore store = new WritingStore(LocalObjectStore.open(bucket));
        CairnVolume volume = openElsewhere(store, secret, temporary, clock);
        Maker root = maker(volume, clock);
        FileHandle flushed = root.file("flushed", GoldenVolumes.noise(8, 50_000));
        FileHandle much = root.file("much is dirty", GoldenVolumes.noise(9, 60_000));
        // What is written while the barrier flushes is dirty when it stands still, and so in what it ships beside the
        // records.
        store.meanwhile = () -> {
            VolumeFixture.write(volume.fileSystem(), much, 10_000, GoldenVolumes.noise(11, 40_000));
            VolumeFixture.write(volume.fileSystem(), flushed, 0, new byte[] {1});
        };
        volume.barrier();
        volume.abandon();
    }

    private static void fillBefore(Path bucket, Optional<Secret> secret, Path temporary, FakeClock clock)
            throws Exception {
        GoldenVolumes.fill(bucket, secret, temporary, clock);
        CairnVolume volume = open(LocalObjectStore.open(bucket), secret, temporary.resolve("state"), clock);
        Maker root = maker(volume, clock);
        root.directory("before the checkpoint").file("file", GoldenVolumes.noise(6, 20_000));
        volume.checkpoint();
        root.directory("behind the checkpoint").file("file", GoldenVolumes.noise(7, 20_000));
        volume.barrier();
        volume.abandon();
    }

    private static CairnVolume openElsewhere(
            ObjectStore store, Optional<Secret> secret, Path temporary, FakeClock clock) throws Exception {
        return open(store, secret, Files.createDirectory(temporary.resolve("elsewhere")), clock);
    }

    private static Maker maker(CairnVolume volume, FakeClock clock) throws FsException {
        FileSystem fs = volume.fileSystem();
        fs.endGrace();
        return new Maker(fs, fs.root(), clock);
    }

    private static CairnVolume open(ObjectStore store, Optional<Secret> secret, Path state, FakeClock clock)
            throws Exception {
        return CairnVolume.open(
                Buckets.open(store, secret), state, CrashRun.options(clock).withTakeOver(), bytes -> {});
    }

    /** Something that changes files. */
    private interface Change {
        void run() throws FsException;
    }

    /** While the first pack is uploaded, somebody writes. */
    private static final class WritingStore extends ForwardingObjectStore {
        private final AtomicBoolean done = new AtomicBoolean();
        private volatile Change meanwhile;

        WritingStore(ObjectStore delegate) {
            super(delegate);
        }

        @Override
        public void put(String key, ByteBuffer... body) throws ObjectStoreException {
            Change change = meanwhile;
            if (change != null && key.startsWith("pack/") && done.compareAndSet(false, true)) {
                try {
                    change.run();
                } catch (FsException e) {
                    throw new IllegalStateException("a write failed while a pack was uploaded", e);
                }
            }
            super.put(key, body);
        }
    }
}
