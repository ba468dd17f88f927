package org.cairnfs.core.data.flush;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.data.read.Waiting;
import org.cairnfs.core.fs.FsException;

/**
 * What a flush stored of one content: over which ranges its extents are replaced, and by what, as of the moment that was
 * flushed; whatever happened to the content since.
 *
 * @param replaced in offset order; what no extent covers of them reads as zeros
 * @param extents in offset order, within the replaced ranges
 */
public record FlushedContent(long inode, long content, List<Range> replaced, List<Extent> extents) {
    /** Bytes {@code [from, to)} of the content. */
    public record Range(long from, long to) {}

    /** A whole chunk, by its number, from {@code offset} of the content on. */
    public record Extent(long offset, int length, long chunk) {}

    /** Waits for the chunks. */
    static FlushedContent of(FlushPlan plan) throws FsException {
        List<Extent> extents = new ArrayList<>(plan.extents().size());
        for (FlushPlan.NewExtent extent : plan.extents()) {
            extents.add(new Extent(
                    extent.offset(),
                    extent.length(),
                    Waiting.join(extent.chunk().stored())));
        }
        return new FlushedContent(
                plan.inode(),
                plan.content(),
                plan.replaced().stream()
                        .map(range -> new Range(range.from(), range.to()))
                        .toList(),
                extents);
    }
}
