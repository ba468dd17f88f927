package org.cairnfs.core.gc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.metadata.row.CheckpointRow;

/**
 * Which roots, log objects and packs of checkpoints are needed: by restore points, and by whoever opens the file system, now or within the
 * window. Immutable.
 *
 * @param roots with a row, by sequence
 * @param base the root from which on each barrier can be restored; later roots are needed too, with a row or without, as the chain goes
 *     through them. Empty: everything is needed
 * @param logsBehind log objects behind this position are needed
 * @param stretches and those in these, for the restore points before the floor
 * @param packs of checkpoints
 * @param broken restore points that are not whole in the bucket any more
 */
record KeptObjects(
        Set<Long> roots,
        OptionalLong base,
        Logs.Position logsBehind,
        List<Stretch> stretches,
        Set<PackName> packs,
        List<CheckpointRow> broken) {

    /** Log objects behind the first position, up to the second. */
    record Stretch(Logs.Position after, Logs.Position through) {
        boolean holds(Logs.Position position) {
            return position.compareTo(after) > 0 && position.compareTo(through) <= 0;
        }
    }

    /**
     * Finds out.
     *
     * @param points rows of restore points
     * @param logs positions of all log objects, listed after the rows were read
     * @param present sequences of all roots, listed after the rows were read
     */
    static KeptObjects of(
            List<CheckpointRow> points, long floor, List<Logs.Position> logs, List<Long> present, RootHeads all)
            throws IOException {
        Set<Long> roots = new HashSet<>();
        List<CheckpointRow> broken = new ArrayList<>();
        Optional<RootHead> base = Optional.empty();
        for (CheckpointRow point : points) { // ascending
            Optional<RootHead> head = all.head(sequence(point));
            if (head.isEmpty()) {
                broken.add(point);
                continue;
            }
            base = point.sequence() <= floor ? head : base;
            roots.add(head.get().sequence());
        }
        List<Stretch> stretches = new ArrayList<>();
        for (CheckpointRow point : points) {
            Optional<RootHead> head = all.head(sequence(point));
            if (head.isEmpty()
                    || base.isEmpty()
                    || head.get().sequence() >= base.get().sequence()) {
                continue;
            }
            Optional<Logs.Position> through = all.barrierBehind(head.get(), logs);
            if (through.isPresent()) {
                stretches.add(new Stretch(head.get().position(), through.get()));
            } else {
                broken.add(point);
                roots.remove(head.get().sequence());
            }
        }
        OptionalLong from = base.map(head -> OptionalLong.of(head.sequence())).orElse(OptionalLong.empty());
        Set<PackName> packs = new HashSet<>();
        for (long sequence : present) {
            if (keepsRoot(from, roots, sequence)) {
                all.head(sequence).ifPresent(head -> packs.addAll(head.packs()));
            }
        }
        Logs.Position behind = base.map(RootHead::position).orElse(Logs.Position.START);
        return new KeptObjects(roots, from, behind, stretches, packs, broken);
    }

    private static long sequence(CheckpointRow point) {
        return BucketLayout.rootSequence(point.objectKey())
                .orElseThrow(() -> new IllegalStateException("a restore point with root " + point.objectKey()));
    }

    boolean keepsRoot(long sequence) {
        return keepsRoot(base, roots, sequence);
    }

    private static boolean keepsRoot(OptionalLong base, Set<Long> roots, long sequence) {
        return base.isEmpty() || sequence >= base.getAsLong() || roots.contains(sequence);
    }

    boolean keepsLog(Logs.Position position) {
        return position.compareTo(logsBehind) > 0 || stretches.stream().anyMatch(stretch -> stretch.holds(position));
    }
}
