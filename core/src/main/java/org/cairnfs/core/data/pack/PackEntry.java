package org.cairnfs.core.data.pack;

import org.cairnfs.core.crypto.FrameCipher;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.ChunkCodec;

/**
 * Where a chunk lies in its pack.
 *
 * @param offset of its frame in the object, in bytes
 * @param storedLength of its frame, in bytes
 * @param plainLength of the chunk itself, in bytes, 1 or more
 */
public record PackEntry(ChunkId id, int offset, int storedLength, int plainLength) {
    /** The longest frame of a chunk, in bytes. */
    public static final int MAX_STORED = ChunkSizes.LARGEST + ChunkCodec.OVERHEAD + FrameCipher.OVERHEAD;

    /** The shortest frame of a chunk, in bytes. */
    public static final int MIN_STORED = ChunkCodec.OVERHEAD + FrameCipher.OVERHEAD;

    /** Checks the bounds. */
    public PackEntry {
        if (!isAllowed(offset, storedLength, plainLength)) {
            throw new IllegalArgumentException(
                    "pack entry out of bounds: " + plainLength + " bytes in " + storedLength + " at " + offset);
        }
    }

    /** Whether a chunk may lie so. */
    public static boolean isAllowed(int offset, int storedLength, int plainLength) {
        return offset >= FrameCipher.HEADER_LENGTH
                && storedLength >= MIN_STORED
                && storedLength <= MAX_STORED
                && offset <= Integer.MAX_VALUE - storedLength
                && plainLength >= 1
                && plainLength <= ChunkSizes.LARGEST;
    }
}
