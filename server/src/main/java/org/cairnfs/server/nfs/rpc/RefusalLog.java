package org.cairnfs.server.nfs.rpc;

import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what is refused, a line each, but no more than {@value #LINES_PER_SECOND} lines a second: a peer must not be able to
 * fill the disk with the log of its own attack. Thread-safe.
 */
public final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final int LINES_PER_SECOND = 10;

    private long second = Long.MIN_VALUE;
    private int lines;
    private long suppressed;

    /** Logs one, with what a person needs to know of it. */
    public void log(Refusal reason, RpcConnection connection, String detail) {
        log(reason, String.valueOf(connection.remoteAddress()), detail);
    }

    void log(Refusal reason, String peer, String detail) {
        long suppressedBefore = admit(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()));
        if (suppressedBefore > 0) {
            LOG.warn("{} refusals of peers were not logged, as there were too many", suppressedBefore);
        }
        if (suppressedBefore >= 0) {
            LOG.info("Refused {} ({}): {}", peer, reason, detail);
        }
    }

    /** How many lines were left out before this one; -1 when this one is left out. */
    private synchronized long admit(long now) {
        if (now != second) {
            second = now;
            lines = 0;
        }
        if (lines >= LINES_PER_SECOND) {
            suppressed++;
            return -1;
        }
        lines++;
        long before = suppressed;
        suppressed = 0;
        return before;
    }
}
