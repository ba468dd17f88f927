package org.cairnfs.server.nfs.rpc;

/**
 * What the RPC server tells about itself: every call served and everything refused. Implementations are called from any
 * thread, often, and must be quick and must not throw. Every method does nothing by default.
 */
public interface RpcMetrics {
    /** Counts nothing. */
    RpcMetrics NONE = new RpcMetrics() {};

    /** Why something was refused or ended. */
    enum Refusal {
        /** A connection too many, in all. */
        CONNECTIONS,
        /** A connection too many, from one address. */
        CONNECTIONS_OF_ADDRESS,
        /** A record, or a fragment of one, over the limit. */
        RECORD_TOO_LARGE,
        /** More fragments in one record than allowed. */
        TOO_MANY_FRAGMENTS,
        /** A record that took too long to arrive. */
        RECORD_TOO_SLOW,
        /** Replies that the peer did not read in time. */
        REPLIES_NOT_READ,
        /** A connection without a call for too long. */
        IDLE,
        /** A record that is no RPC message, or whose header is cut off. */
        MALFORMED,
        /** An RPC version other than 2. */
        RPC_MISMATCH,
        /** A credential or verifier that is invalid or not accepted. */
        AUTH_ERROR,
        /** TLS that failed, or took too long to begin. */
        TLS,
        /** A call of RPCSEC_GSS that came before, or too late to tell (RFC 2203 section 5.3.3.1). */
        DISCARDED,
        PROG_UNAVAIL,
        PROG_MISMATCH,
        PROC_UNAVAIL,
        GARBAGE_ARGS,
        /** A handler that failed. */
        SYSTEM_ERR,
        /** A reply that no call of ours waits for. */
        UNEXPECTED_REPLY
    }

    /** A connection was accepted (refused ones are not counted here). */
    default void connectionOpened() {}

    /** A connection that was counted as opened has closed. */
    default void connectionClosed() {}

    /** The handshake of TLS is done on a connection. */
    default void tlsEstablished() {}

    default void bytesReceived(long bytes) {}

    /** Bytes given to the kernel, or dropped because the connection closed. */
    default void bytesSent(long bytes) {}

    /** A call was accepted for a program; it is in flight until {@link #callEnded}. */
    default void callStarted(int program, int version, int procedure) {}

    /**
     * A call has ended, however it was answered.
     *
     * @param nanos from the end of its record's arrival to the hand-over of its answer
     */
    default void callEnded(int program, int version, int procedure, long nanos) {}

    default void refused(Refusal reason) {}

    /** Reading from a connection was suspended because a limit was reached. */
    default void readingPaused() {}

    /** Calls of a connection had to wait, as too many bytes of replies to its network are not read. */
    default void callsHeldBack() {}
}
