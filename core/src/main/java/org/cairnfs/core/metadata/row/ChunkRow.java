package org.cairnfs.core.metadata.row;

import org.cairnfs.core.fs.Bytes;

/**
 * A stored piece of data, shared by all extents with equal bytes.
 *
 * @param chunk number, never reused
 * @param id keyed hash of the plain bytes, 32 bytes; unique among rows that are not SUSPECT
 * @param pack in which it lies; {@link #LOST} if its data is lost for good, and it is {@code SUSPECT} as long as something refers to it
 * @param packOffset first byte of the sealed frame in the pack
 * @param storedLength bytes of the sealed frame
 * @param length plain bytes
 * @param deadSequence journal sequence at which the last extent (live or history) stopped referring to it; 0 while one does
 */
public record ChunkRow(
        long chunk,
        Bytes id,
        long pack,
        int packOffset,
        int storedLength,
        int length,
        ChunkState state,
        long deadSequence)
        implements Row {
    /** No pack: a check found that there is no data. */
    public static final long LOST = 0;

    /** In the place of a chunk that extents refer to and that is not there, so that reading them says so. */
    public static ChunkRow lost(long chunk, int length) {
        return new ChunkRow(chunk, NO_ID, LOST, 0, 0, length, ChunkState.SUSPECT, 0);
    }

    private static final Bytes NO_ID = Bytes.ofTrusted(new byte[32]);

    @Override
    public RowKey.Chunk key() {
        return new RowKey.Chunk(chunk);
    }

    /** The same, dead since a sequence, or alive (0). */
    public ChunkRow withDeadSequence(long sequence) {
        return new ChunkRow(chunk, id, pack, packOffset, storedLength, length, state, sequence);
    }

    /** The same in another place. */
    public ChunkRow movedTo(long newPack, int newPackOffset, int newStoredLength) {
        return new ChunkRow(chunk, id, newPack, newPackOffset, newStoredLength, length, state, deadSequence);
    }

    /** The same in another state. */
    public ChunkRow withState(ChunkState newState) {
        return new ChunkRow(chunk, id, pack, packOffset, storedLength, length, newState, deadSequence);
    }
}
