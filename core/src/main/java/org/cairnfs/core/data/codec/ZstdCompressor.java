package org.cairnfs.core.data.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import org.cairnfs.core.bytes.MalformedException;

/** Zstandard (RFC 8878): one frame. */
enum ZstdCompressor implements Compressor {
    INSTANCE;

    @Override
    public int compress(int level, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
        try {
            long size = Zstd.compressByteArray(
                    target, targetOffset, target.length - targetOffset, plain, offset, length, level);
            return size < length ? (int) size : -1;
        } catch (ZstdException e) {
            if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) { // it does not shrink
                return -1;
            }
            throw e;
        }
    }

    @Override
    public byte[] decompress(byte[] payload, int offset, int length, int plainLength) throws MalformedException {
        byte[] plain = new byte[plainLength];
        try {
            long size = Zstd.decompressByteArray(plain, 0, plainLength, payload, offset, length);
            if (size != plainLength) {
                throw new MalformedException("encoded chunk: zstd gives " + size + " bytes, not " + plainLength);
            }
            return plain;
        } catch (ZstdException e) {
            throw new MalformedException("encoded chunk: zstd: " + e.getMessage());
        }
    }
}
