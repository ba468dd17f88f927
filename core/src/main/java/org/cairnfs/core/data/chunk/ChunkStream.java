package org.cairnfs.core.data.chunk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Cuts a stream into chunks, holding no more than two chunks of the maximal size in memory. Not thread-safe.
 *
 * <p>The cuts are those that {@link Chunker#cut} finds over the whole contents.
 */
public final class ChunkStream {
    private final Chunker chunker;
    private final InputStream in;
    private final byte[] buffer;
    private int start;
    private int end;
    private boolean ended;

    /** @param in read to its end, not closed */
    public ChunkStream(Chunker chunker, InputStream in) {
        this.chunker = chunker;
        this.in = in;
        this.buffer = new byte[2 * chunker.sizes().max()];
    }

    /**
     * The next chunk, or null after the last.
     *
     * @return a view of the inner buffer, from its position to its limit, valid until the next call
     */
    public ByteBuffer next() throws IOException {
        if (!ended && end - start < chunker.sizes().max()) {
            fill();
        }
        if (start == end) {
            return null;
        }
        int length = chunker.cut(buffer, start, end - start);
        ByteBuffer chunk = ByteBuffer.wrap(buffer, start, length);
        start += length;
        return chunk;
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        int read = in.readNBytes(buffer, end, buffer.length - end);
        end += read;
        ended = end < buffer.length;
    }
}
