package org.cairnfs.core.data.flush;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.data.flush.ChunkStore.StoringChunk;

/**
 * What the flush of one content will change: new extents over some ranges, nothing over others.
 *
 * <p>Filled by the {@link FlushPlanner} in offset order, read by the {@link FlushApplier}.
 */
final class FlushPlan {
    private final long inode;
    private final long content;
    private final long epoch;
    private final long sequence;
    private final List<NewExtent> extents = new ArrayList<>();
    private final List<Range> replaced = new ArrayList<>();
    private final List<Range> covered = new ArrayList<>();

    /**
     * A plan that is to be filled.
     *
     * @param epoch what was said in it is in the plan; everything before is in extents
     * @param sequence what records of that epoch up to it said is in the plan, within the covered ranges
     */
    FlushPlan(long inode, long content, long epoch, long sequence) {
        this.inode = inode;
        this.content = content;
        this.epoch = epoch;
        this.sequence = sequence;
    }

    long inode() {
        return inode;
    }

    long content() {
        return content;
    }

    long epoch() {
        return epoch;
    }

    long sequence() {
        return sequence;
    }

    /** New extents, in offset order. */
    List<NewExtent> extents() {
        return extents;
    }

    /** Ranges whose old extents go, in offset order: holes, and what is cut anew. */
    List<Range> replaced() {
        return replaced;
    }

    /** Ranges that will not be dirty any more, but for what was written since. */
    List<Range> covered() {
        return covered;
    }

    /**
     * A chunk and where it belongs.
     *
     * @param offset first byte in the content
     * @param length plain bytes
     */
    record NewExtent(long offset, int length, StoringChunk chunk) {}

    /** Bytes {@code [from, to)} of the content. */
    record Range(long from, long to) {}
}
