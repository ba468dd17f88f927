package org.cairnfs.core.data.codec;

import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import org.cairnfs.core.bytes.MalformedException;

/** LZ4: one block, without a frame. */
final class Lz4Compressor implements Compressor {
    static final Lz4Compressor INSTANCE = new Lz4Compressor();

    private final LZ4Factory factory = LZ4Factory.fastestInstance();

    private Lz4Compressor() {}

    @Override
    public int compress(int level, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
        try {
            int size = factory.fastCompressor().compress(plain, offset, length, target, targetOffset, length);
            return size < length ? size : -1;
        } catch (LZ4Exception e) { // there is no room: it does not shrink
            return -1;
        }
    }

    @Override
    public byte[] decompress(byte[] payload, int offset, int length, int plainLength) throws MalformedException {
        byte[] plain = new byte[plainLength];
        try {
            int size = factory.safeDecompressor().decompress(payload, offset, length, plain, 0, plainLength);
            if (size != plainLength) {
                throw new MalformedException("encoded chunk: lz4 gives " + size + " bytes, not " + plainLength);
            }
            return plain;
        } catch (LZ4Exception e) {
            throw new MalformedException("encoded chunk: lz4: " + e.getMessage());
        }
    }
}
