package org.cairnfs.core.data.codec;

import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.cairnfs.core.bytes.MalformedException;

/** bzip2: one stream; the level is the block size in units of 100,000 bytes. */
enum Bzip2Compressor implements Compressor {
    INSTANCE;

    @Override
    public int compress(int level, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
        return StreamCompressor.compress(
                out -> new BZip2CompressorOutputStream(out, level), plain, offset, length, target, targetOffset);
    }

    @Override
    public byte[] decompress(byte[] payload, int offset, int length, int plainLength) throws MalformedException {
        return StreamCompressor.decompress(
                "bzip2", BZip2CompressorInputStream::new, payload, offset, length, plainLength);
    }
}
