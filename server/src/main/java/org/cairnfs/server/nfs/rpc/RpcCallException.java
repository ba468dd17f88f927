package org.cairnfs.server.nfs.rpc;

/** A call that was sent to a peer and brought no results. */
public final class RpcCallException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What became of the call. */
    public enum Kind {
        /** No answer came in time; the peer may or may not have carried it out. */
        TIMED_OUT,
        /** The connection closed before the answer; the peer may or may not have carried it out. */
        CLOSED,
        /** The peer answered that it did not carry it out. */
        REFUSED,
        /** Too many calls to this peer wait for answers already; this one was not sent. */
        BUSY,
        /** The peer's answer is not a valid reply. */
        MALFORMED
    }

    private final Kind kind;

    public RpcCallException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
