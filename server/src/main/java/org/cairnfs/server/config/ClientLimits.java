package org.cairnfs.server.config;

import org.cairnfs.server.CairnException;

/**
 * How much NFS clients may have, each and all together; {@code docs/operations.md} says what happens at each limit.
 *
 * @param connections open TCP connections
 * @param connectionsPerAddress those of one IPv4 address, or of one IPv6 network of 64 bits
 * @param clients confirmed clients of NFSv4; and, apart from them, hosts that know the lock manager of NFSv3
 * @param sessionsPerClient of NFSv4.1 and 4.2
 * @param slotsPerSession requests at a time in a session
 * @param opensPerClient opens of a client of NFSv4 and, in each file, its lock owners; share reservations of a host of NFSv3
 * @param opens of all clients
 * @param locksPerClient byte ranges that a client holds; and, apart from them, locks that a host of NFSv3 waits for
 * @param locks of all clients
 * @param requestBytes of requests that have arrived and are not answered, of all connections; 0 for a share of the heap
 * @param requestBytesPerAddress those of one address; 0 for half of the whole
 * @param replyBytes of replies that wait to be sent, of all connections; 0 for a share of the heap
 * @param replyBytesPerAddress those of one address; 0 for half of the whole
 */
public record ClientLimits(
        int connections,
        int connectionsPerAddress,
        int clients,
        int sessionsPerClient,
        int slotsPerSession,
        int opensPerClient,
        int opens,
        int locksPerClient,
        int locks,
        long requestBytes,
        long requestBytesPerAddress,
        long replyBytes,
        long replyBytesPerAddress) {
    private static final int MOST_CONNECTIONS = 60_000;
    private static final int MOST = 10_000_000;
    private static final int MOST_SESSIONS = 1_000;
    private static final int MOST_SLOTS = 1_024;
    private static final long LEAST_BYTES = 4L << 20;
    private static final long MOST_BYTES = 1L << 40;

    /** Reads the keys of the limits. */
    static ClientLimits of(ConfigFile file) throws CairnException {
        return new ClientLimits(
                file.positive("max-connections", 1_024, MOST_CONNECTIONS),
                file.positive("max-connections-per-address", 256, MOST_CONNECTIONS),
                file.positive("max-clients", 10_000, MOST),
                file.positive("max-sessions-per-client", 16, MOST_SESSIONS),
                file.positive("max-slots-per-session", 64, MOST_SLOTS),
                file.positive("max-opens-per-client", 100_000, MOST),
                file.positive("max-opens", 200_000, MOST),
                file.positive("max-locks-per-client", 100_000, MOST),
                file.positive("max-locks", 200_000, MOST),
                file.bytesOrAuto("request-memory", LEAST_BYTES, MOST_BYTES),
                file.bytesOrAuto("request-memory-per-address", LEAST_BYTES, MOST_BYTES),
                file.bytesOrAuto("reply-memory", LEAST_BYTES, MOST_BYTES),
                file.bytesOrAuto("reply-memory-per-address", LEAST_BYTES, MOST_BYTES));
    }
}
