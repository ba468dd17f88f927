package org.cairnfs.server.nfs.state;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * The sequence of a 4.0 owner with the reply to its last operation (RFC 7530 section 9.1.7).
 *
 * <p>Threading: operations of an owner take turns; the one that has the turn reads and writes everything here. One more may
 * wait, which is a resend; the monitor is held for neither.
 */
final class OwnerSequence {
    /** The errors that leave the sequence where it was. */
    private static final Set<NfsStatus> NOT_COUNTED = EnumSet.of(
            NfsStatus.STALE_CLIENTID,
            NfsStatus.STALE_STATEID,
            NfsStatus.BAD_STATEID,
            NfsStatus.BAD_SEQID,
            NfsStatus.BADXDR,
            NfsStatus.RESOURCE,
            NfsStatus.NOFILEHANDLE,
            NfsStatus.MOVED);

    private boolean taken;
    private boolean waiting;
    private boolean started;
    private int last;
    private OwnerReply reply;

    /**
     * Takes the turn.
     *
     * @throws NfsException RESOURCE, which does not count, if it is not free in time or another waits already
     */
    synchronized void take(Duration patience) throws NfsException {
        if (taken && waiting) {
            throw new NfsException(NfsStatus.RESOURCE, "too many operations of one owner at a time");
        }
        long deadline = System.nanoTime() + patience.toNanos();
        waiting = taken;
        try {
            while (taken) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new NfsException(NfsStatus.RESOURCE, "the owner's operation before does not end");
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NfsException(NfsStatus.RESOURCE, "interrupted");
        } finally {
            waiting = false;
        }
        taken = true;
    }

    /** Gives the turn back. */
    synchronized void release() {
        taken = false;
        notifyAll();
    }

    synchronized boolean isTaken() {
        return taken;
    }

    /** Whether a number is the next one; before any operation was counted, any is. */
    boolean isNext(int seqid) {
        return !started || seqid == last + 1;
    }

    /** The kept reply of this number. */
    Optional<OwnerReply> replayOf(int seqid) {
        return started && seqid == last ? Optional.ofNullable(reply) : Optional.empty();
    }

    /** Forgets everything: the next operation may have any number. */
    void restart() {
        started = false;
        reply = null;
    }

    /** Counts an operation and keeps its reply, unless its status says not to. */
    void complete(int seqid, OwnerReply kept) {
        if (!NOT_COUNTED.contains(kept.status())) {
            started = true;
            last = seqid;
            reply = kept;
        }
    }
}
