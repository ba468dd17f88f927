package org.cairnfs.core.data.dirty;

import java.util.List;

/**
 * What was dirty in a range of a content at one moment, as said in one epoch.
 *
 * @param epoch of the layer
 * @param from first byte of the range looked at
 * @param to first byte behind it
 * @param sequence of the newest record of the layer at that moment
 * @param ranges the unflushed ones, in offset order, within {@code [from, to)}
 */
public record DirtySnapshot(
        long inode, long content, long epoch, long from, long to, long sequence, List<DirtyRange> ranges) {
    /** Bytes in the journal for it. */
    public long dataBytes() {
        long bytes = 0;
        for (DirtyRange range : ranges) {
            bytes += range.isHole() ? 0 : range.length();
        }
        return bytes;
    }
}
