package org.cairnfs.core.metadata.h2;

/**
 * How the database runs.
 *
 * @param cacheBytes of pages that H2 keeps on the heap
 * @param writeDelayMillis after which H2 writes what was committed, at the latest; what it had not written when the process
 *     died is replayed from the journal
 * @param compactFillRate percentage of live data under which H2 rewrites old parts of the file in idle time; 0 never
 * @param closeCompactMillis that H2 may spend on shrinking the file when it is closed
 */
public record DatabaseOptions(long cacheBytes, int writeDelayMillis, int compactFillRate, int closeCompactMillis) {
    /** 48 MiB of pages; written every second; see docs/metadata.md for what was measured. */
    public static final DatabaseOptions DEFAULT = new DatabaseOptions(48L << 20, 1000, 70, 200);
}
