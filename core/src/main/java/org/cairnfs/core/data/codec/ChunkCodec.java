package org.cairnfs.core.data.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.data.chunk.ChunkSizes;

/**
 * Encodes chunks for storage and decodes them.
 *
 * <p>An encoded chunk says how it was stored: one byte with the id of the algorithm, four with the length of the plaintext,
 * and the payload. What does not shrink is stored as it is (id 0). Decoding takes untrusted bytes: the plain length is
 * checked before anything is allocated, and a payload that gives more or fewer bytes is refused, so that no payload makes
 * it use more memory than a chunk. Immutable and thread-safe.
 */
public final class ChunkCodec {
    /** How many bytes longer an encoded chunk may be than its plaintext, at most. */
    public static final int OVERHEAD = 5;

    private final Compression compression;

    /** @param compression what new chunks are encoded with; all can be decoded */
    public ChunkCodec(Compression compression) {
        this.compression = compression;
    }

    /** What new chunks are encoded with. */
    public Compression compression() {
        return compression;
    }

    /**
     * Encodes one chunk.
     *
     * @param length at most {@link ChunkSizes#LARGEST}
     */
    public byte[] encode(byte[] plain, int offset, int length) {
        if (length > ChunkSizes.LARGEST) {
            throw new IllegalArgumentException("chunk of " + length + " bytes");
        }
        Compressor compressor = Compressor.of(compression.algorithm());
        byte[] packed = new byte[OVERHEAD + length];
        int size = compressor.compress(compression.level(), plain, offset, length, packed, OVERHEAD);
        if (size < 0) {
            ByteBuffer.wrap(packed).put((byte) Compression.Algorithm.NONE.id()).putInt(length);
            System.arraycopy(plain, offset, packed, OVERHEAD, length);
            return packed;
        }
        ByteBuffer.wrap(packed).put((byte) compression.algorithm().id()).putInt(length);
        return Arrays.copyOf(packed, OVERHEAD + size);
    }

    /**
     * Decodes one chunk.
     *
     * @param encoded untrusted
     * @param maxLength the longest plaintext that is taken, in bytes
     * @throws MalformedException if the bytes are no encoded chunk of at most that length
     */
    public static byte[] decode(byte[] encoded, int maxLength) throws MalformedException {
        if (encoded.length < OVERHEAD) {
            throw new MalformedException("encoded chunk: too short");
        }
        int id = encoded[0];
        int plainLength = ByteBuffer.wrap(encoded).getInt(1);
        if (plainLength < 0 || plainLength > Math.min(maxLength, ChunkSizes.LARGEST)) {
            throw new MalformedException("encoded chunk: says that it is " + (plainLength & 0xffff_ffffL)
                    + " bytes long, at most " + maxLength + " are allowed");
        }
        for (Compression.Algorithm algorithm : Compression.Algorithm.values()) {
            if (algorithm.id() == id) {
                return Compressor.of(algorithm).decompress(encoded, OVERHEAD, encoded.length - OVERHEAD, plainLength);
            }
        }
        throw new MalformedException("encoded chunk: unknown compression " + (id & 0xff));
    }
}
