package org.cairnfs.server.app;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Failures;
import org.cairnfs.server.config.Rpcbind;
import org.cairnfs.server.nfs.export.ExportResolver;
import org.cairnfs.server.nfs.rpc.DatagramServer;
import org.cairnfs.server.nfs.rpc.ReplyCache;
import org.cairnfs.server.nfs.rpc.RpcServer;
import org.cairnfs.server.nfs.rpc.RpcServerBuilder;
import org.cairnfs.server.nfs.state.ServerState;
import org.cairnfs.server.nfs.v3.call.Nfs3Program;
import org.cairnfs.server.nfs.v3.call.Nfs3Services;
import org.cairnfs.server.nfs.v3.mount.MountProgram;
import org.cairnfs.server.nfs.v3.nlm.LockManager;
import org.cairnfs.server.nfs.v3.nlm.NlmProgram;
import org.cairnfs.server.nfs.v3.nlm.NlmServices;
import org.cairnfs.server.nfs.v3.nsm.HostMonitor;
import org.cairnfs.server.nfs.v3.nsm.HostRecord;
import org.cairnfs.server.nfs.v3.nsm.NsmProgram;
import org.cairnfs.server.nfs.v3.nsm.RebootNotices;
import org.cairnfs.server.nfs.v3.portmap.Mapping;
import org.cairnfs.server.nfs.v3.portmap.Portmap;
import org.cairnfs.server.nfs.v3.portmap.PortmapClient;
import org.cairnfs.server.nfs.v3.portmap.PortmapProgram;
import org.cairnfs.server.nfs.v3.portmap.RpcbindRegistration;
import org.cairnfs.server.nfs.v3.proc.ProcedureTable;
import org.cairnfs.server.nfs.v4.attr.Limits;
import org.cairnfs.server.nfs.v4.compound.NfsProgram;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NFS version 3 and what goes along with it, put together: MOUNT, NLM, NSM and portmap on the port of NFS; and, if the
 * configuration says so, portmap at a port of its own, where both it and NSM answer over UDP too.
 */
