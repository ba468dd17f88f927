package org.cairnfs.server.nfs.rpc;

/**
 * What one network may hold of a {@link MemoryBudget} that all have in common.
 *
 * <p>Whatever is held counts against both, the share and the whole. A reservation is granted by the share first, so who waits because of
 * its own neighbours keeps nobody else waiting; whoever was granted one by both can go on to its end, and gives it back to both.
 *
 * <p>Thread-safe by its parts.
 */
final class MemoryShare {
    private final MemoryBudget own;
    private final MemoryBudget common;

    /**
     * @param limit of the share in bytes
     * @param onRelieved runs, on the thread that releases, when what is used falls from above the limit of the share to it or below
     */
    MemoryShare(MemoryBudget common, long limit, Runnable onRelieved) {
        this.common = common;
        this.own = new MemoryBudget(limit, onRelieved);
    }

    /** Bytes held of the share. */
    long used() {
        return own.used();
    }

    /** Whether the share is used up, however much of the whole is. */
    boolean isOwnOver() {
        return own.isOver();
    }

    /** Whether the share, or the whole, is used up. */
    boolean isOver() {
        return own.isOver() || common.isOver();
    }

    /** Whether somebody waits for a reservation that this share, or the whole, has no room for. */
    boolean isWaitedFor() {
        return own.isWaitedFor() || common.isWaitedFor();
    }

    /** Counts {@code bytes} in any case, until {@link #subtract} is called with as many. */
    void add(long bytes) {
        own.add(bytes);
        common.add(bytes);
    }

    /** Takes back what was added. */
    void subtract(long bytes) {
        own.subtract(bytes);
        common.subtract(bytes);
    }

    /**
     * Reserves {@code bytes}, at once or later.
     *
     * @param bytes no more than either limit
     * @param onGranted runs when it was not granted at once ({@link Reservation#isGranted}) and is now; on the thread that made
     *     room; short. It may also run for one that was granted at once by the whole, but not by the share.
     */
    Reservation reserve(long bytes, Runnable onGranted) {
        Reservation reservation = new Reservation(bytes, onGranted);
        reservation.begin();
        return reservation;
    }

    /** Bytes asked for by one, first of the share and then of the whole. The monitor guards the fields that change. */
    final class Reservation {
        private final long bytes;
        private final Runnable onGranted;
        private MemoryBudget.Reservation ofShare;
        private MemoryBudget.Reservation ofWhole;
        private boolean released;

        private Reservation(long bytes, Runnable onGranted) {
            this.bytes = bytes;
            this.onGranted = onGranted;
        }

        private void begin() {
            MemoryBudget.Reservation first = own.reserve(bytes, () -> {
                if (askWhole()) {
                    onGranted.run();
                }
            });
            synchronized (this) {
                ofShare = first;
            }
            if (first.isGranted()) {
                askWhole();
            }
        }

        /** Goes on with the second step, once; whether it is granted. */
        private synchronized boolean askWhole() {
            if (ofWhole == null && !released) {
                ofWhole = common.reserve(bytes, onGranted);
            }
            return ofWhole != null && ofWhole.isGranted();
        }

        /** Whether it counts and has room, in the share and in the whole. */
        synchronized boolean isGranted() {
            return ofWhole != null && ofWhole.isGranted();
        }

        /** Gives the bytes back, or the place in the queue; may be called again, which does nothing. */
        void release() {
            MemoryBudget.Reservation share;
            MemoryBudget.Reservation whole;
            synchronized (this) {
                released = true;
                share = ofShare;
                whole = ofWhole;
            }
            if (whole != null) {
                whole.release();
            }
            share.release();
        }
    }
}
