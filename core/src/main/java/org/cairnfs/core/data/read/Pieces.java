package org.cairnfs.core.data.read;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.metadata.row.ExtentRow;

/** Lays dirty ranges over extents: the one place that says where a byte of a file is. */
public final class Pieces {
    private Pieces() {}

    /**
     * The pieces of {@code [from, to)}, in order, without gap or overlap.
     *
     * @param dirty ranges within {@code [from, to)}, in offset order
     * @param extents that touch {@code [from, to)}, in offset order
     */
    public static List<Piece> merge(long from, long to, List<DirtyRange> dirty, List<ExtentRow> extents) {
        List<Piece> pieces = new ArrayList<>(dirty.size() + extents.size() + 1);
        long at = from;
        for (DirtyRange range : dirty) {
            stored(pieces, at, range.offset(), extents);
            if (range.isHole()) {
                zeros(pieces, range.offset(), range.end());
            } else {
                pieces.add(new Piece.Journaled(range.offset(), range.end(), range.payload(), range.payloadOffset()));
            }
            at = range.end();
        }
        stored(pieces, at, to, extents);
        return pieces;
    }

    private static void stored(List<Piece> pieces, long from, long to, List<ExtentRow> extents) {
        long at = from;
        for (int i = firstEndingAfter(extents, from); i < extents.size() && at < to; i++) {
            ExtentRow extent = extents.get(i);
            if (extent.offset() >= to) {
                break;
            }
            long start = Math.max(at, extent.offset());
            long stop = Math.min(to, extent.end());
            zeros(pieces, at, start);
            int chunkOffset = extent.chunkOffset() + (int) (start - extent.offset());
            pieces.add(new Piece.Stored(start, stop, extent.chunk(), chunkOffset, chunkOffset == 0));
            at = stop;
        }
        zeros(pieces, at, to);
    }

    /** Joins with a hole right before. */
    private static void zeros(List<Piece> pieces, long from, long to) {
        if (from >= to) {
            return;
        }
        int last = pieces.size() - 1;
        if (last >= 0 && pieces.get(last) instanceof Piece.Zeros before && before.end() == from) {
            pieces.set(last, new Piece.Zeros(before.offset(), to));
        } else {
            pieces.add(new Piece.Zeros(from, to));
        }
    }

    private static int firstEndingAfter(List<ExtentRow> extents, long offset) {
        int low = 0;
        int high = extents.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (extents.get(middle).end() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
