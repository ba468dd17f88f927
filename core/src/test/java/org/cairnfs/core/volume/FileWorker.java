package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;

/**
 * A client that changes and reads some files of its own, and knows what is in each of them, now and as of each record of the journal that has
 * not been shipped yet. What is to come again is tried again.
 *
 * <p>Threading: one thread of its own; its monitor guards what it knows.
 */
final class FileWorker {
    private static final int FILES = 6;
    private static final int MAX_SIZE = 200_000;

    /** Some data is equal to that of others, and comes again. */
    private static final int COMMON_BLOCKS = 8;

    private static final int COMMON_BLOCK = 40_000;

    /** States that are kept; with more, it only reads until some are shipped. */
    private static final int MAX_STATES = 600;

    private final String prefix;
    private final Random random;
    private final Lock world;
    private final Supplier<FileSystem> fileSystem;
    private final Semaphore done;
    private final Thread thread;
    private final AtomicLong operations = new AtomicLong();
    private volatile boolean ended;
    private volatile Throwable failed;

    /** By names, and then by sequences of the journal; nothing: there was no such file. Arrays are never changed. */
    private final Map<String, TreeMap<Long, Optional<byte[]>>> states = new HashMap<>();

    /**
     * @param world held by each operation
     * @param fileSystem may be another one after each operation
     * @param done gets a permit for each operation
     */
    FileWorker(int number, long seed, Lock world, Supplier<FileSystem> fileSystem, Semaphore done) {
        this.prefix = "w" + number + "-";
        this.random = new Random(seed);
        this.world = world;
        this.fileSystem = fileSystem;
        this.done = done;
        this.thread = new Thread(this::run, "worker-" + number);
        for (int i = 0; i < FILES; i++) {
            TreeMap<Long, Optional<byte[]>> file = new TreeMap<>();
            file.put(0L, Optional.empty());
            states.put(prefix + i, file);
        }
    }

    void start() {
        thread.start();
    }

    void end() {
        ended = true;
    }

    void join() throws InterruptedException {
        thread.join();
    }

    long operations() {
        return operations.get();
    }

    /** Throws what ended it, if anything did. */
    void failure() {
        if (failed != null) {
            throw new AssertionError(prefix + " failed after " + operations + " operations", failed);
        }
    }

    /** What was before a record is in the bucket and will not be asked for. */
    synchronized void forgetBefore(long sequence) {
        for (TreeMap<Long, Optional<byte[]>> file : states.values()) {
            file.headMap(file.floorKey(sequence), false).clear();
        }
    }

    /** What came after a record never was. */
    synchronized void goBackTo(long sequence) {
        for (TreeMap<Long, Optional<byte[]>> file : states.values()) {
            file.tailMap(sequence, false).clear();
            assertThat(file).as("a state that was shipped and is wanted again").isNotEmpty();
        }
    }

    private synchronized Optional<byte[]> content(String name) {
        return states.get(name).lastEntry().getValue();
    }

    private synchronized void put(String name, OpContext op, Optional<byte[]> content) {
        assertThat(op.journaled()).isPositive();
        states.get(name).put(op.journaled(), content);
    }

    private synchronized boolean isFull() {
        return states.values().stream().mapToInt(TreeMap::size).sum() > MAX_STATES;
    }

    /** All files are as they should be; nothing changes meanwhile. */
    void check(FileSystem fs) throws FsException {
        for (int i = 0; i < FILES; i++) {
            checkOne(fs, prefix + i);
        }
    }

    private void checkOne(FileSystem fs, String name) throws FsException {
        Optional<byte[]> expected = content(name);
        FileHandle file;
        try {
            file = lookup(fs, name);
        } catch (FsException e) {
            assertThat(e.errno()).as(name).isEqualTo(Errno.ENOENT);
            assertThat(expected).as(name + " is not there").isEmpty();
            return;
        }
        assertThat(expected).as(name + " is there").isPresent();
        byte[] actual = readAll(fs, file);
        assertThat(Arrays.mismatch(actual, expected.get()))
                .as("first difference in %s, of %d and %d bytes", name, actual.length, expected.get().length)
                .isEqualTo(-1);
    }

    /** As a client that is told to come again. */
    private static byte[] readAll(FileSystem fs, FileHandle file) throws FsException {
        while (true) {
            try {
                return read(fs, file);
            } catch (FsException e) {
                if (e.errno() != Errno.EAGAIN) {
                    throw e;
                }
            }
        }
    }

    private void run() {
        try {
            while (!ended) {
                world.lock();
                try {
                    step(fileSystem.get());
                } finally {
                    world.unlock();
                }
                operations.incrementAndGet();
                done.release();
            }
        } catch (FsException | RuntimeException | Error e) {
            failed = e;
        }
    }

    private void step(FileSystem fs) throws FsException {
        String name = prefix + random.nextInt(FILES);
        OpContext op = new OpContext(Credentials.ROOT);
        try {
            if (isFull() || random.nextInt(3) == 0) {
                checkOne(fs, name);
            } else {
                change(fs, op, name);
            }
        } catch (FsException e) {
            if (e.errno() != Errno.EAGAIN) {
                throw e;
            }
            assertThat(op.journaled()).as("what is to come again did nothing").isZero();
        }
    }

    private void change(FileSystem fs, OpContext op, String name) throws FsException {
        Optional<byte[]> before = content(name);
        if (before.isEmpty()) {
            fs.create(op, fs.root(), Name.of(name), CreateRequest.file(0644));
            put(name, op, Optional.of(new byte[0]));
            return;
        }
        byte[] old = before.get();
        FileHandle file = lookup(fs, name);
        switch (random.nextInt(10)) {
            case 0 -> {
                fs.remove(op, fs.root(), Name.of(name), RemoveKind.ANY);
                put(name, op, Optional.empty());
            }
            case 1 -> {
                int size = random.nextInt(MAX_SIZE);
                fs.setattr(op, file, SetAttributes.ofSize(size));
                put(name, op, Optional.of(Arrays.copyOf(old, size)));
            }
            case 2 -> {
                int from = random.nextInt(MAX_SIZE);
                int length = 1 + random.nextInt(MAX_SIZE);
                fs.deallocate(op, file, from, length);
                byte[] changed = old.clone();
                Arrays.fill(changed, Math.min(from, old.length), Math.min(from + length, old.length), (byte) 0);
                put(name, op, Optional.of(changed));
            }
            case 3 -> {
                String other = prefix + random.nextInt(FILES);
                if (!other.equals(name)) {
                    fs.rename(op, fs.root(), Name.of(name), fs.root(), Name.of(other), RenameFlag.REPLACE);
                    put(name, op, Optional.empty());
                    put(other, op, before);
                }
            }
            default -> {
                int offset = random.nextInt(3) * COMMON_BLOCK;
                byte[] bytes = bytes();
                fs.write(op, file, offset, ByteBuffer.wrap(bytes));
                byte[] changed = Arrays.copyOf(old, Math.max(old.length, offset + bytes.length));
                System.arraycopy(bytes, 0, changed, offset, bytes.length);
                put(name, op, Optional.of(changed));
            }
        }
    }

    private byte[] bytes() {
        boolean common = random.nextBoolean();
        byte[] bytes = new byte[common ? COMMON_BLOCK : 1 + random.nextInt(60_000)];
        (common ? new Random(random.nextInt(COMMON_BLOCKS)) : random).nextBytes(bytes);
        return bytes;
    }
}
