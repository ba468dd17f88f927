package org.cairnfs.core.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.ChunkRef;
import org.cairnfs.core.bucket.RootObject;
import org.cairnfs.core.data.pack.PackReader;

/** The bytes of a checkpoint, fetched chunk by chunk and verified. Not thread-safe. */
final class CheckpointInputStream extends InputStream {
    private final Bucket bucket;
    private final PackReader reader;
    private final Iterator<ChunkRef> chunks;
    private final LongConsumer progress;
    private byte[] chunk = new byte[0];
    private int position;
    private long bytes;

    /** @param progress told the bytes that were fetched so far */
    CheckpointInputStream(Bucket bucket, RootObject root, LongConsumer progress) {
        this.bucket = bucket;
        this.reader = bucket.packReader();
        this.chunks = root.chunks().iterator();
        this.progress = progress;
    }

    @Override
    public int read() throws IOException {
        return fill() ? chunk[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int part = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, target, offset, part);
        position += part;
        return part;
    }

    private boolean fill() throws IOException {
        if (position == chunk.length && chunks.hasNext()) {
            ChunkRef next = chunks.next();
            chunk = reader.read(bucket.store(), next.pack(), next.entry());
            position = 0;
            bytes += chunk.length;
            progress.accept(bytes);
        }
        return position < chunk.length;
    }
}
