package org.cairnfs.server.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.cairnfs.server.config.ClientLimits;
import org.cairnfs.server.config.ManageGids;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.exports.ExportTable;
import org.cairnfs.server.nfs.export.ExportResolver;
import org.cairnfs.server.nfs.export.HandleCodec;
import org.cairnfs.server.nfs.export.HostGroups;
import org.cairnfs.server.nfs.export.TableExportResolver;
import org.cairnfs.server.nfs.rpc.ReplyCache;
import org.cairnfs.server.nfs.rpc.RpcLimits;
import org.cairnfs.server.nfs.rpc.RpcServer;
import org.cairnfs.server.nfs.rpc.RpcServerBuilder;
import org.cairnfs.server.nfs.rpc.gss.HostUsers;
import org.cairnfs.server.nfs.rpc.tls.TlsIdentity;
import org.cairnfs.server.nfs.state.Callbacks;
import org.cairnfs.server.nfs.state.ClientSummary;
import org.cairnfs.server.nfs.state.DelegationCounts;
import org.cairnfs.server.nfs.state.DelegationSettings;
import org.cairnfs.server.nfs.state.FileStableClients;
import org.cairnfs.server.nfs.state.ServerState;
import org.cairnfs.server.nfs.state.StateSettings;
import org.cairnfs.server.nfs.v3.nsm.HostMonitor;
import org.cairnfs.server.nfs.v4.attr.HostOwners;
import org.cairnfs.server.nfs.v4.attr.Limits;
import org.cairnfs.server.nfs.v4.callback.CallbackCalls;
import org.cairnfs.server.nfs.v4.compound.CompoundDispatcher;
import org.cairnfs.server.nfs.v4.compound.NfsProgram;
import org.cairnfs.server.nfs.v4.compound.NfsServices;
import org.cairnfs.server.nfs.v4.op.OperationTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** NFS versions 3 and 4 on one port: the RPC server, the state of its clients, and the operations, put together. */
final class NfsServer implements NfsService {
    private static final Logger LOG = LoggerFactory.getLogger(NfsServer.class);

    private final Options options;
    private final Optional<TlsIdentity> tls;
    private final Tables tables;
    private final ServerState state;
    private final RpcServer rpc;
    private final Version3 version3;
    private final ExecutorService lockTeller;
    private final AnsweredTeller answeredTeller;

    /** What clients of all versions hold. */
    private record Tables(RangeLocks locks, ShareTable shares, LeaseTable leases) {}

    private NfsServer(
            Options options,
            Optional<TlsIdentity> tls,
            Tables tables,
            ServerState state,
            RpcServer rpc,
            Version3 version3,
            ExecutorService lockTeller,
            AnsweredTeller answeredTeller) {
        this.options = options;
        this.tls = tls;
        this.tables = tables;
        this.state = state;
        this.rpc = rpc;
        this.version3 = version3;
        this.lockTeller = lockTeller;
        this.answeredTeller = answeredTeller;
    }

    /** Starts to serve; see {@link NfsService.Starter}. */
    static NfsServer start(Options options) throws CairnException {
        // First, for a wrong file is no reason to begin.
        RpcServerBuilder builder = RpcServer.builder();
        Optional<TlsIdentity> tls = SecureRpc.addTo(builder, options.nfs().security());
        SecureRpc.warnOfUnusable(options.exports().get(), options.nfs().security());
        ClientLimits limits = options.nfs().limits();
        ExecutorService lockTeller = lockTeller();
        RangeLocks locks = new RangeLocks(limits.locksPerClient(), limits.locks(), lockTeller);
        ShareTable shares = new ShareTable(limits.opensPerClient(), limits.opens());
        HostMonitor hosts = monitor(options.stateDirectory(), limits.clients());
        LeaseTable leases = options.leases().orElseGet(LeaseTable::new);
        AtomicReference<RpcServer> running = new AtomicReference<>();
        Callbacks callbacks =
                new CallbackCalls((address, timeout) -> running.get().connect(address, timeout));
        ServerState state = startState(
                options,
                new Tables(locks, shares, leases),
                callbacks,
                !hosts.hosts().isEmpty());
        ExportResolver exports = new TableExportResolver(
                options.exports(),
                options.fileSystem(),
                new HandleCodec(options.fileSystem().root().fileSystem(), options.handleKey()),
                groups(options.nfs().manageGids()));
        NfsServices services = NfsServices.of(
                options.fileSystem(), state, exports, HostOwners.ofThisHost(), Limits.DEFAULT, options.watch());
        ReplyCache replies = new ReplyCache();
        Version3 version3 =
                new Version3(options, exports, new Version3.Locks(locks, shares, leases, state, hosts), replies);
        builder.listen(options.listen())
                .limits(rpcLimits(limits))
                .metrics(options.metrics())
                .onFatalError(options.onFatalError())
                .program(
                        NfsProgram.PROGRAM,
                        NfsProgram.VERSION,
                        new NfsProgram(new CompoundDispatcher(services, new OperationTable(), replies)));
        version3.addTo(builder);
        RpcServer rpc = builder.build();
        running.set(rpc);
        try {
            rpc.start();
        } catch (IOException e) {
            state.close();
            version3.close();
            throw Failures.ofListen(options.listen(), e);
        }
        AnsweredTeller answeredTeller = new AnsweredTeller(rpc.answeredCalls(), options.fileSystem());
        NfsServer server = new NfsServer(
                options, tls, new Tables(locks, shares, leases), state, rpc, version3, lockTeller, answeredTeller);
        try {
            answeredTeller.start();
            version3.started(rpc);
            return server;
        } catch (CairnException | RuntimeException e) {
            server.stop(Duration.ZERO);
            throw e;
        }
    }

