package org.cairnfs.core.gc;

/** Counts what a run does; becomes its {@link GcReport}. For one thread. */
final class Tally {
    long packs;
    long packBytes;
    long liveBytes;
    long rewrittenPacks;
    long rewrittenBytes;
    long retiredPacks;
    long waitingPacks;
    long waitingBytes;
    long deletedPacks;
    long deletedBytes;
    long deletedRoots;
    long deletedLogs;
    long strays;
    long damagedPacks;
    long oldKeyPacks;
    long restorePoints;
    boolean more;

    GcReport report() {
        return new GcReport(
                packs,
                packBytes,
                liveBytes,
                rewrittenPacks,
                rewrittenBytes,
                retiredPacks,
                waitingPacks,
                waitingBytes,
                deletedPacks,
                deletedBytes,
                deletedRoots,
                deletedLogs,
                strays,
                damagedPacks,
                oldKeyPacks,
                restorePoints,
                more);
    }
}
