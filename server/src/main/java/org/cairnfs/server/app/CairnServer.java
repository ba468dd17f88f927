package org.cairnfs.server.app;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.cairnfs.server.Progress;
import org.cairnfs.server.Version;
import org.cairnfs.server.activity.AccessLog;
import org.cairnfs.server.activity.Operations;
import org.cairnfs.server.admin.AdminServer;
import org.cairnfs.server.admin.Messages;
import org.cairnfs.server.admin.RunRegistry;
import org.cairnfs.server.app.VolumeFactory.OpenOptions;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.config.StateDirectory;
import org.cairnfs.server.exports.Export;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.metrics.Metrics;
import org.cairnfs.server.metrics.RpcMeters;
import org.cairnfs.server.web.Pages;
import org.cairnfs.server.web.WebServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server, whole: a volume, NFS on it, a mount of it on this machine if that is wanted, metrics, admin channel, and its place in the registry.
 *
 * <p>Begins in the order in which each part needs the ones before, and gives all back in the reverse order when one cannot
 * begin. Ends once, by {@link #stop} (of a signal or a command), because the volume failed, or because this process is not sound any more, and
 * then without touching what is stored; {@link #awaitEnd} then returns.
 */
public final class CairnServer {
    private static final Logger log = LoggerFactory.getLogger(CairnServer.class);
    private static final Duration NFS_GRACE = Duration.ofSeconds(5);

    private final Options options;
    private final long startedAt = System.currentTimeMillis();
    private final Metrics metrics = new Metrics();
    private final RpcMeters rpcMeters = new RpcMeters(metrics.registry());
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CompletableFuture<ExitCode> end = new CompletableFuture<>();
    private Volume volume;
    private AccessLog accessLog;
    private Operations operations;
    private NfsService nfs;
    private Optional<WebServer> web = Optional.empty();
    private Optional<MountService> mount = Optional.empty();
    private boolean stopping;
    private Runnable onStopping = () -> {};
    private volatile boolean unsound;

    /**
     * What to serve, how, and where.
     *
     * @param passphrase empty for a file system without encryption
     * @param state taken; given back by the server
     * @param listen port 0 takes a free one
     * @param claim what is asked of the storage
     * @param runs directory of the registry
     * @param mount where to mount it on this machine, if anywhere
     */
    public record Options(
            StorageUrl storage,
            Optional<Passphrase> passphrase,
            StateDirectory state,
            InetSocketAddress listen,
            Exports exports,
            ServerConfig config,
            StorageClaim claim,
            Path runs,
            Optional<MountRequest> mount) {
        /** Of a server that only serves NFS. */
        public Options(
                StorageUrl storage,
                Optional<Passphrase> passphrase,
                StateDirectory state,
                InetSocketAddress listen,
                Exports exports,
                ServerConfig config,
                StorageClaim claim,
                Path runs) {
            this(storage, passphrase, state, listen, exports, config, claim, runs, Optional.empty());
        }
    }

    private CairnServer(Options options) {
        this.options = options;
    }

    /** Starts a server; when this returns, clients and commands are answered. */
    public static CairnServer start(Options options, Components components, Progress progress) throws CairnException {
        CairnServer server = new CairnServer(options);
        try {
            server.begin(components, progress);
            return server;
        } catch (CairnException | RuntimeException e) {
            server.closeParts();
            throw e;
        }
    }

    private void begin(Components components, Progress progress) throws CairnException {
        parts.push(options.state());
        parts.push(metrics);
        requireFreePort(options.listen());
        volume = components
                .volumes()
                .open(
                        new OpenOptions(
                                options.storage(),
                                options.passphrase(),
                                options.state().path(),
                                options.config(),
                                options.claim()),
                        progress);
        parts.push(this::endVolume);
        metrics.bind(new VolumeMetrics(volume));
        FileSystem fileSystem = volume.fileSystem();
        accessLog = new AccessLog(fileSystem::pathOf, System::nanoTime);
        operations = new Operations(metrics.registry(), accessLog);
        nfs = components
                .nfs()
                .start(new NfsService.Options(
                        options.listen(),
                        options.exports(),
                        fileSystem,
                        volume.handleKey(),
                        options.state().path(),
                        options.config().nfs(),
                        volume.leases(),
                        rpcMeters,
                        operations,
                        this::endUnsound));
        parts.push(() -> nfs.stop(unsound ? Duration.ZERO : NFS_GRACE));
        metrics.bind(new NfsMetrics(nfs));
        if (options.mount().isPresent()) {
            MountService mounted = components
                    .mounts()
                    .start(volume, nfs.held(), options.mount().get(), operations, this::endUnsound);
            mount = Optional.of(mounted);
            parts.push(mounted::abandon);
        }
        if (options.config().metrics().number() >= 0) {
            Dashboard dashboard = new Dashboard(this).start();
            parts.push(dashboard);
            WebServer started = WebServer.start(
                    options.config().metrics().number(),
                    options.config().metrics().chosen(),
                    Pages.of(
                            () -> metrics.scrape().getBytes(StandardCharsets.UTF_8),
                            () -> Messages.json().writeValueAsBytes(dashboard.data())));
            parts.push(started);
            web = Optional.of(started);
        }
        parts.push(AdminServer.start(options.state().path(), options.runs(), new AdminOperations(this).handlers()));
        parts.push(new RunRegistry(options.runs())
                .register(options.state().path(), options.storage().toString()));
        watchVolume();
        watchMount();
        log.info(
                "serving {} on {}, {}",
                options.storage(),
                nfs.address(),
                options.claim().isReadOnly()
                        ? "read-only"
                        : "incarnation " + volume.status().incarnation());
    }

    /** Reads the exports and the certificates for TLS again: all of them, or, when one cannot be used, none. */
    void reload() throws CairnException {
        options.exports().reload(nfs::reload);
    }

    /** Opening a volume may take long and takes the bucket: a port that is taken had better be found before. */
    private static void requireFreePort(InetSocketAddress listen) throws CairnException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(listen);
        } catch (IOException e) {
            throw Failures.ofListen(listen, e);
        }
    }

    private void watchVolume() {
        Thread watcher = new Thread(
                () -> {
                    try {
                        CairnException failure = volume.awaitFailure();
                        log.error("the file system failed, the server ends: {}", failure.toLine(), failure);
                        end.complete(failure.exitCode());
                    } catch (InterruptedException e) {
                        log.debug("no longer watching the volume");
                    }
                },
                "volume-watch");
        watcher.setDaemon(true);
        watcher.start();
        parts.push(watcher::interrupt);
    }

    /** A server that is there for its mount ends when somebody unmounts that, by whatever command. */
    private void watchMount() {
        if (endsWithMount()) {
            mount.ifPresent(mounted -> {
                Thread watcher = new Thread(() -> stopAfter(mounted), "mount-watch");
                watcher.setDaemon(true);
                watcher.start();
                parts.push(watcher::interrupt);
            });
        }
    }

    private void stopAfter(MountService mounted) {
        try {
            mounted.ended().get();
            stop(options.config().stopTimeout(), Progress.NONE);
        } catch (InterruptedException e) {
            log.debug("no longer watching the mount");
        } catch (ExecutionException | CairnException e) {
            log.debug("said where it happened: {}", e.toString());
        }
    }

    /** Whether this server is there for its mount only. */
    boolean endsWithMount() {
        return options.mount().map(MountRequest::endsServer).orElse(false);
    }

    /** Where it is mounted on this machine now. */
    Optional<MountService> mount() {
        return mount.filter(mounted -> !mounted.ended().isDone());
    }

    /** What is in memory may be half changed: nothing of it must reach the journal or the bucket any more. */
    private void endUnsound(Throwable failure) {
        unsound = true;
        ExitCode code = failure instanceof OutOfMemoryError ? ExitCode.OUT_OF_MEMORY : ExitCode.INTERNAL;
        try {
            log.error(
                    "this process is not sound any more ({}): the server ends as in a crash, and the next start"
                            + " recovers all that was answered",
                    failure.toString(),
                    failure);
        } finally {
            end.complete(code);
        }
    }

    private void endVolume() throws CairnException {
        if (unsound) {
            volume.abandon();
        } else {
            volume.stop(Duration.ZERO, Progress.NONE);
        }
    }

    /** Where it serves NFS. */
    public InetSocketAddress address() {
        return nfs.address();
    }

    /** Whether clients of NFSv3 find the lock manager. */
    public boolean servesLocksOfVersion3() {
        return nfs.servesLocksOfVersion3();
    }

    public Options options() {
        return options;
    }

    Volume volume() {
        return volume;
    }

    public ServerStatus status() {
        return new ServerStatus(
                ProcessHandle.current().pid(),
                Version.text(),
                options.state().path().toString(),
                startedAt,
                InetAddresses.toAddrString(options.listen().getAddress()),
                nfs.address().getPort(),
                options.exports().get().exports().stream().map(Export::toString).toList(),
                web.map(WebServer::port).orElse(-1),
                volume.status(),
                nfs.clients(),
                nfs.usage(),
                nfs.delegations(),
                guarded(),
                MountOperations.Mounted.of(mount()));
    }

    private Guarded guarded() {
        try {
            return volume.status().following().readOnly() ? Guarded.NONE : Guarded.of(volume);
        } catch (CairnException e) {
            log.warn("the snapshots and trees cannot be told: {}", e.toLine());
            return Guarded.NONE;
        }
    }

    /** Its counters. */
    Reading reading() {
        return Reading.of(
                System.currentTimeMillis(),
                operations.counts(),
                rpcMeters.traffic(),
                volume.storeMetrics(),
                volume.status());
    }

    /** What it has done so far. */
    public ServerActivity activity() {
        return new ServerActivity(
                System.currentTimeMillis(),
                operations.counts(),
                rpcMeters.traffic(),
                ServerActivity.StoreUse.of(volume.storeMetrics()),
                status());
    }

    /** Each operation, for those who want to watch. */
    AccessLog accessLog() {
        return accessLog;
    }

    /** Whether it serves, and its file system can go on; asks all that can hang, so it hangs if they do. */
    public boolean isWell() {
        return !unsound && volume.status().state() != VolumeStatus.State.FAILED;
    }

    /** From now on tells when a stop begins, on the thread that stops it; must not wait. */
    public synchronized void onStopping(Runnable listener) {
        onStopping = listener;
    }

    /**
     * Ends the server cleanly: no more mount, no more NFS, then the volume. Whoever calls it again waits for the first and gets the same.
     *
     * @return whether everything is in the object store
     */
    public boolean stop(Duration uploadTimeout, Progress progress) throws CairnException {
        synchronized (this) {
            if (!stopping) {
                stopping = true;
                log.info("stopping");
                onStopping.run();
            }
        }
        mount.ifPresent(MountService::abandon);
        nfs.stop(NFS_GRACE);
        if (unsound) {
            return false;
        }
        try {
            boolean uploaded = volume.stop(uploadTimeout, progress);
            log.info(uploaded ? "stopped, all is in the object store" : "stopped, not all is in the object store yet");
            end.complete(uploaded ? ExitCode.OK : ExitCode.NOT_UPLOADED);
            return uploaded;
        } catch (CairnException e) {
            log.error("stopping failed: {}", e.toLine(), e);
            end.complete(e.exitCode());
            throw e;
        }
    }

    /** Waits for the end of the server, gives everything back, and tells how it ended. */
    public ExitCode awaitEnd() throws InterruptedException {
        try {
            ExitCode code = end.get();
            closeParts();
            return code;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a server is never exceptional", e.getCause());
        }
    }

    private void closeParts() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception | OutOfMemoryError e) {
                log.warn("a part of the server did not end well: {}", e.toString(), e);
            }
        }
    }
}
