package org.cairnfs.core.data.codec;

import com.github.luben.zstd.Zstd;
import org.cairnfs.core.bytes.MalformedException;

/** Zstandard (RFC 8878): one frame. */
enum ZstdCompressor implements Compressor {
    INSTANCE;

    @Override
    public int compress(int level, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
        long size = Zstd.compressByteArray(
                target, targetOffset, target.length - targetOffset, plain, offset, length, level);
        // "Destination too small" is how incompressible data shows.
        return Zstd.isError(size) || size >= length ? -1 : (int) size;
    }

    @Override
    public byte[] decompress(byte[] payload, int offset, int length, int plainLength) throws MalformedException {
        byte[] plain = new byte[plainLength];
        long size = Zstd.decompressByteArray(plain, 0, plainLength, payload, offset, length);
        if (Zstd.isError(size)) {
            throw new MalformedException("encoded chunk: zstd: " + Zstd.getErrorName(size));
        }
        if (size != plainLength) {
            throw new MalformedException("encoded chunk: zstd gives " + size + " bytes, not " + plainLength);
        }
        return plain;
    }
}
