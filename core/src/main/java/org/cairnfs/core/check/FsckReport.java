package org.cairnfs.core.check;

import java.util.List;
import java.util.Map;

/**
 * What a check found.
 *
 * @param found of each kind, at first
 * @param repaired of each kind; one that comes to light by the repair of another is counted here, though not in {@code found}
 * @param left of each kind, at the end: all, if nothing was to be repaired
 * @param examples some of what was found, the first of each kind
 * @param damagedChunks chunks that are in use and known to be unreadable; that is damage of data, and not of what is checked
 * @param unknownObjects objects in the bucket that belong to nothing, which garbage collection removes
 */
public record FsckReport(
        Map<FindingKind, Long> found,
        Map<FindingKind, Long> repaired,
        Map<FindingKind, Long> left,
        List<Finding> examples,
        long inodes,
        long names,
        long chunks,
        long damagedChunks,
        long unknownObjects) {
    /** Copies. */
    public FsckReport {
        found = Map.copyOf(found);
        repaired = Map.copyOf(repaired);
        left = Map.copyOf(left);
        examples = List.copyOf(examples);
    }

    /** Whether nothing is wrong, or nothing any more. */
    public boolean isClean() {
        return left.isEmpty();
    }
}
