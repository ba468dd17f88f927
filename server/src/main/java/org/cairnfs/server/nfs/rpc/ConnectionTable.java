package org.cairnfs.server.nfs.rpc;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;

/**
 * The open connections, counted in all and by the network that the peer is in: its address, or of IPv6 the first 64 bits of
 * it, as whoever has one such address has all of them.
 *
 * <p>When there are as many as there may be, one of the network that has the most makes room for one of a network that has fewer: the one
 * that was silent for the longest time. So whoever takes all connections loses them one by one to those who have none; an NFS
 * client that loses a silent connection makes another when it needs it.
 *
 * <p>Thread-safe; the counts are guarded by this object's monitor. Connections that this side made are listed but not counted.
 */
final class ConnectionTable {
    private static final int NETWORK_BYTES = 8;

    private final RpcLimits limits;
    private final Set<TcpConnection> open = ConcurrentHashMap.newKeySet();
    private final Map<TcpConnection, InetAddress> networks = new HashMap<>();
    private final Multiset<InetAddress> counts = HashMultiset.create();

    ConnectionTable(RpcLimits limits) {
        this.limits = limits;
    }

    /**
     * What becomes of a connection that was accepted.
     *
     * @param refusal why it cannot be, if so; else it is counted
     * @param toClose one that is no longer counted and has to be closed
     */
    record Admission(Optional<Refusal> refusal, Optional<TcpConnection> toClose) {
        private static Admission refused(Refusal why) {
            return new Admission(Optional.of(why), Optional.empty());
        }
    }

    /** Counts a connection that was accepted, unless it is refused. */
    synchronized Admission admit(TcpConnection connection) {
        InetAddress network = networkOf(connection.remoteAddress().getAddress());
        if (counts.count(network) >= limits.connectionsPerAddress()) {
            return Admission.refused(Refusal.CONNECTIONS_OF_ADDRESS);
        }
        Optional<TcpConnection> toClose = Optional.empty();
        if (counts.size() >= limits.connections()) {
            toClose = mostSilentOfTheGreediest(counts.count(network));
            if (toClose.isEmpty()) {
                return Admission.refused(Refusal.CONNECTIONS);
            }
            dismiss(toClose.get());
        }
        counts.add(network);
        networks.put(connection, network);
        return new Admission(Optional.empty(), toClose);
    }

    /** Of the network that has most, if that is still more than what a network of {@code fewer} has with one more. */
    private Optional<TcpConnection> mostSilentOfTheGreediest(int fewer) {
        return counts.entrySet().stream()
                .max(Comparator.comparingInt(Multiset.Entry::getCount))
                .filter(most -> most.getCount() > fewer + 1)
                .flatMap(most -> networks.entrySet().stream()
                        .filter(one -> one.getValue().equals(most.getElement()))
                        .map(Map.Entry::getKey)
                        .max(Comparator.comparingLong(TcpConnection::silentNanos)));
    }

    /** Takes back what {@link #admit} counted; nothing if that has been done. */
    synchronized void dismiss(TcpConnection connection) {
        InetAddress network = networks.remove(connection);
        if (network != null) {
            counts.remove(network);
        }
    }

    void add(TcpConnection connection) {
        open.add(connection);
    }

    void remove(TcpConnection connection) {
        open.remove(connection);
    }

    List<TcpConnection> all() {
        return List.copyOf(open);
    }

    /** Connections that count. */
    synchronized int accepted() {
        return counts.size();
    }

    static InetAddress networkOf(InetAddress address) {
        if (!(address instanceof Inet6Address) || address.isLoopbackAddress()) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }
}
