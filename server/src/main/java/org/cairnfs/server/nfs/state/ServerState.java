package org.cairnfs.server.nfs.state;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.lock.LockClient;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link NfsState} put together, with the thread that does what time alone does: ends grace and leases. At the start it
 * reads the client records of before; if any of them may reclaim, the server begins in grace.
 */
public final class ServerState implements NfsState {
    private static final Logger LOG = LoggerFactory.getLogger(ServerState.class);

    /** How often in a lease time is looked at. */
    private static final int TICKS_PER_LEASE = 20;

    private final StateSettings settings;
    private final ServerIdentity identity;
    private final GracePeriod grace;
    private final SessionTable sessions;
    private final Registrar registrar;
    private final ClientRegistry clients;
    private final FileStates files;
    private final StateTable table;
    private final Recaller recaller;
    private final Delegations delegations;
    private final InodePins pins;
    private final ReentrantLock registration;
    private Runnable stop = () -> {};

    /** What this state is put on. {@code background} runs what no request should wait for. */
    record Surroundings(
            InodePins pins,
            RangeLocks locks,
            ShareTable shares,
            LeaseTable leases,
            Callbacks callbacks,
            StableClients stable,
            boolean othersReclaim,
            Ticker ticker,
            Executor background) {}

    ServerState(StateSettings settings, UUID fileSystem, long incarnation, Surroundings around) throws IOException {
        this.settings = settings;
        this.identity = identity(fileSystem);
        this.pins = around.pins;
        List<ClientRecord> records = around.stable.load();
        grace = new GracePeriod(records, around.othersReclaim, settings.lease(), around.ticker);
        ClientTable clientTable = new ClientTable(incarnation, settings.maxUnconfirmed());
        registration = clientTable.registration;
        table = new StateTable(clientTable, around.locks, around.shares, around.leases, settings, around.ticker);
        sessions = new SessionTable(settings.channels(), new ReplyCacheBudget(settings.replyCacheBytes()));
        registrar =
                new Registrar(clientTable, table, sessions, grace, around.stable, around.pins, settings, incarnation);
        recaller = new Recaller(table, registrar, around.callbacks, settings, around.ticker, around.background);
        delegations = new Delegations(table, recaller, registrar, settings, around.ticker);
        Clients40 clients40 = new Clients40(clientTable, table, registrar, settings, around.ticker);
        Clients41 clients41 = new Clients41(clientTable, table, sessions, registrar, settings, around.ticker);
        clients = new ClientRegistryOperations(
                clientTable,
                sessions,
                registrar,
                clients40,
                clients41,
                table,
                recaller,
                around.pins,
                around.background);
        OpenOperations opens = new OpenOperations(table, grace, around.pins, registrar);
        files = new FileStateOperations(
                new OwnerTurns(table, around.pins, settings.ownerWait()),
                opens,
                new LockOperations(table, opens, grace, registrar),
                new IoChecks(table, grace, registrar),
                delegations);
        if (settings.delegations().perClient() > 0) {
            // What was made since the start was not delegated before.
            around.leases.await((file, client) -> file.generation() < incarnation
                    && grace.awaitsDelegations(clientTable.confirmed(client).map(ClientEntry::name)));
        }
        if (!grace.isActive()) {
            registrar.dropReclaimRights(records);
        }
    }