    private static UnaryOperator<Credentials> groups(ManageGids manageGids) {
        return switch (manageGids) {
            case OFF -> UnaryOperator.identity();
            case ON -> new HostGroups(new HostUsers());
        };
    }

    /** Tells those who wait for locks: short tasks, one after the other. */
    private static ExecutorService lockTeller() {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "cairn-lock-teller");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static HostMonitor monitor(Path stateDirectory, int maxHosts) throws CairnException {
        Path records = stateDirectory.resolve("nlm-hosts");
        try {
            return HostMonitor.open(records, maxHosts);
        } catch (IOException e) {
            throw unreadable(records, e);
        }
    }

    private static CairnException unreadable(Path records, IOException e) {
        return new CairnException(
                ExitCode.STATE_UNUSABLE,
                "the client records in " + records + " cannot be read: " + e.getMessage(),
                "mend or remove that folder; without it, clients cannot reclaim their locks",
                e);
    }

    private static RpcLimits rpcLimits(ClientLimits limits) {
        RpcLimits.Builder builder = RpcLimits.builder()
                .connections(limits.connections())
                .connectionsPerAddress(limits.connectionsPerAddress());
        if (limits.requestBytes() > 0) {
            builder.requestBytes(limits.requestBytes());
        }
        if (limits.requestBytesPerAddress() > 0) {
            builder.requestBytesPerAddress(limits.requestBytesPerAddress());
        }
        if (limits.replyBytes() > 0) {
            builder.replyBytes(limits.replyBytes());
        }
        if (limits.replyBytesPerAddress() > 0) {
            builder.replyBytesPerAddress(limits.replyBytesPerAddress());
        }
        return builder.build();
    }

    private static StateSettings stateSettings(ServerConfig.Nfs nfs) {
        ClientLimits limits = nfs.limits();
        return StateSettings.defaults()
                .withLease(nfs.lease())
                .withClients(limits.clients())
                .withSessions(limits.sessionsPerClient(), limits.slotsPerSession())
                .withStates(limits.opensPerClient(), limits.opens());
    }

    /** @param othersReclaim whether hosts of NFSv3 may have locks to reclaim */
    private static ServerState startState(Options options, Tables tables, Callbacks callbacks, boolean othersReclaim)
            throws CairnException {
        FileSystem fileSystem = options.fileSystem();
        Path records = options.stateDirectory().resolve("clients");
        try {
            return ServerState.start(
                    stateSettings(options.nfs()).withDelegations(delegations(options)),
                    fileSystem.root().fileSystem(),
                    fileSystem.bootVerifier(),
                    fileSystem,
                    tables.locks,
                    tables.shares,
                    tables.leases,
                    callbacks,
                    FileStableClients.open(records),
                    othersReclaim);
        } catch (IOException e) {
            throw unreadable(records, e);
        }
    }

    /** Without anybody who asks the leases, there is nothing to promise. */
    private static DelegationSettings delegations(Options options) {
        ServerConfig.Delegations wanted = options.nfs().delegations();
        return options.leases().isEmpty() || wanted.kind() == ServerConfig.DelegationKind.OFF
                ? DelegationSettings.OFF
                : new DelegationSettings(wanted.perClient(), wanted.total());
    }

    @Override
    public Delegations delegations() {
        DelegationCounts counts = state.delegations();
        return new Delegations(counts.held(), counts.granted(), counts.recalled(), counts.revoked());
    }

    @Override
    public InetSocketAddress address() {
        return rpc.address();
    }

    @Override
    public Held held() {
        return new Held(tables.locks(), tables.shares(), tables.leases(), state::inGrace);
    }

    @Override
    public List<Client> clients() {
        List<Client> all = new ArrayList<>();
        state.summaries().forEach(summary -> all.add(client(summary)));
        all.addAll(version3.clients());
        return all;
    }

    @Override
    public boolean servesLocksOfVersion3() {
        return version3.servesLocks();
    }

    @Override
    public List<Usage> usage() {
        ClientLimits limits = options.nfs().limits();
        List<Client> clients = clients();
        return List.of(
                new Usage("connections", rpc.acceptedConnections(), limits.connections()),
                new Usage("clients", clients.size(), limits.clients()),
                new Usage("opens", tables.shares().total(), limits.opens()),
                new Usage("locks", tables.locks().total(), limits.locks()),
                new Usage("request bytes", rpc.requestBytesHeld(), rpc.limits().requestBytes()),
                new Usage("reply bytes", rpc.replyBytesQueued(), rpc.limits().replyBytes()));
    }

    private static Client client(ClientSummary summary) {
        String name = new String(summary.owner().toArray(), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
        return new Client(
                "4." + summary.minorVersion(),
                name,
                summary.leaseMillis(),
                summary.opens(),
                summary.locks(),
                summary.delegations(),
                List.of());
    }

    @Override
    public void reload(ExportTable exports) throws CairnException {
        if (tls.isPresent()) {
            SecureRpc.reload(tls.get(), options.nfs().security());
        }
        SecureRpc.warnOfUnusable(exports, options.nfs().security());
    }

    @Override
    public void stop(Duration grace) {
        try {
            if (!rpc.stop(grace)) {
                LOG.warn("some calls did not end within {} s; their connections were closed", grace.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            version3.close();
            state.close();
            lockTeller.shutdown();
            answeredTeller.close();
        }
    }
}
