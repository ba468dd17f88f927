package org.cairnfs.core.metadata.h2;

/**
 * Where in the journal the tables stand, and counts of them; see the table {@code progress}.
 *
 * @param appliedSequence all change sets up to here are in the tables
 * @param lowSequence oldest record that lazy rows or unflushed contents may still need
 */
public record Progress(
        long appliedSequence, long lowSequence, long entries, long chunks, long uniqueBytes, long storedBytes) {
    /** Of empty tables. */
    public static final Progress NONE = new Progress(0, 1, 0, 0, 0, 0);
}
