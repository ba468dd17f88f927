package org.cairnfs.core.metadata.h2;

import java.util.List;
import java.util.Optional;

/**
 * Some of the inodes that a later epoch shows differently than an earlier one: changed, new, or gone.
 *
 * @param next where the next ones are; empty if these are the last
 */
public record ChangedInodes(List<Long> inodes, Optional<Place> next) {
    /** Where all of them begin. */
    public static final Place BEGINNING = new Place(true, Long.MIN_VALUE, Long.MIN_VALUE);

    /**
     * A place in the order in which they are found: first those that the earlier epoch shows, by the ends of these images, then those that
     * are new, by the births of theirs.
     *
     * @param ended whether it is among the first
     * @param epoch of the end, or of the birth, of the last image before
     * @param inode of that image
     */
    public record Place(boolean ended, long epoch, long inode) {}
}
