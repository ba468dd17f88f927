package org.cairnfs.core.gc;

import java.time.Duration;

/**
 * When packs are rewritten, how much one run may do, and how long it waits.
 *
 * @param liveBelowPercent a pack is rewritten when what lives of it is less than this part
 * @param smallPackBytes a pack shorter than this is small
 * @param smallPacks so many small packs are made one
 * @param rewriteBytes how many living bytes a run may rewrite
 * @param deletions how many objects a run may delete of each kind
 * @param grace how long something must have been dead before it is let go, and how old a stray must be
 */
public record GcPolicy(
        int liveBelowPercent,
        long smallPackBytes,
        int smallPacks,
        long rewriteBytes,
        int deletions,
        Duration grace,
        Retention retention) {
    /** 70 %, 16 packs below 4 MiB, 8 GiB, 20,000 objects, half a minute. */
    public static final GcPolicy DEFAULT =
            new GcPolicy(70, 4 << 20, 16, 8L << 30, 20_000, Duration.ofSeconds(30), Retention.DEFAULT);

    /** Checks the bounds. */
    public GcPolicy {
        if (liveBelowPercent < 0 || liveBelowPercent > 100 || smallPacks < 2 || deletions < 1 || grace.isNegative()) {
            throw new IllegalArgumentException("policy of garbage collection out of bounds");
        }
    }

    /** The same with another retention. */
    public GcPolicy withRetention(Retention other) {
        return new GcPolicy(liveBelowPercent, smallPackBytes, smallPacks, rewriteBytes, deletions, grace, other);
    }

    /** The same with another grace time. */
    public GcPolicy withGrace(Duration other) {
        return new GcPolicy(liveBelowPercent, smallPackBytes, smallPacks, rewriteBytes, deletions, other, retention);
    }

    /** The same with other bounds of one run. */
    public GcPolicy withBounds(long otherRewriteBytes, int otherDeletions) {
        return new GcPolicy(
                liveBelowPercent, smallPackBytes, smallPacks, otherRewriteBytes, otherDeletions, grace, retention);
    }
}
