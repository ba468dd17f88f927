package org.cairnfs.core.data.extent;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.ExtentRow;

/**
 * Changes the extents of one content inside a mutation: cuts ranges out, puts new extents in, and says afterwards which chunks
 * may have lost their last reference.
 *
 * <p>Keeps the invariant that extents of a content do not overlap: what is put must have been cut out before.
 */
public final class ExtentEditor {
    private static final int PAGE = 1_000;

    private final Transaction transaction;
    private final long content;
    private final Set<Long> touched = new LinkedHashSet<>();
    private long bytes;

    public ExtentEditor(Transaction transaction, long content) {
        this.transaction = transaction;
        this.content = content;
    }

    /** Removes what is in {@code [from, to)}; extents that reach out of it keep what is outside. */
    public void cut(long from, long to) {
        boolean more = true;
        while (more) {
            more = cutSome(from, to, PAGE);
        }
    }

    /**
     * Like {@link #cut}, of {@code limit} extents at most.
     *
     * @return whether there may be more to cut
     */
    public boolean cutSome(long from, long to, int limit) {
        List<ExtentRow> found = transaction.extents(content, from, to, limit);
        for (ExtentRow extent : found) {
            cut(extent, from, to);
        }
        return found.size() == limit;
    }

    /** Puts an extent where nothing is. */
    public void put(long offset, long length, long chunk, int chunkOffset) {
        transaction.put(new ExtentRow(content, offset, length, chunk, chunkOffset, 0));
        bytes += length;
    }

    /** How many more (or fewer) bytes the extents hold. */
    public long bytes() {
        return bytes;
    }

    /** Chunks of which a part was cut out: each may be unreferenced now, or still be in use. */
    public Set<Long> touched() {
        return touched;
    }

    private void cut(ExtentRow extent, long from, long to) {
        long start = Math.max(extent.offset(), from);
        long stop = Math.min(extent.end(), to);
        transaction.delete(extent.key());
        touched.add(extent.chunk());
        bytes -= stop - start;
        if (extent.offset() < from) {
            transaction.put(new ExtentRow(
                    content, extent.offset(), from - extent.offset(), extent.chunk(), extent.chunkOffset(), 0));
        }
        if (extent.end() > to) {
            int skipped = extent.chunkOffset() + (int) (to - extent.offset());
            transaction.put(new ExtentRow(content, to, extent.end() - to, extent.chunk(), skipped, 0));
        }
    }
}
