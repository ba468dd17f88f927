package org.cairnfs.core.gc;

/**
 * What a run did, or would do.
 *
 * @param packs in the bucket before, of file data
 * @param packBytes of them
 * @param liveBytes of their chunks that are referred to
 * @param rewrittenPacks whose living part went elsewhere
 * @param rewrittenBytes that were copied
 * @param retiredPacks of which nothing is needed by the present any more
 * @param waitingPacks retired, but a restore needs them still
 * @param waitingBytes of them
 * @param deletedPacks objects of file data and of checkpoints
 * @param deletedBytes of packs of file data
 * @param deletedRoots checkpoints
 * @param deletedLogs log objects
 * @param strays objects that belonged to nothing
 * @param damagedPacks that are left alone, as a chunk in them cannot be read, and those whose length somebody changed
 * @param oldKeyPacks that are still sealed with a key of before a rotation; more than 10,000 count as these
 * @param restorePoints that there are
 * @param more whether the bounds of a run left something for the next
 */
public record GcReport(
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
        long deletedRoots,
        long deletedLogs,
        long strays,
        long damagedPacks,
        long oldKeyPacks,
        long restorePoints,
        boolean more) {

    /** Whether anything was taken out of the bucket. */
    public boolean isDeleted() {
        return deletedPacks + deletedRoots + deletedLogs + strays > 0;
    }
}
