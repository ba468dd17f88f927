package org.cairnfs.server.nfs.rpc;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;

/**
 * The open connections, counted in all and by the peer's address.
 *
 * <p>Thread-safe; the counts are guarded by this object's monitor. Connections that this side made are listed but not counted.
 */
final class ConnectionTable {
    private final RpcLimits limits;
    private final Set<TcpConnection> open = ConcurrentHashMap.newKeySet();
    private final Multiset<InetAddress> accepted = HashMultiset.create();

    ConnectionTable(RpcLimits limits) {
        this.limits = limits;
    }

    /** Counts a connection that was accepted; the answer is why it cannot be, if so. */
    synchronized Optional<Refusal> admit(InetAddress peer) {
        if (accepted.size() >= limits.connections()) {
            return Optional.of(Refusal.CONNECTIONS);
        }
        if (accepted.count(peer) >= limits.connectionsPerAddress()) {
            return Optional.of(Refusal.CONNECTIONS_OF_ADDRESS);
        }
        accepted.add(peer);
        return Optional.empty();
    }

    /** Takes back what {@link #admit} counted. */
    synchronized void dismiss(InetAddress peer) {
        accepted.remove(peer);
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
}