    /**
     * Starts serving state: in grace, if clients of before may reclaim.
     *
     * @param fileSystem id of the file system: what the server's owner and scope are made of
     * @param incarnation number of this start, positive, never repeated
     * @param files keeps open inodes alive; is told a lease after grace is over
     * @param locks shared with the other adapters
     * @param shares shared with the other adapters
     * @param leases that the file system asks before each change
     * @param callbacks how clients are called back
     * @param othersReclaim whether clients of other adapters may reclaim locks: then there is a grace period, for them too
     * @throws IOException if the client records cannot be read
     */
    public static ServerState start(
            StateSettings settings,
            UUID fileSystem,
            long incarnation,
            FileSystem files,
            RangeLocks locks,
            ShareTable shares,
            LeaseTable leases,
            Callbacks callbacks,
            StableClients stable,
            boolean othersReclaim)
            throws IOException {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "nfs-leases");
            thread.setDaemon(true);
            return thread;
        });
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        Executor leaseLater = task -> {
            ScheduledFuture<?> unused =
                    scheduler.schedule(() -> runSafely(task), settings.lease().toNanos(), TimeUnit.NANOSECONDS);
        };
        ServerState state = new ServerState(
                settings,
                fileSystem,
                incarnation,
                new Surroundings(
                        InodePins.of(files, leaseLater),
                        locks,
                        shares,
                        leases,
                        callbacks,
                        stable,
                        othersReclaim,
                        Ticker.systemTicker(),
                        task -> executeSafely(scheduler, task)));
        state.begin();
        state.schedule(scheduler);
        return state;
    }

    /** Says what kind of start this is. */
    void begin() {
        if (grace.isActive()) {
            LOG.info(
                    "in grace: {} clients may reclaim their opens and locks, for {} s, or while they go on",
                    grace.waitingFor(),
                    settings.lease().toSeconds());
        } else {
            table.leases().forgetChanges();
            pins.endGrace();
        }
    }

    private void schedule(ScheduledExecutorService scheduler) {
        long period = settings.lease().dividedBy(TICKS_PER_LEASE).toNanos();
        ScheduledFuture<?> ticking =
                scheduler.scheduleWithFixedDelay(this::tickSafely, period, period, TimeUnit.NANOSECONDS);
        stop = () -> {
            ticking.cancel(false);
            scheduler.shutdown();
        };
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("the file system cannot end its grace; its orphans go after the next start", e);
        }
    }

    /** Who hands over a task may be in the middle of a change, which is not to fail with it. */
    private static void executeSafely(Executor executor, Runnable task) {
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error("work on client state failed; the next look at it takes it up again", e);
                }
            });
        } catch (RejectedExecutionException stopping) {
            LOG.debug("the server stops: nobody is called back any more");
        }
    }

    private void tickSafely() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.error("looking after client leases failed; trying again soon", e);
        }
    }

    /** What time alone does. */
    void tick() {
        registrar.tick();
        recaller.tick();
    }

    @Override
    public ClientRegistry clients() {
        return clients;
    }

    @Override
    public FileStates files() {
        return files;
    }

    @Override
    public ServerIdentity identity() {
        return identity;
    }

    @Override
    public int leaseSeconds() {
        return (int) Math.max(1, settings.lease().toSeconds());
    }

    @Override
    public boolean inGrace() {
        return grace.isActive();
    }

    @Override
    public void connectionClosed(Connection connection) {
        sessions.connectionClosed(connection);
    }

    /** Whether the holder of a lock was one of our clients that is silent for longer than its lease: it is gone then. */
    public boolean expire(LockClient holder) {
        return registrar.expire(holder);
    }

    /** Opens and lock states in all, for metrics. */
    public int states() {
        return table.total();
    }

    /** What became of delegations. */
    public DelegationCounts delegations() {
        return delegations.counts();
    }

    /** All clients, for people. */
    public List<ClientSummary> summaries() {
        return registrar.summaries();
    }

    /** Whether this thread holds a lock that it must not hold when it calls the file system. */
    boolean isLockHeld() {
        return registration.isHeldByCurrentThread() || table.stateLock.isHeldByCurrentThread();
    }

    @Override
    public void close() {
        stop.run();
    }

    private static ServerIdentity identity(UUID fileSystem) {
        Bytes major = Bytes.copyOf(("cairn-" + fileSystem).getBytes(StandardCharsets.UTF_8));
        return new ServerIdentity(0, major, major, "cairnfs.org", "Cairn");
    }
}
