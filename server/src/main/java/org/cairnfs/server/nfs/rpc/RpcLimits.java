package org.cairnfs.server.nfs.rpc;

import java.time.Duration;

/**
 * What peers may ask of an RPC server before it refuses or waits. Immutable; start from {@link #defaults()} and change with the
 * {@code with} methods.
 *
 * <p>The memory that peers can make the server use is bounded by {@code requestBytes + replyBytes}, one reply per worker, and per
 * connection {@value #UNRESERVED_RECORD_BYTES} bytes of a record and {@value #READ_BYTES} bytes read and not parsed.
 *
 * @param recordBytes largest record (all its fragments), in bytes; a larger one costs the connection
 * @param replyBytesPerCall largest results of one call, in bytes
 * @param connections open connections in all
 * @param connectionsPerAddress open connections from one IP address
 * @param callsPerConnection calls in flight on one connection; at the limit it is not read from
 * @param requestBytes bytes of calls in flight and of large records on their way in, over all connections
 * @param replyBytes bytes of replies waiting to be sent, over all connections; above it no call is started
 * @param replyBytesPerConnection bytes of replies waiting on one connection, above which it is not read from
 * @param patience how long a record may take to arrive, and a reply may take to go out once it is its turn
 * @param patienceUnderPressure the same while others wait for the memory that it holds
 * @param idle how long a connection may be without a call
 */
public record RpcLimits(
        int recordBytes,
        int replyBytesPerCall,
        int connections,
        int connectionsPerAddress,
        int callsPerConnection,
        long requestBytes,
        long replyBytes,
        long replyBytesPerConnection,
        Duration patience,
        Duration patienceUnderPressure,
        Duration idle) {

    /** The largest READ and WRITE, 1 MiB. */
    public static final int BULK_BYTES = 1 << 20;
    /** What may come with it: headers, credentials, the other operations of a compound. */
    public static final int HEADER_SLACK_BYTES = 64 << 10;
    /** The part of a record that is stored before memory for the whole is reserved. */
    static final int UNRESERVED_RECORD_BYTES = 8 << 10;
    /** Bytes read from a socket at once. */
    static final int READ_BYTES = 64 << 10;
    /** Fragments of one record; real clients send one. */
    static final int FRAGMENTS_PER_RECORD = 256;
    /** Calls of ours on one connection that wait for answers. */
    static final int OUTGOING_CALLS_PER_CONNECTION = 256;

    public RpcLimits {
        requirePositive("recordBytes", recordBytes);
        requirePositive("replyBytesPerCall", replyBytesPerCall);
        requirePositive("connections", connections);
        requirePositive("connectionsPerAddress", connectionsPerAddress);
        requirePositive("callsPerConnection", callsPerConnection);
        requirePositive("replyBytes", replyBytes);
        requirePositive("replyBytesPerConnection", replyBytesPerConnection);
        requirePositive("patience", patience.toNanos());
        requirePositive("patienceUnderPressure", patienceUnderPressure.toNanos());
        requirePositive("idle", idle.toNanos());
        if (requestBytes < recordBytes) {
            throw new IllegalArgumentException("requestBytes must hold at least one record of recordBytes");
        }
    }

    /** Limits for NFS, which use a quarter of the heap at most (an eighth each way, but always room for a few records). */
    public static RpcLimits defaults() {
        int record = BULK_BYTES + HEADER_SLACK_BYTES;
        long eighth = Math.max(Runtime.getRuntime().maxMemory() / 8, 8L * record);
        return new RpcLimits(
                record,
                record,
                1024,
                256,
                64,
                eighth,
                eighth,
                4L * record,
                Duration.ofSeconds(60),
                Duration.ofSeconds(2),
                Duration.ofMinutes(10));
    }

    public RpcLimits withRecordBytes(int bytes) {
        return new RpcLimits(
                bytes,
                replyBytesPerCall,
                connections,
                connectionsPerAddress,
                callsPerConnection,
                requestBytes,
                replyBytes,
                replyBytesPerConnection,
                patience,
                patienceUnderPressure,
                idle);
    }

    public RpcLimits withConnections(int inAll, int perAddress) {
        return new RpcLimits(
                recordBytes,
                replyBytesPerCall,
                inAll,
                perAddress,
                callsPerConnection,
                requestBytes,
                replyBytes,
                replyBytesPerConnection,
                patience,
                patienceUnderPressure,
                idle);
    }

    public RpcLimits withCallsPerConnection(int calls) {
        return new RpcLimits(
                recordBytes,
                replyBytesPerCall,
                connections,
                connectionsPerAddress,
                calls,
                requestBytes,
                replyBytes,
                replyBytesPerConnection,
                patience,
                patienceUnderPressure,
                idle);
    }

    public RpcLimits withMemory(long forRequests, long forReplies, long forRepliesPerConnection) {
        return new RpcLimits(
                recordBytes,
                replyBytesPerCall,
                connections,
                connectionsPerAddress,
                callsPerConnection,
                forRequests,
                forReplies,
                forRepliesPerConnection,
                patience,
                patienceUnderPressure,
                idle);
    }

    public RpcLimits withPatience(Duration usual, Duration underPressure, Duration whenIdle) {
        return new RpcLimits(
                recordBytes,
                replyBytesPerCall,
                connections,
                connectionsPerAddress,
                callsPerConnection,
                requestBytes,
                replyBytes,
                replyBytesPerConnection,
                usual,
                underPressure,
                whenIdle);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, is " + value);
        }
    }
}
