package org.cairnfs.core.data.codec;

import org.cairnfs.core.bytes.MalformedException;

/** One compression algorithm, over arrays. Implementations are thread-safe. */
interface Compressor {
    /** The compressor for an algorithm. */
    static Compressor of(Compression.Algorithm algorithm) {
        return switch (algorithm) {
            case NONE -> StoredCompressor.INSTANCE;
            case ZSTD -> ZstdCompressor.INSTANCE;
            case LZMA -> LzmaCompressor.INSTANCE;
            case BZIP2 -> Bzip2Compressor.INSTANCE;
            case ZLIB -> ZlibCompressor.INSTANCE;
            case LZ4 -> Lz4Compressor.INSTANCE;
        };
    }

    /**
     * Compresses.
     *
     * @param target gets the payload from {@code targetOffset}; it has {@code length} bytes from there
     * @return the length of the payload, or -1 if it is not shorter than {@code length}; the target means nothing then
     */
    int compress(int level, byte[] plain, int offset, int length, byte[] target, int targetOffset);

    /**
     * Decompresses.
     *
     * @param payload untrusted
     * @param plainLength what must come out, exactly; checked to be reasonable
     * @throws MalformedException if the payload does not give that
     */
    byte[] decompress(byte[] payload, int offset, int length, int plainLength) throws MalformedException;
}
