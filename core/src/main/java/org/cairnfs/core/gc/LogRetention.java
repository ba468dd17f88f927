package org.cairnfs.core.gc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.metadata.row.CheckpointRow;

/**
 * Deletes roots, packs of checkpoints and log objects that no target needs. Roots go before what they refer to, and the log from its oldest
 * object on: whatever is left when the server dies is found again by the next run. Not thread-safe.
 */
final class LogRetention {
    private final GcParts parts;
    private final RestorePoints points;
    private final RootHeads heads;
    private final Deletions deletions;

    LogRetention(GcParts parts, RestorePoints points, RootHeads heads, Deletions deletions) {
        this.parts = parts;
        this.points = points;
        this.heads = heads;
        this.deletions = deletions;
    }

    /** What is needed, by the rows as they are now. */
    KeptObjects kept() throws IOException {
        return kept(points.all(), points.floor());
    }

    private KeptObjects kept(List<CheckpointRow> rows, long floor) throws IOException {
        Bucket bucket = parts.bucket();
        return KeptObjects.of(
                rows, floor, bucket.logs().positions(), bucket.roots().sequences(), heads);
    }

    /**
     * What is not.
     *
     * @param roots by sequence
     * @param packs that only those roots refer to
     */
    record Surplus(List<Long> roots, Set<PackName> packs, List<Logs.Position> logs) {}

    /**
     * Finds out what is not needed for these restore points and this floor; before it is deleted, they and every barrier that this relies on
     * must be in the bucket.
     */
    Surplus surplus(List<CheckpointRow> rows, long floor) throws IOException {
        Bucket bucket = parts.bucket();
        Set<PackName> underWay = parts.checkpoints().packsUnderWay();
        List<Long> present = bucket.roots().sequences();
        heads.retain(present);
        KeptObjects kept = kept(rows, floor);
        List<Long> roots = new ArrayList<>();
        Set<PackName> packs = new HashSet<>();
        for (long sequence : present) {
            if (!kept.keepsRoot(sequence)) {
                roots.add(sequence);
                heads.head(sequence).ifPresent(head -> packs.addAll(head.packs()));
            }
        }
        packs.removeAll(kept.packs());
        packs.removeAll(underWay);
        parts.checkpoints()
                .newest()
                .ifPresent(root ->
                        root.chunks().forEach(chunk -> packs.remove(chunk.pack().name())));
        List<Logs.Position> logs = bucket.logs().positions().stream()
                .filter(position -> !kept.keepsLog(position))
                .toList();
        return new Surplus(roots, packs, logs);
    }

    void run(int most, Tally tally) throws IOException, BucketException {
        Surplus surplus = surplus(points.all(), points.floor());
        deletions.delete(
                first(surplus.roots(), most, tally), BucketLayout::root, gone -> tally.deletedRoots += gone.size());
        deletions.delete(List.copyOf(surplus.packs()), PackName::objectKey, gone -> tally.deletedPacks += gone.size());
        deletions.delete(
                first(surplus.logs(), most, tally),
                position -> BucketLayout.log(position.incarnation(), position.number()),
                gone -> tally.deletedLogs += gone.size());
    }

    private static <T> List<T> first(List<T> all, int most, Tally tally) {
        tally.more |= all.size() > most;
        return all.subList(0, Math.min(most, all.size()));
    }
}
