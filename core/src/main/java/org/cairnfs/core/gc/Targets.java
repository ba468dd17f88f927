package org.cairnfs.core.gc;

import java.util.List;
import org.cairnfs.core.metadata.row.CheckpointRow;
import org.cairnfs.core.metadata.row.PackRow;

/**
 * All states that can be restored: "The rule" of {@code docs/garbage-collection.md}.
 *
 * @param floor from this sequence on each barrier can be; 0: from the beginning
 * @param newest sequence of the newest barrier
 * @param points restore points, above and below the floor
 */
record Targets(long floor, long newest, List<CheckpointRow> points) {
    /** Copies the list. */
    Targets {
        points = List.copyOf(points);
    }

    /** Whether some target may need a pack that is retired. */
    boolean need(PackRow pack) {
        long retired = pack.deadSequence();
        if (retired >= floor || retired >= newest) {
            return true;
        }
        for (CheckpointRow point : points) {
            if (point.sequence() <= retired && pack.pack() < point.packs()) {
                return true;
            }
        }
        return false;
    }
}
