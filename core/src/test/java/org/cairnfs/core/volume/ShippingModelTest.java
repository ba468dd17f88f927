package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.data.flush.FlushSettings;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.metadata.MetadataFailedException;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.shipping.Overlays;
import org.cairnfs.core.testkit.FaultyObjectStore;
import org.cairnfs.core.testkit.FaultyObjectStore.Faults;
import org.cairnfs.core.testkit.ReadOnlyObjectStore;
import org.cairnfs.core.view.BucketReader;
import org.cairnfs.core.view.BucketView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is rebuilt from the bucket is exactly the state at its newest barrier, though files were changed while that barrier's data
 * was on its way (each upload of a pack triggers more changes), and though the server before may still write; and a server that
 * has its journal loses nothing, whether or not it has its database. A reader beside the server sees each barrier as exactly.
 */
class ShippingModelTest {
    private static final int FILES = 5;
    private static final int CHANGES_DURING_UPLOAD = 8;
    private static final int MAX_SIZE = 200_000;
    private static final FlushSettings SMALL_PACKS =
            new FlushSettings(Duration.ofHours(1), Duration.ofHours(1), 1L << 30, 48L << 20, 2, 1 << 20, 1 << 18, 2);
    private static final VolumeOptions OPTIONS = VolumeOptions.defaults()
            .withBarriers(VolumeFixture.NO_BARRIERS)
            .withJournal(new VolumeOptions.JournalSize(32 << 20, 64 << 10))
            .withFlush(SMALL_PACKS)
            .withTakeOver();
    private static final int ROUNDS = Boolean.getBoolean("cairn.long") ? 200 : 20;

    @TempDir
    Path folder;

    private Random random;
    private FileSystem fs;
    private Map<String, byte[]> present = new TreeMap<>();
    private final NavigableMap<Long, Map<String, byte[]>> states = new TreeMap<>();
    private CairnVolume volume;
    private int changesDuringUploads;
    private int overlaysWithExtents;
    private int clones;
    private int failedSteps;
    private VolumeFixture fixture;
    private FaultyObjectStore faulty;
    private double chanceOfFaults;
    private CairnVolume fenced;
    private Bucket readBucket;
    private BucketReader reader;
    private int views;

    @ParameterizedTest
    @MethodSource("seeds")
    void theRebuiltStateIsThatOfTheBarrier(long seed) throws Exception {
        run(seed, 0);
        assertThat(faulty.injected()).isZero();
        assertThat(overlaysWithExtents)
                .as("barriers with data that was dirty at their moment, and much")
                .isPositive();
    }

    /** Calls of the store fail, before or after they took effect, while barriers are made and while a rebuild goes on. */
    @ParameterizedTest
    @MethodSource("seeds")
    void soItIsWhereTheStoreFails(long seed) throws Exception {
        run(seed, 0.15);
        assertThat(faulty.injected()).as("faults").isGreaterThan(ROUNDS / 2);
        assertThat(failedSteps).as("steps that failed").isPositive();
    }

    static LongStream seeds() {
        long first = Long.getLong("cairn.seed", 1);
        return LongStream.range(first, first + 3);
    }

