package org.cairnfs.core.data.codec;

import java.util.Arrays;
import org.cairnfs.core.bytes.MalformedException;

/** No compression: the payload is the plaintext. */
enum StoredCompressor implements Compressor {
    INSTANCE;

    @Override
    public int compress(int level, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
        return -1;
    }

    @Override
    public byte[] decompress(byte[] payload, int offset, int length, int plainLength) throws MalformedException {
        if (length != plainLength) {
            throw new MalformedException(
                    "encoded chunk: " + length + " bytes are stored where " + plainLength + " should be");
        }
        return Arrays.copyOfRange(payload, offset, offset + length);
    }
}
