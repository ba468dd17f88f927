package org.cairnfs.core.fs;

/**
 * What statfs(2) tells. The store has no size of its own: total and free are what is configured, or large. In a tree with a quota they are
 * its limits.
 *
 * @param totalBytes capacity
 * @param freeBytes left
 * @param totalInodes capacity
 * @param freeInodes left
 * @param usedBytes that count for the same limit as the inode that was asked for
 * @param softRoomBytes by which that may grow before the soft limit, if there is one
 * @param hardRoomBytes by which it may grow before what grows is refused
 */
public record FsStatistics(
        long totalBytes,
        long freeBytes,
        long totalInodes,
        long freeInodes,
        long usedBytes,
        long softRoomBytes,
        long hardRoomBytes) {
    /** Where there is no quota: all that is free is room. */
    public FsStatistics(long totalBytes, long freeBytes, long totalInodes, long freeInodes) {
        this(totalBytes, freeBytes, totalInodes, freeInodes, totalBytes - freeBytes, freeBytes, freeBytes);
    }
}
