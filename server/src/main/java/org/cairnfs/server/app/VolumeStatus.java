package org.cairnfs.server.app;

import org.cairnfs.core.volume.Caches;
import org.cairnfs.server.config.Durability;

/**
 * How an open file system is, at one moment. Times are milliseconds since 1970 UTC, 0 for "never"; sizes are bytes.
 *
 * @param fileSystemId the random identity that mkfs gave
 * @param label that mkfs gave; may be empty
 * @param storage the storage URL, without secrets
 * @param compression of new data, e.g. "zstd-3"
 * @param incarnation the number of this start, never repeated
 * @param durability what "stable" means on this server
 * @param openedAt when this volume was opened
 * @param following how it follows the bucket, if it only reads it
 * @param link newest link of the roll-back chain, for {@code serve --at-least}; empty before the first
 */
public record VolumeStatus(
        String fileSystemId,
        String label,
        String storage,
        boolean encrypted,
        String compression,
        long incarnation,
        Durability durability,
        State state,
        long openedAt,
        Journal journal,
        Cache cache,
        Dirty dirty,
        Uploads uploads,
        Barrier barrier,
        Garbage garbage,
        Scrub scrub,
        Following following,
        String link) {

    /** What the volume is doing. */
    public enum State {
        SERVING,
        /** Serves from journal and cache; uploads are tried again until the object store answers. */
        STORE_UNREACHABLE,
        STOPPING,
        /** Refuses everything: see the log. */
        FAILED
    }

    /**
     * @param bytes in all kept segments
     * @param bound at which mutations wait
     * @param lastSequence newest record
     * @param syncedSequence newest record known to be on the disk
     * @param shortage why changes wait for room; empty while they do not
     */
    public record Journal(long bytes, long bound, long lastSequence, long syncedSequence, String shortage) {}

    /**
     * Bytes of decoded chunks on the heap and of sealed ranges on the disk, with their bounds.
     *
     * @param heapHits how often since the start a chunk was on the heap that a read wanted
     * @param heapMisses how often it was not
     */
    public record Cache(
            long heapBytes, long heapBound, long diskBytes, long diskBound, long heapHits, long heapMisses) {
        static Cache of(Caches caches) {
            return new Cache(
                    caches.memoryBytes(),
                    caches.memoryBound(),
                    caches.diskBytes(),
                    caches.diskBound(),
                    caches.memoryHits(),
                    caches.memoryMisses());
        }
    }

    /** Bytes written by clients that are in no pack yet, and the bound at which writers wait. */
    public record Dirty(long bytes, long bound) {}

    /**
     * @param pendingObjects waiting to be uploaded or being uploaded
     * @param lastSuccess time of the last successful upload
     * @param lastError what the object store last failed with; empty since the last success
     */
    public record Uploads(long pendingObjects, long pendingBytes, long lastSuccess, String lastError) {}

    /**
     * The newest state that the bucket alone gives back.
     *
     * @param sequence up to which the bucket holds everything
     * @param takenAt when that sequence was the newest
     * @param behindMillis age of the oldest change that the bucket lacks; 0 when it lacks none
     */
    public record Barrier(long sequence, long takenAt, long behindMillis) {}

    /**
     * How a read-only volume follows the bucket. Its {@link Barrier} is the one that is shown, and {@code behindMillis} how long ago that
     * was known to be the newest, if looking for a later one fails since.
     *
     * @param readOnly whether the volume only reads the bucket; if not, the rest is of no meaning
     * @param lookedAt when the barrier was known to be the newest
     * @param lastError why no later one could be looked for; empty if that worked
     */
    public record Following(boolean readOnly, long lookedAt, String lastError) {
        /** Of a volume that writes. */
        public static final Following NONE = new Following(false, 0, "");
    }

    /**
     * How far reading all data back in the background is.
     *
     * @param everyMillis from the end of one time to the next; 0 if it is not done by a schedule
     * @param begunAt when the one that is under way, or the last one, was begun; 0 if there was none
     * @param endedAt when the last one ended; 0 if none did
     * @param checked pieces of data that the newest has read so far
     * @param chunks that there are, garbage included
     * @param damaged of those that were read, which could not be; those included that were repaired
     * @param lastError why it cannot go on now; empty if it can
     */
    public record Scrub(
            long everyMillis,
            long begunAt,
            long endedAt,
            long checked,
            long chunks,
            long damaged,
            long repaired,
            String lastError) {
        /** Of a volume that is only read. */
        public static final Scrub NONE = new Scrub(0, 0, 0, 0, 0, 0, 0, "");
    }

    /**
     * The last garbage collection of this start.
     *
     * @param endedAt 0 if there was none yet
     * @param waitingBytes in packs that only restore points or the window need
     * @param deletedBytes of packs that it deleted
     * @param restorePoints that there were at its end
     * @param lastError why the last one in the background was broken off; empty if it was not
     */
    public record Garbage(long endedAt, long waitingBytes, long deletedBytes, long restorePoints, String lastError) {}
}
