package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.cairnfs.core.data.flush.FlushSettings;
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
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is rebuilt from the bucket is exactly the state at its newest barrier, though files were changed while that barrier's data
 * was on its way: each upload of a pack triggers more changes.
 */
class ShippingModelTest {
    private static final int FILES = 5;
    private static final int MAX_SIZE = 200_000;
    private static final FlushSettings SMALL_PACKS =
            new FlushSettings(Duration.ofHours(1), Duration.ofHours(1), 1L << 30, 48L << 20, 2, 1 << 20, 1 << 18, 2);
    private static final int ROUNDS = Boolean.getBoolean("cairn.long") ? 400 : 25;

    @TempDir
    Path folder;

    private Random random;
    private FileSystem fs;
    private Map<String, byte[]> present = new TreeMap<>();
    private final NavigableMap<Long, Map<String, byte[]>> states = new TreeMap<>();
    private CairnVolume volume;
    private int changesDuringUploads;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theRebuiltStateIsThatOfTheBarrier(long seed) throws Exception {
        random = new Random(seed);
        VolumeFixture fixture = new VolumeFixture(folder, seed % 2 == 0);
        open(fixture);
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = random.nextInt(12); i >= 0; i--) {
                change();
            }
            int dice = random.nextInt(10);
            if (dice < 6) {
                volume.barrier();
            } else if (dice < 8) {
                volume.flush(left -> {});
            } else if (dice == 8) {
                volume.checkpoint();
            } else {
                loseAndRebuild(fixture, round);
            }
        }
        loseAndRebuild(fixture, ROUNDS);
        assertThat(changesDuringUploads).as("changes during uploads").isPositive();
    }

    private void open(VolumeFixture fixture) throws Exception {
        volume = fixture.openOn(
                new ChangingDuringUploads(LocalObjectStore.open(fixture.bucketPath())),
                VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS).withFlush(SMALL_PACKS));
        synchronized (this) {
            fs = volume.fileSystem();
            states.clear();
            states.put(0L, copy(present));
        }
    }

    private void loseAndRebuild(VolumeFixture fixture, int round) throws Exception {
        long shipped = volume.shipping().sequence();
        synchronized (this) {
            fs = null;
        }
        volume.abandon();
        fixture.loseState("state-" + round);
        fixture.breakLease();
        synchronized (this) {
            present = copy(states.floorEntry(shipped).getValue());
        }
        open(fixture);
        FileSystem found = volume.fileSystem();
        for (int i = 0; i < FILES; i++) {
            byte[] expected = present.get("f" + i);
            if (expected == null) {
                assertThat(exists(found, "f" + i))
                        .as("f%d in round %d", i, round)
                        .isFalse();
            } else {
                byte[] actual = read(found, lookup(found, "f" + i));
                assertThat(Arrays.mismatch(actual, expected))
                        .as(
                                "first difference in f%d, of %d and %d bytes, round %d",
                                i, actual.length, expected.length, round)
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
        volume.abandon();
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
        switch (random.nextInt(8)) {
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

    /** Makes changes before it puts a pack. */
    private final class ChangingDuringUploads extends ForwardingObjectStore {
        ChangingDuringUploads(ObjectStore store) {
            super(store);
        }

        @Override
        public void put(String key, ByteBuffer... body) throws ObjectStoreException {
            if (key.startsWith("pack/")) {
                try {
                    change();
                    change();
                    changesDuringUploads += 2;
                } catch (FsException e) {
                    throw new UncheckedIOException(new IOException(e));
                }
            }
            super.put(key, body);
        }
    }
}
