package org.cairnfs.server.nfs.v3.nlm;

/** nlm4_stats: how a request ended (RFC 1813 appendix II, section 6.1.2). */
enum NlmStatus {
    GRANTED(0),
    DENIED(1),
    /** A limit is reached. */
    DENIED_NOLOCKS(2),
    /** The lock will be granted by a callback. */
    BLOCKED(3),
    /** Only reclaims now; or a reclaim when there are none any more. */
    DENIED_GRACE_PERIOD(4),
    ROFS(6),
    STALE_FH(7),
    /** The range is impossible. */
    FBIG(8),
    FAILED(9);

    private final int code;

    NlmStatus(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    int code() {
        return code;
    }
}
