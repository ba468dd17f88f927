package org.cairnfs.core.metadata.row;

/**
 * A range of a content and where its bytes are; ranges of one content do not overlap, what none covers is a hole.
 *
 * @param content id
 * @param offset in the content, bytes
 * @param length bytes, positive
 * @param chunk that holds the bytes
 * @param chunkOffset first byte in the decoded chunk; {@code chunkOffset + length} is within it
 * @param born epoch of the last change
 */
public record ExtentRow(long content, long offset, long length, long chunk, int chunkOffset, long born) implements Row {
    @Override
    public RowKey.Extent key() {
        return new RowKey.Extent(content, offset);
    }

    /** The first offset behind it. */
    public long end() {
        return offset + length;
    }
}
