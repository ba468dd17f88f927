package org.cairnfs.core.data.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.cairnfs.core.bytes.MalformedException;

/** What compressors have in common whose libraries know streams only. */
final class StreamCompressor {
    private StreamCompressor() {}

    /** Opens a stream of the library around another one. */
    @FunctionalInterface
    interface Wrapper<S> {
        S wrap(S stream) throws IOException;
    }

    static int compress(
            Wrapper<OutputStream> wrapper, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
        BoundedOutput out = new BoundedOutput(target, targetOffset, length);
        try (OutputStream compressor = wrapper.wrap(out)) {
            compressor.write(plain, offset, length);
        } catch (IOException e) {
            throw new IllegalStateException("compressing from memory to memory failed", e);
        }
        return out.size < length ? out.size : -1;
    }

    static byte[] decompress(
            String name, Wrapper<InputStream> wrapper, byte[] payload, int offset, int length, int plainLength)
            throws MalformedException {
        ByteArrayInputStream in = new ByteArrayInputStream(payload, offset, length);
        try (InputStream decompressor = wrapper.wrap(in)) {
            byte[] plain = new byte[plainLength];
            int size = decompressor.readNBytes(plain, 0, plainLength);
            if (size != plainLength || decompressor.read() >= 0 || in.available() > 0) {
                throw new MalformedException(
                        "encoded chunk: " + name + " stream is not one of " + plainLength + " bytes");
            }
            return plain;
        } catch (MalformedException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // these libraries let index errors out for damaged streams
            throw new MalformedException("encoded chunk: " + name + ": " + e.getMessage());
        }
    }

    /** Counts all bytes but keeps only those that fit: what does not fit is not wanted. */
    private static final class BoundedOutput extends OutputStream {
        private final byte[] target;
        private final int start;
        private final int room;
        private int size;

        BoundedOutput(byte[] target, int start, int room) {
            this.target = target;
            this.start = start;
            this.room = room;
        }

        @Override
        public void write(int value) {
            if (size < room) {
                target[start + size] = (byte) value;
            }
            size++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            int fits = Math.max(0, Math.min(length, room - size));
            System.arraycopy(bytes, offset, target, start + Math.min(size, room), fits);
            size += length;
        }
    }
}
