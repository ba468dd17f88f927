package org.cairnfs.core.namespace;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which inodes are open, and how often; and whether others may be, too, that were open before the restart: in grace, which is how this begins.
 *
 * <p>Threading: safe for any number of threads. Who counts does so under the inode's lock, and grace ends on the writer thread; see
 * {@link Orphans}.
 */
final class Pins {
    private final Map<Long, Integer> counts = new ConcurrentHashMap<>();
    private volatile boolean grace = true;

    void add(long inode) {
        counts.merge(inode, 1, Integer::sum);
    }

    /** @return whether it was the last */
    boolean remove(long inode) {
        return counts.computeIfPresent(inode, (key, count) -> count == 1 ? null : count - 1) == null;
    }

    boolean isPinned(long inode) {
        return counts.containsKey(inode);
    }

    /** Whether what was open before the restart may still be reclaimed. */
    boolean isGrace() {
        return grace;
    }

    void endGrace() {
        grace = false;
    }

    /** Whether an inode is open, or may be. */
    boolean mayBeOpen(long inode) {
        return grace || isPinned(inode);
    }
}
