package org.cairnfs.core.usage;

import java.util.Optional;

/**
 * What a tree holds.
 *
 * @param bytes sum of the sizes of its files; a file with several names in it counts once
 * @param inodes files of all types, its root included
 * @param counted whether a counter said so, which is of one moment; else the tree was walked through
 * @param stored what it needs in the storage, if that was asked for
 */
public record TreeUsage(long bytes, long inodes, boolean counted, Optional<Stored> stored) {
    /**
     * The chunks that a tree refers to, each once and whole; what is not flushed yet is not among them.
     *
     * @param chunks how many
     * @param plainBytes of them, before compression
     * @param storedBytes of them, compressed and sealed
     * @param sharing who else needs them; empty for a tree in a snapshot, whose files have the chunks of the present
     */
    public record Stored(long chunks, long plainBytes, long storedBytes, Optional<Sharing> sharing) {}

    /**
     * Stored bytes by who needs them.
     *
     * @param alone nothing but this tree: removing it gives them back, when they need not be restored any more
     * @param snapshots snapshots, too, but nothing else in the present
     * @param elsewhere something in the present that is not in this tree
     */
    public record Sharing(long alone, long snapshots, long elsewhere) {}
}
