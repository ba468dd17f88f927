package org.cairnfs.core.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.ChunkRef;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.chunk.Chunker;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.data.pack.PackWriter;
import org.cairnfs.core.data.pack.SealedPack;

/**
 * Turns the bytes of a checkpoint into chunks in packs of their own, and stores only those that the checkpoint before does not
 * have. Not thread-safe.
 *
 * <p>The cuts depend on the contents, so a change in the middle of a dump costs the chunks around it.
 */
final class CheckpointOutputStream extends OutputStream {
    private final Bucket bucket;
    private final Chunker chunker;
    private final ChunkCodec codec;
    private final PackWriter packs;
    private final Map<ChunkId, ChunkRef> known = new HashMap<>();
    private final List<ChunkRef> chunks = new ArrayList<>();
    private final Consumer<PackName> aboutToPut;
    private final byte[] buffer;
    private int position;
    private int limit;
    private long storedBytes;

    /**
     * Begins a checkpoint.
     *
     * @param before chunks in the bucket that need not be stored again
     * @param aboutToPut told the name of each pack before it is put
     */
    CheckpointOutputStream(Bucket bucket, List<ChunkRef> before, Consumer<PackName> aboutToPut) {
        this.bucket = bucket;
        this.aboutToPut = aboutToPut;
        this.chunker = bucket.chunker();
        this.codec = bucket.codec();
        this.packs = bucket.packWriter(PackKind.META);
        this.buffer = new byte[4 * chunker.sizes().max()];
        before.forEach(chunk -> known.put(chunk.entry().id(), chunk));
    }

    /** The chunks of the checkpoint, in order; complete after {@link #close}. */
    List<ChunkRef> chunks() {
        return chunks;
    }

    /** Bytes that had to be stored anew; complete after {@link #close}. */
    long storedBytes() {
        return storedBytes;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int at = offset;
        int left = length;
        while (left > 0) {
            if (limit == buffer.length) {
                cut(chunker.sizes().max());
            }
            int part = Math.min(left, buffer.length - limit);
            System.arraycopy(bytes, at, buffer, limit, part);
            limit += part;
            at += part;
            left -= part;
        }
    }

    /** Stores what is left; all chunks are durable when this returns. */
    @Override
    public void close() throws IOException {
        cut(1);
        putPack();
    }

    /** Cuts chunks while {@code atLeast} bytes are there. */
    private void cut(int atLeast) throws IOException {
        while (limit - position >= atLeast) {
            int length = chunker.cut(buffer, position, limit - position);
            store(position, length);
            position += length;
        }
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
    }

    private void store(int offset, int length) throws IOException {
        ChunkId id = bucket.hasher().hash(buffer, offset, length);
        ChunkRef present = known.get(id);
        if (present == null) {
            PackEntry entry = packs.add(id, codec.encode(buffer, offset, length), length);
            present = new ChunkRef(packs.info(), entry);
            known.put(id, present);
            if (packs.isFull()) {
                putPack();
            }
        }
        chunks.add(present);
    }

    private void putPack() throws IOException {
        if (packs.isEmpty()) {
            return;
        }
        SealedPack pack = packs.finish();
        storedBytes += pack.body().remaining();
        aboutToPut.accept(pack.info().name());
        bucket.store().put(pack.info().objectKey(), pack.body());
    }
}
