package org.cairnfs.core.crypto;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The master keys of one file system, one for each generation: new objects are sealed under the newest, each object
 * names its own.
 *
 * <p>Master keys are 256 random bits and never leave this class but wrapped by {@link KeysObject}. What is used are
 * subkeys: HKDF-SHA-256 of the master key, salted with the id of the file system, by purpose and generation.
 *
 * <p>Thread-safe: the keys are guarded by {@code this}. {@link #close} overwrites them; later calls fail.
 */
public final class KeyRing implements AutoCloseable {
    /** The length of master keys and subkeys, in bytes. */
    public static final int KEY_LENGTH = 32;

    private static final String SUBKEY_CONTEXT = "cairn/1/subkey/";
    private static final String LOCAL_CONTEXT = "cairn/1/local";

    private final UUID fileSystem;
    private final int currentGeneration;

    @GuardedBy("this")
    private final NavigableMap<Integer, byte[]> masterKeys;

    /** @param masterKeys by generation, taken over and not copied; not empty */
    KeyRing(UUID fileSystem, NavigableMap<Integer, byte[]> masterKeys) {
        this.fileSystem = fileSystem;
        this.masterKeys = masterKeys;
        this.currentGeneration = masterKeys.lastKey();
    }

    /** The ring of a new file system: generation 1, random. */
    public static KeyRing generate(UUID fileSystem, SecureRandom random) {
        NavigableMap<Integer, byte[]> keys = new TreeMap<>();
        keys.put(1, randomKey(random));
        return new KeyRing(fileSystem, keys);
    }

    /** A ring with these keys and one of a new generation. This one stays as it is. */
    public synchronized KeyRing rotated(SecureRandom random) {
        NavigableMap<Integer, byte[]> keys = new TreeMap<>();
        checkOpen();
        masterKeys.forEach((generation, key) -> keys.put(generation, key.clone()));
        keys.put(Math.addExact(currentGeneration, 1), randomKey(random));
        return new KeyRing(fileSystem, keys);
    }

    /** The file system that these keys are of. */
    public UUID fileSystem() {
        return fileSystem;
    }

    /** The newest generation, 1 or more. */
    public int currentGeneration() {
        return currentGeneration;
    }

    /** All generations, in no special order. */
    public synchronized Set<Integer> generations() {
        return Set.copyOf(masterKeys.keySet());
    }

    /** Whether there is a key of this generation. */
    public synchronized boolean has(int generation) {
        return masterKeys.containsKey(generation);
    }

    /**
     * The subkey for a purpose; the caller overwrites it when it is done.
     *
     * @param purpose a name of its own for every use
     * @param generation one that this ring {@linkplain #has has}
     */
    public byte[] subkey(String purpose, int generation) {
        byte[] master = masterKey(generation);
        try {
            return Hkdf.derive(
                    uuidBytes(fileSystem),
                    master,
                    SUBKEY_CONTEXT + purpose,
                    ByteBuffer.allocate(Integer.BYTES).putInt(generation).array(),
                    KEY_LENGTH);
        } finally {
            Arrays.fill(master, (byte) 0);
        }
    }

    /**
     * A key for what stays on this machine; the caller overwrites it when it is done.
     *
     * @param stateDirectory the random id of the state directory, so that no two share a key
     */
    public byte[] localKey(String purpose, UUID stateDirectory, int generation) {
        byte[] subkey = subkey(purpose, generation);
        try {
            return Hkdf.derive(uuidBytes(stateDirectory), subkey, LOCAL_CONTEXT, KEY_LENGTH);
        } finally {
            Arrays.fill(subkey, (byte) 0);
        }
    }

    /** A copy of a master key, for wrapping it. */
    synchronized byte[] masterKey(int generation) {
        checkOpen();
        byte[] key = masterKeys.get(generation);
        if (key == null) {
            throw new IllegalArgumentException("no key of generation " + generation);
        }
        return key.clone();
    }

    /** Overwrites the keys. */
    @Override
    public synchronized void close() {
        masterKeys.values().forEach(key -> Arrays.fill(key, (byte) 0));
        masterKeys.clear();
    }

    @Override
    public String toString() {
        return "KeyRing[" + fileSystem + ", generation " + currentGeneration + "]";
    }

    static byte[] uuidBytes(UUID uuid) {
        return ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    private static byte[] randomKey(SecureRandom random) {
        byte[] key = new byte[KEY_LENGTH];
        random.nextBytes(key);
        return key;
    }

    @GuardedBy("this")
    private void checkOpen() {
        if (masterKeys.isEmpty()) {
            throw new IllegalStateException("the key ring is closed");
        }
    }
}
