package org.cairnfs.core.data.codec;

import java.io.IOException;
import java.io.OutputStream;
import org.cairnfs.core.bytes.MalformedException;
import org.tukaani.xz.FinishableWrapperOutputStream;
import org.tukaani.xz.LZMA2InputStream;
import org.tukaani.xz.LZMA2Options;

/** LZMA2 as in the .xz format, without its headers: the dictionary is as long as the plaintext, 4 KiB at least. */
enum LzmaCompressor implements Compressor {
    INSTANCE;

    @Override
    public int compress(int level, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
        return StreamCompressor.compress(
                out -> encoder(level, length, out), plain, offset, length, target, targetOffset);
    }

    @Override
    public byte[] decompress(byte[] payload, int offset, int length, int plainLength) throws MalformedException {
        return StreamCompressor.decompress(
                "lzma", in -> new LZMA2InputStream(in, dictionary(plainLength)), payload, offset, length, plainLength);
    }

    private static OutputStream encoder(int level, int length, OutputStream out) throws IOException {
        LZMA2Options options = new LZMA2Options(level);
        options.setDictSize(dictionary(length));
        return options.getOutputStream(new FinishableWrapperOutputStream(out));
    }

    private static int dictionary(int length) {
        return Math.max(LZMA2Options.DICT_SIZE_MIN, length);
    }
}
