package org.cairnfs.core.check;

/** What the counts of the whole file system are called in findings. */
final class Totals {
    static final String ENTRIES = "entries";
    static final String CHUNKS = "chunks";
    static final String UNIQUE_BYTES = "unique-bytes";
    static final String STORED_BYTES = "stored-bytes";

    private Totals() {}
}