final class Version3 implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Version3.class);

    /** Threads of the portmap server. */
    private static final int PORTMAP_WORKERS = 2;

    /** How often in a grace period the records of hosts that hold nothing are looked for. */
    private static final int CHECKS_PER_GRACE = 3;

    /** What is told of a client that has no lease. */
    private static final long NO_LEASE = -1;

    private final NfsService.Options options;
    private final Locks held;
    private final Nfs3Program nfs;
    private final MountProgram mount;
    private final LockManager lockManager;
    private final NsmProgram nsm;
    private final Portmap portmap = new Portmap(this::mappings);
    private final PortmapClient hosts;
    private final List<HostRecord> before;
    private final ScheduledThreadPoolExecutor timer;
    private final Deque<AutoCloseable> listeners = new ArrayDeque<>();
    private volatile List<Mapping> mappings = List.of();
    private volatile RpcServer server;
    private volatile Optional<RpcbindRegistration> registered = Optional.empty();

    /** What clients hold, of all versions. */
    record Locks(RangeLocks ranges, ShareTable shares, Leases leases, ServerState state, HostMonitor hosts) {}

    /** @param replies shared with version 4.0 */
    Version3(NfsService.Options options, ExportResolver resolver, Locks held, ReplyCache replies) {
        this.options = options;
        this.held = held;
        before = held.hosts().hosts();
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "cairn-nlm");
            thread.setDaemon(true);
            return thread;
        });
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        nfs = new Nfs3Program(
                new Nfs3Services(options.fileSystem(), resolver, Limits.DEFAULT, options.watch()),
                new ProcedureTable(),
                replies);
        mount = new MountProgram(options.fileSystem(), resolver, options.exports());
        hosts = new PortmapClient((address, timeout) -> server.connect(address, timeout), Portmap.PORT);
        NlmServices services = new NlmServices(
                options.fileSystem(),
                resolver,
                held.ranges(),
                held.shares(),
                held.leases(),
                options.nfs().limits().clients(),
                options.nfs().limits().locksPerClient(),
                held.state()::inGrace,
                held.state()::expire);
        lockManager = new LockManager(services, held.hosts(), hosts, timer);
        nsm = new NsmProgram(lockManager::rebooted);
    }

    /** Adds its programs to a server. */
    void addTo(RpcServerBuilder builder) {
        builder.program(Nfs3Program.PROGRAM, Nfs3Program.VERSION, nfs);
        builder.program(MountProgram.PROGRAM, MountProgram.VERSION, mount);
        builder.program(NlmProgram.PROGRAM, NlmProgram.VERSION, lockManager.program());
        builder.program(NsmProgram.PROGRAM, NsmProgram.VERSION, nsm);
        new PortmapProgram(portmap).addTo(builder);
    }

    /** Whether clients find the lock manager, as they look for it at a portmap at the usual port only. */
    boolean servesLocks() {
        return options.nfs().portmapPort() == Portmap.PORT
                || registered.map(rpcbind -> rpcbind.has(NlmProgram.PROGRAM)).orElse(false);
    }

    /** Hosts that hold locks or shares, or say that they have mounted. */
    List<NfsService.Client> clients() {
        List<NfsService.Client> all = new ArrayList<>();
        Map<InetAddress, List<String>> mounted = mount.mounted();
        Set<InetAddress> holding = new HashSet<>();
        for (LockManager.Holder holder : lockManager.holders()) {
            holding.add(holder.address());
            all.add(client(
                    holder.name() + " at " + InetAddresses.toAddrString(holder.address()),
                    holder.shares(),
                    holder.locks(),
                    mounted.getOrDefault(holder.address(), List.of())));
        }
        mounted.forEach((address, paths) -> {
            if (!holding.contains(address)) {
                all.add(client(InetAddresses.toAddrString(address), 0, 0, paths));
            }
        });
        return all;
    }

    private static NfsService.Client client(String name, int shares, int locks, List<String> mounts) {
        return new NfsService.Client("3", name, NO_LEASE, shares, locks, 0, mounts);
    }

    /** Now it is known where the server is: tells portmap's clients, and the hosts that held locks before. */
    void started(RpcServer running) throws CairnException {
        server = running;
        int port = running.address().getPort();
        List<Mapping> served = new ArrayList<>(List.of(
                new Mapping(Nfs3Program.PROGRAM, Nfs3Program.VERSION, Mapping.TCP, port),
                new Mapping(NfsProgram.PROGRAM, NfsProgram.VERSION, Mapping.TCP, port),
                new Mapping(MountProgram.PROGRAM, MountProgram.VERSION, Mapping.TCP, port),
                new Mapping(NlmProgram.PROGRAM, NlmProgram.VERSION, Mapping.TCP, port),
                new Mapping(NsmProgram.PROGRAM, NsmProgram.VERSION, Mapping.TCP, port),
                new Mapping(Portmap.PROGRAM, Portmap.PORTMAP_VERSION, Mapping.TCP, port)));
        boolean hasPortmap = options.nfs().portmapPort() >= 0;
        if (hasPortmap || options.nfs().rpcbind() == Rpcbind.REGISTER) {
            // Linux tells of reboots over UDP only.
            served.add(new Mapping(NsmProgram.PROGRAM, NsmProgram.VERSION, Mapping.UDP, port));
            mappings = List.copyOf(served);
            listenToDatagrams(port);
        }
        if (hasPortmap) {
            listenAsPortmap();
        }
        mappings = List.copyOf(served);
        if (options.nfs().rpcbind() == Rpcbind.REGISTER) {
            registered = Optional.of(RpcbindRegistration.register(
                    mappings, options.listen().getAddress(), RpcbindRegistration.PLACES, timer));
        }
        // Odd, as a monitor's state is while it runs, and another one with each start.
        int state = (int) (options.fileSystem().bootVerifier() << 1) | 1;
        new RebootNotices(hosts, state, timer).send(before);
        long period = TimeUnit.SECONDS.toMillis(held.state().leaseSeconds()) / CHECKS_PER_GRACE;
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(this::forgetIdleHosts, period, period, TimeUnit.MILLISECONDS);
    }

    private void listenToDatagrams(int port) throws CairnException {
        InetSocketAddress udp = new InetSocketAddress(options.listen().getAddress(), port);
        try {
            listeners.push(DatagramServer.start(udp, this::datagram));
        } catch (IOException e) {
            throw Failures.ofListen(udp, e);
        }
    }

    private void listenAsPortmap() throws CairnException {
        InetSocketAddress tcp = new InetSocketAddress(
                options.listen().getAddress(), options.nfs().portmapPort());
        try {
            RpcServerBuilder builder = RpcServer.builder()
                    .listen(tcp)
                    .workers(PORTMAP_WORKERS)
                    .metrics(options.metrics())
                    .onFatalError(options.onFatalError());
            new PortmapProgram(portmap).addTo(builder);
            RpcServer portmapServer = builder.build();
            portmapServer.start();
            listeners.push(() -> portmapServer.stop(Duration.ZERO));
            int bound = portmapServer.address().getPort();
            listeners.push(DatagramServer.start(new InetSocketAddress(tcp.getAddress(), bound), this::datagram));
        } catch (IOException e) {
            throw Failures.ofListen(tcp, e);
        }
    }

    private boolean datagram(DatagramServer.Call call, XdrWriter results) throws XdrException {
        return switch (call.program()) {
            case Portmap.PROGRAM -> portmap.answerDatagram(call.version(), call.procedure(), call.arguments(), results);
            case NsmProgram.PROGRAM ->
                call.version() == NsmProgram.VERSION
                        && nsm.answer(
                                call.procedure(), call.arguments(), call.from().getAddress());
            default -> false;
        };
    }

    private void forgetIdleHosts() {
        try {
            if (!held.state().inGrace()) {
                lockManager.forgetIdleHosts();
            }
        } catch (RuntimeException e) {
            log.error("looking for hosts without locks failed; trying again soon", e);
        }
    }

    private List<Mapping> mappings() {
        return mappings;
    }

    @Override
    public void close() {
        registered.ifPresent(RpcbindRegistration::close);
        timer.shutdownNow();
        while (!listeners.isEmpty()) {
            try {
                listeners.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                log.warn("a port could not be given back: {}", e.toString());
            }
        }
    }
}
