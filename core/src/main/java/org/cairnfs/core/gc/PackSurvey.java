package org.cairnfs.core.gc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.cairnfs.core.data.pack.PackRows;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.row.PackRow;

/**
 * A look at the rows of all packs: what is worth while to rewrite, what is dead, what is to be deleted. Lists are bounded; what does not fit
 * is found by the next look. Immutable.
 *
 * @param packs how many there are, {@code PENDING} ones left out
 * @param bytes of them
 * @param liveBytes of their chunks that are referred to
 * @param leftovers {@code PENDING}
 * @param dead without a chunk that is referred to
 * @param sparse with little that is, the emptiest first
 * @param small the shortest first; none if they are few
 * @param oldKey sealed with a key of before a rotation
 * @param free retired, and no target needs them
 * @param waiting how many are retired, and some target does
 * @param waitingBytes of those
 * @param more whether a list was too short
 */
record PackSurvey(
        long packs,
        long bytes,
        long liveBytes,
        List<PackRow> leftovers,
        List<PackRow> dead,
        List<PackRow> sparse,
        List<PackRow> small,
        List<PackRow> oldKey,
        List<PackRow> free,
        long waiting,
        long waitingBytes,
        boolean more) {
    static final int MOST = 10_000;

    /**
     * Looks.
     *
     * @param generation of the master key that new packs are sealed with
     * @param deadBefore a pack that died at this sequence or later is not listed as dead
     */
    static PackSurvey of(MetadataView view, GcPolicy policy, Targets targets, int generation, long deadBefore) {
        return new Look(policy, targets, generation, deadBefore).run(view);
    }

    /** What lives of a pack, 0 to 1. */
    static double liveShare(PackRow pack) {
        return (double) pack.liveBytes() / Math.max(1, pack.size());
    }

    private static final class Look {
        private final GcPolicy policy;
        private final Targets targets;
        private final int generation;
        private final long deadBefore;
        private final List<PackRow> oldKey = new ArrayList<>();
        private final List<PackRow> leftovers = new ArrayList<>();
        private final List<PackRow> dead = new ArrayList<>();
        private final List<PackRow> free = new ArrayList<>();

        /** Both with what is worth least at the head. */
        private final PriorityQueue<PackRow> sparse = new PriorityQueue<>(
                Comparator.comparingDouble(PackSurvey::liveShare).reversed());

        private final PriorityQueue<PackRow> small =
                new PriorityQueue<>(Comparator.comparingLong(PackRow::size).reversed());
        private long packs;
        private long bytes;
        private long liveBytes;
        private long waiting;
        private long waitingBytes;
        private boolean more;

        Look(GcPolicy policy, Targets targets, int generation, long deadBefore) {
            this.policy = policy;
            this.targets = targets;
            this.generation = generation;
            this.deadBefore = deadBefore;
        }

        PackSurvey run(MetadataView view) {
            Rows.visit(view, PackRow.class, pack -> {
                look(pack);
                return true;
            });
            List<PackRow> sparseFirst = new ArrayList<>(sparse);
            sparseFirst.sort(Comparator.comparingDouble(PackSurvey::liveShare));
            List<PackRow> smallFirst = small.size() < policy.smallPacks() ? new ArrayList<>() : new ArrayList<>(small);
            smallFirst.sort(Comparator.comparingLong(PackRow::size));
            return new PackSurvey(
                    packs,
                    bytes,
                    liveBytes,
                    leftovers,
                    dead,
                    sparseFirst,
                    smallFirst,
                    oldKey,
                    free,
                    waiting,
                    waitingBytes,
                    more);
        }

        private void look(PackRow pack) {
            switch (pack.state()) {
                case PENDING -> add(leftovers, pack);
                case RETIRING -> {
                    count(pack);
                    if (targets.need(pack)) {
                        waiting++;
                        waitingBytes += pack.size();
                    } else {
                        add(free, pack);
                    }
                }
                default -> {
                    count(pack);
                    if (pack.liveBytes() == 0) {
                        if (pack.deadSequence() < deadBefore) {
                            add(dead, pack);
                        }
                    } else if (liveShare(pack) * 100 < policy.liveBelowPercent()) {
                        add(sparse, pack);
                    } else if (PackRows.info(pack).seal().generation() < generation) {
                        add(oldKey, pack);
                    } else if (pack.size() < policy.smallPackBytes()) {
                        add(small, pack);
                    }
                }
            }
        }

        private void count(PackRow pack) {
            packs++;
            bytes += pack.size();
            liveBytes += pack.liveBytes();
        }

        private void add(List<PackRow> list, PackRow pack) {
            if (list.size() < MOST) {
                list.add(pack);
            } else {
                more = true;
            }
        }

        private void add(PriorityQueue<PackRow> queue, PackRow pack) {
            queue.add(pack);
            if (queue.size() > MOST) {
                queue.remove();
                more = true;
            }
        }
    }
}
