package org.cairnfs.core.check;

import org.cairnfs.core.metadata.RowCursor;
import org.cairnfs.core.metadata.row.RowKey;

/**
 * Finds directories from which the way up leads to no top but round in a circle.
 *
 * <p>By pointer jumping: for each directory its ancestor is known that is 1, then 2, then 4 steps up, and so on; those that have come to a top
 * are done. After as many rounds as the number of directories has bits, what is left goes round. Each round is two sorts, so memory is
 * bounded and depth costs only its logarithm.
 */
final class ReachabilityCheck {
    private static final long TOP = 0;

    private final CheckScope scope;
    private long left;

    ReachabilityCheck(CheckScope scope) {
        this.scope = scope;
    }

    /** @param places see {@link NamespaceCheck#places} */
    void run(SortedRecords places) {
        scope.begin("ways up", -1);
        SortedRecords ancestors = open(places.sorted());
        long bound = left;
        for (long steps = 1; left > 0 && steps <= bound; steps *= 2) {
            SortedRecords next = jump(ancestors);
            ancestors.close();
            ancestors = next;
        }
        for (RowCursor<long[]> rest = ancestors.sorted(); rest.hasNext(); ) {
            long directory = rest.next()[0];
            scope.findings()
                    .add(
                            FindingKind.LOOP,
                            new RowKey.Inode(directory),
                            "directory " + directory + " is below itself, or below one that is");
        }
    }

    private SortedRecords open(RowCursor<long[]> places) {
        SortedRecords ancestors = scope.sorter(2);
        left = 0;
        while (places.hasNext()) {
            add(ancestors, places.next());
        }
        return ancestors;
    }

    private void add(SortedRecords ancestors, long[] place) {
        if (place[1] != TOP) {
            ancestors.add(place);
            left++;
        }
        scope.step();
    }

    /** From each ancestor to its own. One that is not among those that are left has come to a top, or is missing, which others tell. */
    private SortedRecords jump(SortedRecords ancestors) {
        SortedRecords byAncestor = scope.sorter(2);
        SortedRecords kept = scope.sorter(2);
        for (RowCursor<long[]> rows = ancestors.sorted(); rows.hasNext(); ) {
            long[] row = rows.next();
            byAncestor.add(row[1], row[0]);
            kept.add(row);
        }
        SortedRecords next = scope.sorter(2);
        left = 0;
        RowCursor<long[]> table = kept.sorted();
        for (RowCursor<long[]> rows = byAncestor.sorted(); rows.hasNext(); ) {
            long[] row = rows.next();
            while (table.hasNext() && table.peek()[0] < row[0]) {
                table.next();
            }
            if (table.hasNext() && table.peek()[0] == row[0]) {
                add(next, new long[] {row[1], table.peek()[1]});
            }
        }
        byAncestor.close();
        kept.close();
        return next;
    }
}
