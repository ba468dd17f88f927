package org.cairnfs.core.data.codec;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.cairnfs.core.bytes.MalformedException;

/** zlib (RFC 1950): one stream. */
enum ZlibCompressor implements Compressor {
    INSTANCE;

    @Override
    public int compress(int level, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
        Deflater deflater = new Deflater(level);
        try {
            deflater.setInput(plain, offset, length);
            deflater.finish();
            int size = 0;
            while (!deflater.finished() && size < length) {
                size += deflater.deflate(target, targetOffset + size, length - size);
            }
            return deflater.finished() && size < length ? size : -1;
        } finally {
            deflater.end();
        }
    }

    @Override
    public byte[] decompress(byte[] payload, int offset, int length, int plainLength) throws MalformedException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(payload, offset, length);
            byte[] plain = new byte[plainLength];
            int size = 0;
            int step;
            do {
                step = inflater.inflate(plain, size, plainLength - size);
                size += step;
            } while (step > 0);
            int more = inflater.finished() ? 0 : inflater.inflate(new byte[1]); // takes in the end of the stream, too
            if (size != plainLength || more != 0 || !inflater.finished() || inflater.getRemaining() > 0) {
                throw new MalformedException("encoded chunk: zlib stream is not one of " + plainLength + " bytes");
            }
            return plain;
        } catch (DataFormatException e) {
            throw new MalformedException("encoded chunk: zlib: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }
}
