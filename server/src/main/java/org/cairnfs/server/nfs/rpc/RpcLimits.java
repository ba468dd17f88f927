package org.cairnfs.server.nfs.rpc;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What peers may ask of an RPC server before it refuses or waits. Immutable.
 *
 * <p>The memory that peers can make the server use is bounded by {@code requestBytes + replyBytes}, one reply per worker, and
 * per connection {@value #UNRESERVED_RECORD_BYTES} bytes of a record and {@value #READ_BYTES} bytes read and not parsed.
 *
 * @param recordBytes largest record (all its fragments), in bytes; a larger one costs the connection
 * @param replyBytesPerCall largest results of one call, in bytes
 * @param connections open connections in all
 * @param connectionsPerAddress open connections from one IPv4 address, or from one IPv6 network of 64 bits
 * @param callsPerConnection calls in flight on one connection; at the limit it is not read from
 * @param requestBytes bytes of calls in flight and of large records on their way in, over all connections; at least one
 *     record
 * @param requestBytesPerAddress the same over the connections of one address, counted as for {@code connectionsPerAddress}; at least one
 *     record
 * @param replyBytes bytes of replies waiting to be sent, over all connections; above it no call is started
 * @param replyBytesPerAddress the same over the connections of one address; above it no call of theirs is started
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
        long requestBytesPerAddress,
        long replyBytes,
        long replyBytesPerAddress,
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

    /** Fragments of one record: real clients send one, libraries of some test suites a largest WRITE in pieces of 2 KiB. */
    static final int FRAGMENTS_PER_RECORD = 1024;

    /** What a call takes beside the bytes of its record, about. */
    static final long CALL_OVERHEAD_BYTES = 512;

    /** Calls of ours on one connection that wait for answers. */
    static final int OUTGOING_CALLS_PER_CONNECTION = 256;

    public RpcLimits {
        requirePositive("recordBytes", recordBytes);
        requirePositive("replyBytesPerCall", replyBytesPerCall);
        requirePositive("connections", connections);
        requirePositive("connectionsPerAddress", connectionsPerAddress);
        requirePositive("callsPerConnection", callsPerConnection);
        requirePositive("replyBytes", replyBytes);
        requirePositive("replyBytesPerAddress", replyBytesPerAddress);
        requirePositive("replyBytesPerConnection", replyBytesPerConnection);
        requirePositive("patience", patience.toNanos());
        requirePositive("patienceUnderPressure", patienceUnderPressure.toNanos());
        requirePositive("idle", idle.toNanos());
        if (Math.min(requestBytes, requestBytesPerAddress) < recordBytes) {
            throw new IllegalArgumentException(
                    "requestBytes and those per address must hold at least one record of recordBytes");
        }
    }

    /** Limits for NFS: records of 1 MiB and a header, and an eighth of the heap for each direction. */
    public static RpcLimits defaults() {
        return builder().build();
    }

    /** A builder that starts from the {@link #defaults()}. */
    public static Builder builder() {
        return new Builder();
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, is " + value);
        }
    }

    /** Collects limits; each setter is named after its component of {@link RpcLimits}. What an address may have is half of the whole, if not set. */
    public static final class Builder {
        private int recordBytes = BULK_BYTES + HEADER_SLACK_BYTES;
        private int replyBytesPerCall = BULK_BYTES + HEADER_SLACK_BYTES;
        private int connections = 1024;
        private int connectionsPerAddress = 256;
        private int callsPerConnection = 64;
        private long requestBytes = Math.max(Runtime.getRuntime().maxMemory() / 8, 8L * recordBytes);
        private long replyBytes = requestBytes;
        private OptionalLong requestBytesPerAddress = OptionalLong.empty();
        private OptionalLong replyBytesPerAddress = OptionalLong.empty();
        private long replyBytesPerConnection = 4L * replyBytesPerCall;
        private Duration patience = Duration.ofSeconds(60);
        private Duration patienceUnderPressure = Duration.ofSeconds(2);
        private Duration idle = Duration.ofMinutes(10);

        private Builder() {}

        public Builder recordBytes(int bytes) {
            recordBytes = bytes;
            return this;
        }

        public Builder replyBytesPerCall(int bytes) {
            replyBytesPerCall = bytes;
            return this;
        }

        public Builder connections(int count) {
            connections = count;
            return this;
        }

        public Builder connectionsPerAddress(int count) {
            connectionsPerAddress = count;
            return this;
        }

        public Builder callsPerConnection(int count) {
            callsPerConnection = count;
            return this;
        }

        public Builder requestBytes(long bytes) {
            requestBytes = bytes;
            return this;
        }

        public Builder requestBytesPerAddress(long bytes) {
            requestBytesPerAddress = OptionalLong.of(bytes);
            return this;
        }

        public Builder replyBytes(long bytes) {
            replyBytes = bytes;
            return this;
        }

        public Builder replyBytesPerAddress(long bytes) {
            replyBytesPerAddress = OptionalLong.of(bytes);
            return this;
        }

        public Builder replyBytesPerConnection(long bytes) {
            replyBytesPerConnection = bytes;
            return this;
        }

        public Builder patience(Duration duration) {
            patience = duration;
            return this;
        }

        public Builder patienceUnderPressure(Duration duration) {
            patienceUnderPressure = duration;
            return this;
        }

        public Builder idle(Duration duration) {
            idle = duration;
            return this;
        }

        public RpcLimits build() {
            return new RpcLimits(
                    recordBytes,
                    replyBytesPerCall,
                    connections,
                    connectionsPerAddress,
                    callsPerConnection,
                    requestBytes,
                    requestBytesPerAddress.orElse(Math.max(requestBytes / 2, recordBytes)),
                    replyBytes,
                    replyBytesPerAddress.orElse(Math.max(replyBytes / 2, 1)),
                    replyBytesPerConnection,
                    patience,
                    patienceUnderPressure,
                    idle);
        }
    }
}
