package org.cairnfs.server.app;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.exports.ExportTable;
import org.cairnfs.server.nfs.rpc.RpcMetrics;
import org.cairnfs.server.nfs.watch.OperationWatch;

/** A listening NFS server, as those who operate it see it. Safe for any number of threads. */
public interface NfsService {
    /** Where it listens; the port is the one that was bound, also when 0 was asked for. */
    InetSocketAddress address();

    /** What became of delegations, all of clients together. */
    Delegations delegations();

    /** What clients hold, for a local mount to share. */
    Held held();

    /** Clients that hold state (a session, a lease, locks) now; of version 3, also those that say that they have mounted. */
    List<Client> clients();

    /** Whether clients of version 3 find the lock manager. */
    boolean servesLocksOfVersion3();

    /** How much of what clients may have in all is in use. */
    List<Usage> usage();

    /**
     * Reads the certificates for TLS again, for connections that are made later; and warns of exports that nobody can use.
     *
     * @param exports that are about to be in place
     * @throws CairnException when a file cannot be used; all stays as it is then
     */
    default void reload(ExportTable exports) throws CairnException {}

    /**
     * Stops listening, lets the calls in flight end (within the grace), closes all connections. Client records stay, for the
     * clients to reclaim after the next start. Further calls do nothing.
     */
    void stop(Duration grace);

    /**
     * What clients of all versions hold.
     *
     * @param inGrace whether they may still take back what they held before the restart, so that others have to wait
     */
    record Held(RangeLocks locks, ShareTable shares, LeaseTable leases, BooleanSupplier inGrace) {}

    /**
     * One NFS client.
     *
     * @param protocol e.g. "4.1"
     * @param name that it calls itself, made printable; of version 3, with its address
     * @param leaseMillis left of its lease; -1 of version 3, which has none
     * @param opens files that it holds open; of version 3, share reservations
     * @param locks byte ranges that it holds
     * @param delegations that it holds: files that it may read from its cache without asking
     * @param mounts paths that a client of version 3 says it has mounted
     */
    record Client(
            String protocol,
            String name,
            long leaseMillis,
            int opens,
            int locks,
            int delegations,
            List<String> mounts) {}

    /**
     * How much of one thing is in use.
     *
     * @param what in words
     * @param bound that it cannot pass
     */
    record Usage(String what, long used, long bound) {}

    /**
     * Delegations.
     *
     * @param held now
     * @param granted since the start
     * @param recalled since the start, as somebody wanted to change the file
     * @param revoked of those, since the start: the client did not return it in time
     */
    record Delegations(int held, long granted, long recalled, long revoked) {
        /** Of a service that gives none. */
        public static final Delegations NONE = new Delegations(0, 0, 0, 0);
    }

    /**
     * What the service needs.
     *
     * @param listen address and port; port 0 takes a free one
     * @param exports asked for each new connection and each change of it, so that a reload is seen
     * @param handleKey of the file system
     * @param leases that the file system asks before each change; empty if it asks nobody: then no delegations are given
     * @param stateDirectory for client records in stable storage; the service makes a directory of its own in it
     * @param nfs what the configuration says of NFS
     * @param metrics told of calls and connections
     * @param watch told of what is in them
     * @param onFatalError told, on a thread of the service, that the process may not be sound any more, e.g. that memory ran
     *     out; must not wait for the service to stop
     */
    record Options(
            InetSocketAddress listen,
            Supplier<ExportTable> exports,
            FileSystem fileSystem,
            byte[] handleKey,
            Path stateDirectory,
            ServerConfig.Nfs nfs,
            Optional<LeaseTable> leases,
            RpcMetrics metrics,
            OperationWatch watch,
            Consumer<Throwable> onFatalError) {}

    /** Starts a service. */
    @FunctionalInterface
    interface Starter {
        /**
         * Returns when connections are accepted.
         *
         * @throws CairnException PORT_IN_USE, or USAGE for an address that is not of this machine
         */
        NfsService start(Options options) throws CairnException;
    }
}
