package org.cairnfs.core.data.pack;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cairnfs.core.crypto.FrameCipher;
import org.cairnfs.core.crypto.Sealer;
import org.cairnfs.core.data.chunk.ChunkId;

/**
 * Collects encoded chunks into a pack, in memory, sealing each as it comes.
 *
 * <p>Its memory, some {@code target} bytes, is used again for one pack after another. A pack may grow beyond the target by
 * its last chunk and its index, no more. Not thread-safe.
 */
public final class PackWriter {
    /** The length that packs should have, in bytes: 16 MiB. */
    public static final int DEFAULT_TARGET = 16 << 20;

    private final Sealer sealer;
    private final PackKind kind;
    private final int target;
    private final SecureRandom random;
    private final List<PackEntry> entries = new ArrayList<>();
    private byte[] buffer = new byte[0];
    private int size;
    private PackName name;
    private FrameCipher cipher;

    /** @param target how long packs should be, in bytes */
    public PackWriter(Sealer sealer, PackKind kind, int target, SecureRandom random) {
        this.sealer = sealer;
        this.kind = kind;
        this.target = target;
        this.random = random;
    }

    /** Whether no chunk was added yet. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether the pack is as long as it should be. */
    public boolean isFull() {
        return length() >= target;
    }

    /** How long the object would be if it were finished now, in bytes. */
    public int length() {
        return Math.max(size, FrameCipher.HEADER_LENGTH) + PackIndex.sealedLength(entries.size());
    }

    /**
     * How long a pack is.
     *
     * @param chunks in it
     * @param storedBytes of their frames
     */
    public static long lengthOf(int chunks, long storedBytes) {
        return FrameCipher.HEADER_LENGTH + storedBytes + PackIndex.sealedLength(chunks);
    }

    /** What will be needed to read from the pack that is being written. */
    public PackInfo info() {
        begin();
        return new PackInfo(name, kind, cipher.seal());
    }

    /**
     * Adds a chunk.
     *
     * @param encoded by {@link org.cairnfs.core.data.codec.ChunkCodec#encode}
     * @param plainLength of the chunk before it was encoded, in bytes
     * @return where it lies
     */
    public PackEntry add(ChunkId id, byte[] encoded, int plainLength) {
        begin();
        PackEntry entry = new PackEntry(id, size, encoded.length + FrameCipher.OVERHEAD, plainLength);
        reserve(entry.storedLength() + PackIndex.sealedLength(entries.size() + 1));
        cipher.seal(size, false, encoded, 0, encoded.length, buffer, size);
        size += entry.storedLength();
        entries.add(entry);
        return entry;
    }

    /**
     * Finishes the pack; the next chunk that is added begins another.
     *
     * @throws IllegalStateException if no chunk was added
     */
    public SealedPack finish() {
        if (entries.isEmpty()) {
            throw new IllegalStateException("a pack has one chunk at least");
        }
        PackInfo info = info();
        byte[] index = PackIndex.encode(entries);
        int indexOffset = size;
        size += cipher.seal(indexOffset, true, index, 0, index.length, buffer, indexOffset);
        System.arraycopy(PackIndex.trailer(indexOffset), 0, buffer, size, PackIndex.TRAILER_LENGTH);
        size += PackIndex.TRAILER_LENGTH;
        SealedPack pack = new SealedPack(info, ByteBuffer.wrap(buffer, 0, size).asReadOnlyBuffer(), entries);
        entries.clear();
        size = 0;
        cipher = null;
        return pack;
    }

    private void begin() {
        if (cipher == null) {
            reserve(target); // first: if there is no memory for it, no pack was begun
            name = PackName.random(random);
            cipher = sealer.begin(kind.objectKind(), name.objectKey());
            System.arraycopy(cipher.header(), 0, buffer, 0, FrameCipher.HEADER_LENGTH);
            size = FrameCipher.HEADER_LENGTH;
        }
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, target + target / 8));
        }
    }
}