    private void run(long seed, double faults) throws Exception {
        random = new Random(seed);
        fixture = new VolumeFixture(folder, seed % 2 == 0);
        faulty = new FaultyObjectStore(LocalObjectStore.open(fixture.bucketPath()), seed, Faults.NONE);
        chanceOfFaults = faults;
        states.put(0L, Map.of());
        readBucket = fixture.bucketOn(new ReadOnlyObjectStore(faulty));
        openReader();
        open();
        volume.barrier();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = random.nextInt(12); i >= 0; i--) {
                change();
            }
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3, 4, 5 -> barrier();
                case 6 -> tried(() -> volume.flush(left -> {}));
                case 7 -> tried(volume::checkpoint);
                case 8 -> restart(round, false);
                case 9 -> restart(round, true);
                default -> loseAndRebuild(round);
            }
            workOfTheFenced();
        }
        chanceOfFaults = 0;
        barrier(); // seen from beside at least this once, whatever failed before
        chanceOfFaults = faults;
        loseAndRebuild(ROUNDS);
        assertThat(changesDuringUploads).as("changes during uploads").isPositive();
        assertThat(views).as("views of barriers").isPositive();
        assertThat(clones).as("clones").isPositive();
    }

    private void openReader() throws Exception {
        reader = BucketReader.open(readBucket, folder.resolve("reader"), new VolumeOptions.Caches(8 << 20, 1 << 20));
    }

    private void barrier() throws Exception {
        if (tried(volume::barrier)) {
            overlaysWithExtents += Overlays.extents(volume.bucket()) > 0 ? 1 : 0;
            lookFromBeside();
        }
    }

    private void lookFromBeside() throws Exception {
        if (random.nextInt(4) == 0) {
            reader.close();
            openReader();
        }
        BucketView[] view = new BucketView[1];
        if (!tried(() -> view[0] = reader.newest(bytes -> {}))) {
            return;
        }
        views++;
        try (BucketView seen = view[0]) {
            Map<String, byte[]> then;
            synchronized (this) {
                then = copy(
                        states.floorEntry(seen.barrier().standing().sequence()).getValue());
            }
            check(seen.fileSystem(), then, "barrier " + seen.barrier());
        }
    }

    /** A step that may fail with the store, and with nothing else. */
    private interface Step {
        void run() throws Exception;
    }

    private boolean tried(Step step) throws Exception {
        faulty.faults(Faults.errors(chanceOfFaults));
        try {
            step.run();
            return true;
        } catch (VolumeException e) {
            assertThat(e.kind()).as("%s", e).isEqualTo(VolumeException.Kind.STORE);
            failedSteps++;
            return false;
        } catch (ObjectStoreException e) {
            failedSteps++;
            return false;
        } finally {
            faulty.faults(Faults.NONE);
        }
    }

    private void open() throws Exception {
        while (!tried(() -> volume = fixture.openOn(new ChangingDuringUploads(faulty), OPTIONS))) {
            chanceOfFaults *= 0.9;
        }
        synchronized (this) {
            fs = volume.fileSystem();
        }
    }

    /** The server dies; its journal is there, its database perhaps not. */
    private void restart(int round, boolean databaseToo) throws Exception {
        synchronized (this) {
            fs = null;
        }
        volume.abandon();
        if (databaseToo) {
            try (var files = Files.list(fixture.state().resolve("metadata"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        open();
        check("restart in round " + round);
    }

    /** The server is lost, or only believed so: then it goes on, and nobody sees what it does. */
    private void loseAndRebuild(int round) throws Exception {
        synchronized (this) {
            fs = null;
        }
        if (random.nextBoolean() && fenced == null) {
            fenced = volume;
        } else {
            volume.abandon();
        }
        long shipped;
        try (Bucket bucket = fixture.bucket()) {
            shipped = Overlays.sequence(bucket);
        }
        fixture.loseState("state-" + round);
        synchronized (this) {
            present = copy(states.floorEntry(shipped).getValue());
        }
        synchronized (this) {
            states.clear();
            states.put(0L, copy(present));
        }
        open();
        check("rebuild in round " + round);
    }

    private void workOfTheFenced() {
        if (fenced == null) {
            return;
        }
        try {
            OpContext op = new OpContext(Credentials.ROOT);
            FileHandle file = fenced.fileSystem()
                    .create(op, fenced.fileSystem().root(), Name.of("z" + random.nextLong()), CreateRequest.file(0644))
                    .node()
                    .handle();
            fenced.fileSystem().write(op, file, 0, ByteBuffer.wrap(new byte[50_000]));
            switch (random.nextInt(4)) {
                case 0 -> fenced.checkpoint();
                case 1 -> fenced.flush(left -> {});
                default -> fenced.barrier();
            }
        } catch (FsException | VolumeException | MetadataFailedException e) {
            fenced.abandon();
            fenced = null;
        }
        if (fenced != null && random.nextInt(6) == 0) {
            fenced.abandon();
            fenced = null;
        }
    }

    /** Nothing changes meanwhile, though uploads that nobody waits for may still be under way. */
    private synchronized void check(String when) throws Exception {
        check(volume.fileSystem(), present, when);
    }

    private static void check(FileSystem found, Map<String, byte[]> state, String when) throws Exception {
        for (int i = 0; i < FILES; i++) {
            byte[] expected = state.get("f" + i);
            if (expected == null) {
                assertThat(exists(found, "f" + i)).as("f%d after %s", i, when).isFalse();
            } else {
                byte[] actual = read(found, lookup(found, "f" + i));
                assertThat(Arrays.mismatch(actual, expected))
                        .as("first difference in f%d, of %d and %d bytes, %s", i, actual.length, expected.length, when)
                        .isEqualTo(-1);
            }
        }
    }

    private static boolean exists(FileSystem fs, String name) {
        try {
            lookup(fs, name);
            return true;
        } catch (FsException e) {
            return false;
        }
    }

    private static Map<String, byte[]> copy(Map<String, byte[]> state) {
        return new TreeMap<>(state);
    }

    @AfterEach
    void giveBack() {
        if (fenced != null) {
            fenced.abandon();
        }
        volume.abandon();
        reader.close();
        readBucket.close();
    }

    /** One random change of the file system and of the model, which never changes an array in place. */
    private synchronized void change() throws FsException {
        if (fs == null) {
            return;
        }
        String name = "f" + random.nextInt(FILES);
        OpContext op = new OpContext(Credentials.ROOT);
        byte[] old = present.get(name);
        if (old == null) {
            fs.create(op, fs.root(), Name.of(name), CreateRequest.file(0644));
            present.put(name, new byte[0]);
        } else {
            change(op, name, lookup(fs, name), old);
        }
        if (op.journaled() > 0) {
            states.put(op.journaled(), copy(present));
        }
    }

    private void change(OpContext op, String name, FileHandle file, byte[] old) throws FsException {
        switch (random.nextInt(10)) {
            case 8, 9 -> cloneRange(op, file, old);
            case 0 -> {
                fs.remove(op, fs.root(), Name.of(name), RemoveKind.ANY);
                present.remove(name);
            }
            case 1 -> {
                int size = random.nextInt(MAX_SIZE);
                fs.setattr(op, file, SetAttributes.ofSize(size));
                present.put(name, Arrays.copyOf(old, size));
            }
            case 2 -> {
                int from = random.nextInt(MAX_SIZE);
                int length = 1 + random.nextInt(MAX_SIZE);
                fs.deallocate(op, file, from, length);
                byte[] changed = old.clone();
                Arrays.fill(changed, Math.min(from, old.length), Math.min(from + length, old.length), (byte) 0);
                present.put(name, changed);
            }
            case 3 -> {
                String other = "f" + random.nextInt(FILES);
                fs.rename(op, fs.root(), Name.of(name), fs.root(), Name.of(other), RenameFlag.REPLACE);
                present.remove(name);
                present.put(other, old);
            }
            default -> {
                int offset = random.nextInt(MAX_SIZE);
                byte[] bytes = new byte[1 + random.nextInt(random.nextInt(3) == 0 ? 150_000 : 3_000)];
                random.nextBytes(bytes);
                fs.write(op, file, offset, ByteBuffer.wrap(bytes));
                byte[] changed = Arrays.copyOf(old, Math.max(old.length, offset + bytes.length));
                System.arraycopy(bytes, 0, changed, offset, bytes.length);
                present.put(name, changed);
            }
        }
    }

    /** A part of a file appears in one of them, perhaps itself. */
    private void cloneRange(OpContext op, FileHandle file, byte[] old) throws FsException {
        String into = "f" + random.nextInt(FILES);
        byte[] before = present.get(into);
        if (before == null || old.length == 0) {
            return;
        }
        int from = random.nextBoolean() ? 0 : random.nextInt(old.length);
        int length = random.nextBoolean() ? old.length - from : 1 + random.nextInt(old.length - from);
        int to = random.nextBoolean() ? 0 : random.nextInt(MAX_SIZE);
        FileHandle target = lookup(fs, into);
        if (target.equals(file) && Math.abs(from - to) < length) {
            return;
        }
        fs.cloneRange(op, CloneRequest.of(file, from, target, to, length));
        byte[] changed = Arrays.copyOf(before, Math.max(before.length, to + length));
        System.arraycopy(old, from, changed, to, length);
        present.put(into, changed);
        clones++;
    }

    /** Makes changes before it puts a pack. */
    private final class ChangingDuringUploads extends ForwardingObjectStore {
        ChangingDuringUploads(ObjectStore store) {
            super(store);
        }

        @Override
        public void put(String key, ByteBuffer... body) throws ObjectStoreException {
            if (key.startsWith("pack/")) {
                try {
                    for (int i = 0; i < CHANGES_DURING_UPLOAD; i++) {
                        change();
                        changesDuringUploads++;
                    }
                } catch (FsException e) {
                    throw new UncheckedIOException(new IOException(e));
                }
            }
            super.put(key, body);
        }
    }
}
