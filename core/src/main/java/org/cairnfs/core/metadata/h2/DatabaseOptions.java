package org.cairnfs.core.metadata.h2;

import java.util.Optional;
import org.cairnfs.core.fs.Bytes;

/**
 * How the database runs.
 *
 * @param cacheBytes of pages that H2 keeps on the heap
 * @param writeDelayMillis after which H2 writes what was committed, at the latest; what it had not written when the process
 *     died is replayed from the journal
 * @param compactFillRate percentage of live data under which old parts of the file are rewritten ({@link Housekeeping}); 0 never
 * @param closeCompactMillis that H2 may spend on shrinking the file when it is closed, about
 * @param key with which the file is sealed (AES-XTS: hides, does not authenticate); random, of this machine only. With another
 *     key the file counts as damaged and is rebuilt. Empty: plain
 */
public record DatabaseOptions(
        long cacheBytes, int writeDelayMillis, int compactFillRate, int closeCompactMillis, Optional<Bytes> key) {
    /** 48 MiB of pages; written every second; plain; see docs/metadata.md for what was measured. */
    public static final DatabaseOptions DEFAULT = new DatabaseOptions(48L << 20, 1000, 70, 0, Optional.empty());

    public DatabaseOptions withKey(Bytes fileKey) {
        return new DatabaseOptions(
                cacheBytes, writeDelayMillis, compactFillRate, closeCompactMillis, Optional.of(fileKey));
    }

    public DatabaseOptions withCacheBytes(long other) {
        return new DatabaseOptions(other, writeDelayMillis, compactFillRate, closeCompactMillis, key);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "DatabaseOptions[cacheBytes=" + cacheBytes + ", writeDelayMillis=" + writeDelayMillis
                + ", compactFillRate=" + compactFillRate + ", closeCompactMillis=" + closeCompactMillis
                + (key.isPresent() ? ", sealed]" : ", plain]");
    }
}
