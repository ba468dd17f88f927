package org.cairnfs.server.app;

import org.cairnfs.core.gc.GcReport;

/**
 * What a garbage collection did, or would do. Sizes are bytes.
 *
 * @param dryRun whether it only would
 * @param packs of file data before
 * @param packBytes of them
 * @param liveBytes of them that files and snapshots refer to
 * @param rewrittenPacks whose living part was copied elsewhere
 * @param rewrittenBytes that were copied
 * @param retiredPacks that the present does not need any more
 * @param waitingPacks that only restore points or the window need
 * @param waitingBytes of those
 * @param deletedPacks that are gone
 * @param deletedBytes of them
 * @param deletedCheckpoints that are gone
 * @param deletedLogs pieces of log that are gone
 * @param strays that belonged to nothing, and are gone
 * @param damagedPacks that are left alone
 * @param oldKeyPacks that are sealed with a key of before a rotation still
 * @param restorePoints that there are now
 * @param more whether the bounds of a run left something for the next
 */
public record GarbageReport(
        boolean dryRun,
        long packs,
        long packBytes,
        long liveBytes,
        long rewrittenPacks,
        long rewrittenBytes,
        long retiredPacks,
        long waitingPacks,
        long waitingBytes,
        long deletedPacks,
        long deletedBytes,
        long deletedCheckpoints,
        long deletedLogs,
        long strays,
        long damagedPacks,
        long oldKeyPacks,
        long restorePoints,
        boolean more) {

    static GarbageReport of(GcReport report, boolean dryRun) {
        return new GarbageReport(
                dryRun,
                report.packs(),
                report.packBytes(),
                report.liveBytes(),
                report.rewrittenPacks(),
                report.rewrittenBytes(),
                report.retiredPacks(),
                report.waitingPacks(),
                report.waitingBytes(),
                report.deletedPacks(),
                report.deletedBytes(),
                report.deletedRoots(),
                report.deletedLogs(),
                report.strays(),
                report.damagedPacks(),
                report.oldKeyPacks(),
                report.restorePoints(),
                report.more());
    }
}
