package org.cairnfs.core.data.flush;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.data.chunk.Chunker;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.data.dirty.DirtySnapshot;
import org.cairnfs.core.data.read.Piece;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.data.read.Pieces;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.row.ExtentRow;

/**
 * Turns what is dirty in a content into a plan: cuts the changed parts anew and begins to store their chunks.
 *
 * <p>Looks at the extents around the changes only, so an edit in a large file costs the edit. Changes that are near each other
 * are one cluster, cut in one go. Used by one thread at a time, the one that flushes.
 */
final class FlushPlanner {
    /** How far behind a change old chunks are looked at for a common cut, in chunks of the maximal size. */
    private static final int LOOK_AHEAD_CHUNKS = 8;

    private final MetadataStore metadata;
    private final DirtyMap dirty;
    private final Recutter recutter;
    private final ChunkStore chunks;
    private final long lookAhead;

    FlushPlanner(MetadataStore metadata, DirtyMap dirty, Chunker chunker, PieceReader reader, ChunkStore chunks) {
        this.metadata = metadata;
        this.dirty = dirty;
        this.recutter = new Recutter(chunker, reader);
        this.chunks = chunks;
        this.lookAhead = (long) LOOK_AHEAD_CHUNKS * chunker.sizes().max();
    }

    /**
     * Plans the flush of a snapshot, of about {@code maxBytes} at most: what is behind stays dirty.
     *
     * @param size of the file at the snapshot
     */
    FlushPlan plan(DirtySnapshot snapshot, long size, long maxBytes) throws FsException {
        FlushPlan plan = new FlushPlan(snapshot.inode(), snapshot.content(), snapshot.epoch(), snapshot.sequence());
        long limit = limit(snapshot, maxBytes);
        long done = 0;
        for (FlushPlan.Range cluster : clusters(snapshot.ranges())) {
            if (cluster.from() >= limit) {
                break;
            }
            done = planCluster(plan, snapshot.ranges(), cluster, done, size, limit);
        }
        for (DirtyRange range : snapshot.ranges()) {
            if (range.isHole() && range.offset() < limit) {
                plan.replaced().add(new FlushPlan.Range(range.offset(), range.end()));
            }
        }
        plan.covered().add(new FlushPlan.Range(snapshot.from(), Math.max(limit, done)));
        return plan;
    }

    /** The end of the first {@code maxBytes} of journaled bytes; the end of all if there are no more. */
    private static long limit(DirtySnapshot snapshot, long maxBytes) {
        long bytes = 0;
        for (DirtyRange range : snapshot.ranges()) {
            bytes += range.isHole() ? 0 : range.length();
            if (bytes >= maxBytes) {
                return range.end();
            }
        }
        return snapshot.to();
    }

    /** Groups what was written: two ranges are in one cluster if less than the look-ahead lies between them. */
    private List<FlushPlan.Range> clusters(List<DirtyRange> ranges) {
        List<FlushPlan.Range> clusters = new ArrayList<>();
        long from = -1;
        long to = -1;
        for (DirtyRange range : ranges) {
            if (range.isHole()) {
                continue;
            }
            if (from >= 0 && range.offset() - to > lookAhead) {
                clusters.add(new FlushPlan.Range(from, to));
                from = -1;
            }
            from = from < 0 ? range.offset() : from;
            to = range.end();
        }
        if (from >= 0) {
            clusters.add(new FlushPlan.Range(from, to));
        }
        return clusters;
    }

    private long planCluster(
            FlushPlan plan, List<DirtyRange> dirty, FlushPlan.Range cluster, long done, long size, long limit)
            throws FsException {
        long first = Math.max(done, cluster.from());
        long end = Math.min(size, saturatedAdd(cluster.to(), lookAhead));
        if (first >= end) {
            return done;
        }
        List<ExtentRow> extents = extents(plan, Math.max(done, first - 1), end);
        long begin = first;
        if (!extents.isEmpty()
                && extents.get(0).offset() < first
                && extents.get(0).end() >= first) {
            begin = Math.max(done, extents.get(0).offset());
        }
        List<DirtyRange> within = within(dirty, begin, end);
        List<Piece> pieces = Pieces.merge(begin, end, within, extents);
        long stopped = recutter.run(pieces, Math.min(limit, end), new Recutter.Sink() {
            @Override
            public void chunk(CutChunk chunk) throws FsException {
                plan.extents()
                        .add(new FlushPlan.NewExtent(
                                chunk.offset(), chunk.bytes().length, chunks.store(chunk.bytes())));
            }

            @Override
            public void replaced(long from, long to) {
                plan.replaced().add(new FlushPlan.Range(from, to));
            }
        });
        return Math.max(done, stopped);
    }

    /**
     * The extents as they were at the snapshot, or none where a clone has put others since: what is cut anew must not reach into
     * those. They are looked at first, so a clone whose extents are among them has told the dirty map when the lock is had.
     */
    private List<ExtentRow> extents(FlushPlan plan, long from, long to) throws FsException {
        List<ExtentRow> extents = metadata.view().extents(plan.content(), from, to, Integer.MAX_VALUE);
        return clonedSince(plan, from, to)
                .map(cloned -> cloned.isEmpty() ? extents : outside(extents, cloned))
                .orElse(List.of());
    }

    /** Where something was cloned into the content since the snapshot; empty if that is not known, as the content is no more. */
    private Optional<List<DirtyRange>> clonedSince(FlushPlan plan, long from, long to) throws FsException {
        try {
            return metadata.locked(
                    plan.inode(),
                    (row, appender) -> dirty.content(plan.content())
                            .map(content -> content.unlikeAt(plan.sequence(), plan.epoch(), from, to)));
        } catch (FsException e) {
            if (e.errno() != Errno.ESTALE) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** The parts of extents that no range touches. */
    private static List<ExtentRow> outside(List<ExtentRow> extents, List<DirtyRange> ranges) {
        List<ExtentRow> left = new ArrayList<>();
        for (ExtentRow extent : extents) {
            long at = extent.offset();
            for (DirtyRange range : ranges) {
                if (range.end() > at && range.offset() < extent.end()) {
                    addPart(left, extent, at, range.offset());
                    at = range.end();
                }
            }
            addPart(left, extent, at, extent.end());
        }
        return left;
    }

    private static void addPart(List<ExtentRow> to, ExtentRow extent, long from, long end) {
        if (from < end) {
            int chunkOffset = extent.chunkOffset() + (int) (from - extent.offset());
            to.add(new ExtentRow(extent.content(), from, end - from, extent.chunk(), chunkOffset, extent.born()));
        }
    }

    /** The ranges that touch {@code [from, to)}, cut to it. */
    private static List<DirtyRange> within(List<DirtyRange> ranges, long from, long to) {
        int low = 0;
        int high = ranges.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).end() <= from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        List<DirtyRange> found = new ArrayList<>();
        for (int i = low; i < ranges.size() && ranges.get(i).offset() < to; i++) {
            found.add(ranges.get(i).within(from, to));
        }
        return found;
    }

    private static long saturatedAdd(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }
}
