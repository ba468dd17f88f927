package org.cairnfs.core.metadata.row;

import org.cairnfs.core.fs.Bytes;

/**
 * An object in the store that holds sealed chunks.
 *
 * @param pack number, never reused
 * @param objectKey key in the object store
 * @param header of the object: what is needed to open a frame without reading the object's beginning
 * @param size bytes of the object
 * @param liveBytes stored bytes of chunks that some extent refers to
 * @param metadata whether it holds a checkpoint's chunks rather than file data
 * @param deadSequence journal sequence at which its last chunk died; 0 while one lives
 */
public record PackRow(
        long pack,
        String objectKey,
        Bytes header,
        long size,
        long liveBytes,
        boolean metadata,
        ChunkState state,
        long deadSequence)
        implements Row {
    @Override
    public RowKey.Pack key() {
        return new RowKey.Pack(pack);
    }

    /** The same, with nothing in it that anybody will ever refer to. */
    public PackRow retired(long sequence) {
        return new PackRow(pack, objectKey, header, size, liveBytes, metadata, ChunkState.RETIRING, sequence);
    }

    /** The same with other live bytes. */
    public PackRow withLiveBytes(long bytes, long newDeadSequence) {
        return new PackRow(pack, objectKey, header, size, bytes, metadata, state, newDeadSequence);
    }
}
