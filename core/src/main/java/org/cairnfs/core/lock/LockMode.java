package org.cairnfs.core.lock;

/** What a byte-range lock excludes: READ excludes WRITE of others, WRITE excludes both. */
public enum LockMode {
    READ,
    WRITE;

    /** Whether two locks of these modes on the same byte, of different owners, exclude each other. */
    public boolean conflictsWith(LockMode other) {
        return this == WRITE || other == WRITE;
    }
}
