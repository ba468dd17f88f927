package org.cairnfs.server.nfs.state;

/**
 * The memory that the reply caches of all sessions may take. A slot's share is set aside when its session is made, whether or
 * not it will be used: so no session ever runs out of it.
 *
 * <p>Thread-safe: its monitor is a leaf.
 */
final class ReplyCacheBudget {
    /** What a new session may take of what is left: so that many small ones still fit after some that want much. */
    private static final int FRACTION = 4;

    private long left;

    ReplyCacheBudget(long bytes) {
        this.left = bytes;
    }

    /**
     * Sets slots aside.
     *
     * @return as many as fit, at most those wanted; 0 if not even one does
     */
    synchronized int take(int slots, long bytesPerSlot) {
        long fair = Math.max(1, left / FRACTION / bytesPerSlot);
        int granted = left < bytesPerSlot ? 0 : (int) Math.min(slots, fair);
        left -= granted * bytesPerSlot;
        return granted;
    }

    synchronized void giveBack(int slots, long bytesPerSlot) {
        left += slots * bytesPerSlot;
    }

    synchronized long left() {
        return left;
    }
}
