package org.cairnfs.server.nfs.state;

import com.google.common.base.Ticker;
import java.time.Duration;

/**
 * How long a client may be silent (RFC 7530 section 9.5). It can be renewed until it is ended, even when it has lapsed: a
 * lapsed client keeps its state until somebody wants it or its courtesy is over.
 *
 * <p>Thread-safe: its monitor is the <i>lease</i> lock. Times are monotonic.
 */
final class Lease {
    private final Ticker ticker;
    private final long nanos;
    private long renewedAt;
    private int inUse;
    private boolean ended;

    Lease(Ticker ticker, Duration length) {
        this.ticker = ticker;
        this.nanos = length.toNanos();
        this.renewedAt = ticker.read();
    }

    /** Starts it anew; false if it has ended. */
    synchronized boolean renew() {
        renewedAt = ticker.read();
        return !ended;
    }

    /** Renews it, and keeps it from lapsing until {@link #endUse}; false if it has ended. */
    synchronized boolean beginUse() {
        if (ended) {
            return false;
        }
        inUse++;
        return renew();
    }

    synchronized void endUse() {
        inUse--;
        renewedAt = ticker.read();
    }

    /** Nanoseconds until it lapses, if the client stays silent; 0 if it has. */
    synchronized long leftNanos() {
        return isLapsed() ? 0 : nanos - (inUse > 0 ? 0 : ticker.read() - renewedAt);
    }

    /** Whether the client was silent for longer than the lease. */
    synchronized boolean isLapsed() {
        return ended || lapsedFor(Duration.ZERO);
    }

    /** Ends it if it lapsed this long ago; true if it has ended, now or before. */
    synchronized boolean endIfLapsed(Duration ago) {
        ended |= lapsedFor(ago);
        return ended;
    }

    /** Ends it. */
    synchronized void end() {
        ended = true;
    }

    private boolean lapsedFor(Duration ago) {
        return inUse == 0 && ticker.read() - renewedAt > nanos + ago.toNanos();
    }
}
