package org.cairnfs.server.nfs.rpc;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.TransportFilter;
import org.glassfish.grizzly.nio.transport.TCPNIOConnectorHandler;
import org.glassfish.grizzly.nio.transport.TCPNIOServerConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOTransportBuilder;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves RPC programs over TCP, and makes connections to call others.
 *
 * <p>Built by a {@link Builder}, then {@link #start}ed and {@link #stop}ped once each. Thread-safe; starting and stopping are
 * guarded by this object's monitor.
 */
public final class RpcServer implements RpcConnector {
    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);
    private static final int SELECTOR_THREADS =
            Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
    private static final long THREADS_END_MILLIS = 1000;

    private final InetSocketAddress listenAddress;
    private final Context context;
    private final ConnectionTable connections;
    private final TCPNIOTransport transport;
    private final FilterChain filters;
    private ScheduledFuture<?> patienceTask;
    private boolean stopped;
    private volatile InetSocketAddress address;

    private RpcServer(Builder builder) {
        listenAddress = builder.listenAddress;
        context = new Context(builder);
        connections = new ConnectionTable(builder.limits);
        filters = FilterChainBuilder.stateless()
                .add(new TransportFilter())
                .add(new RpcFilter(context, connections))
                .build();
        transport = TCPNIOTransportBuilder.newInstance()
                .setName("cairn-rpc")
                .setReuseAddress(true)
                .setTcpNoDelay(true)
                .setKeepAlive(true)
                .setReadBufferSize(RpcLimits.READ_BYTES)
                .setIOStrategy(SameThreadIOStrategy.getInstance())
                .setSelectorRunnersCount(SELECTOR_THREADS)
                .setSelectorThreadPoolConfig(ThreadPoolConfig.defaultConfig()
                        .setPoolName("cairn-rpc-selector")
                        .setDaemon(true)
                        .setCorePoolSize(SELECTOR_THREADS)
                        .setMaxPoolSize(SELECTOR_THREADS))
                .setProcessor(filters)
                .build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Begins to listen and to serve.
     *
     * @throws IOException when the address cannot be listened on; nothing has been started then
     */
    public synchronized void start() throws IOException {
        TCPNIOServerConnection listener = transport.bind(listenAddress);
        address = (InetSocketAddress) listener.getLocalAddress();
        transport.start();
        context.scheduler.start();
        Patience patience = new Patience(context, connections);
        long interval = patience.interval().toNanos();
        patienceTask = context.timer.scheduleWithFixedDelay(
                () -> runSafely(patience::check), interval, interval, TimeUnit.NANOSECONDS);
        LOG.info("Serving RPC on {}", address);
    }

    /** The address that is listened on, with the port that was chosen when 0 was asked for. */
    public InetSocketAddress address() {
        return address;
    }

    /** Connections open now, made ones included. */
    public int connectionCount() {
        return connections.all().size();
    }

    /** Calls that have arrived and have not been answered, over all connections. */
    public int callsInFlight() {
        return connections.all().stream().mapToInt(TcpConnection::callsInFlight).sum();
    }

    /** Bytes held by calls in flight and by large records on their way in. */
    public long requestBytesHeld() {
        return context.requestBudget.used();
    }

    /** Bytes of replies that wait to be sent. */
    public long replyBytesQueued() {
        return context.replyBudget.used();
    }

    @Override
    public CompletableFuture<RpcConnection> connect(InetSocketAddress address, Duration timeout) {
        CompletableFuture<RpcConnection> result = new CompletableFuture<>();
        ScheduledFuture<?> timer = context.timer.schedule(
                () -> result.completeExceptionally(
                        new IOException("cannot connect to " + address + " within " + timeout)),
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
        TCPNIOConnectorHandler connector =
                TCPNIOConnectorHandler.builder(transport).processor(filters).build();
        connector.connect(address, new EmptyCompletionHandler<>() {
            @Override
            @SuppressWarnings("rawtypes") // Grizzly's signature.
            public void completed(Connection made) {
                timer.cancel(false);
                TcpConnection connection = RpcFilter.connectionOf(made);
                if (connection == null) {
                    result.completeExceptionally(new IOException("connection to " + address + " closed at once"));
                } else if (!result.complete(connection)) {
                    connection.close("nobody waits for it any more");
                }
            }

            @Override
            public void failed(Throwable cause) {
                timer.cancel(false);
                result.completeExceptionally(new IOException("cannot connect to " + address, cause));
            }
        });
        return result;
    }

    /**
     * Stops: accepts no more connections and calls, lets the calls in flight end and their replies go out for at most
     * {@code grace}, then closes everything. Does nothing when it has been called before.
     *
     * @return whether everything in flight came to its end
     */
    @CanIgnoreReturnValue
    public synchronized boolean stop(Duration grace) throws InterruptedException {
        if (stopped) {
            return true;
        }
        stopped = true;
        context.stopping = true;
        transport.unbindAll();
        boolean quiet = context.awaitQuiet(connections, grace);
        if (!quiet) {
            LOG.warn("{} calls did not end within {}; their connections are closed now", callsInFlight(), grace);
        }
        connections.all().forEach(connection -> connection.close("the server stops"));
        context.scheduler.stop(THREADS_END_MILLIS);
        try {
            transport.shutdownNow();
        } catch (IOException e) {
            LOG.warn("Network threads did not end cleanly; the process goes on without them", e);
        }
        patienceTask.cancel(false);
        context.timer.shutdownNow();
        return quiet;
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("Checking the connections failed; it will be tried again", e);
        }
    }

    /** What the connections share. */
    private static final class Context implements ServerContext {
        private final RpcLimits limits;
        private final RpcMetrics metrics;
        private final RefusalLog refusals = new RefusalLog();
        private final MemoryBudget requestBudget;
        private final MemoryBudget replyBudget;
        private final CallScheduler scheduler;
        private final CallDispatcher dispatcher;
        private final ScheduledExecutorService timer;

        private final ReentrantLock lock = new ReentrantLock();
        private final Condition progress = lock.newCondition();
        private volatile boolean stopping;

        Context(Builder builder) {
            limits = builder.limits;
            metrics = builder.metrics;
            requestBudget = new MemoryBudget(limits.requestBytes(), () -> {});
            replyBudget = new MemoryBudget(limits.replyBytes(), this::repliesHaveGone);
            scheduler = new CallScheduler(builder.workers, replyBudget::isOver, builder.onFatalError);
            Map<Integer, NavigableMap<Integer, RpcProgram>> programs = new HashMap<>();
            builder.programs.forEach((program, versions) -> programs.put(program, new TreeMap<>(versions)));
            RpcAuthenticator sys = new SysAuthenticator();
            dispatcher = new CallDispatcher(
                    Map.copyOf(programs),
                    Map.of(OpaqueAuth.AUTH_NONE, sys, OpaqueAuth.AUTH_SYS, sys),
                    new CallContext(limits, metrics, refusals, builder.onFatalError));
            timer = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "cairn-rpc-timer");
                thread.setDaemon(true);
                return thread;
            });
        }

        private void repliesHaveGone() {
            scheduler.wakeUp();
        }

        boolean awaitQuiet(ConnectionTable connections, Duration grace) throws InterruptedException {
            lock.lock();
            try {
                long left = grace.toNanos();
                while (!connections.all().stream().allMatch(TcpConnection::isQuiet)) {
                    if (left <= 0) {
                        return false;
                    }
                    left = progress.awaitNanos(left);
                }
                return true;
            } finally {
                lock.unlock();
            }
        }

        private void signalProgress() {
            if (stopping) {
                lock.lock();
                try {
                    progress.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        }

        @Override
        public RpcLimits limits() {
            return limits;
        }

        @Override
        public RpcMetrics metrics() {
            return metrics;
        }

        @Override
        public RefusalLog refusals() {
            return refusals;
        }

        @Override
        public MemoryBudget requestBudget() {
            return requestBudget;
        }

        @Override
        public MemoryBudget replyBudget() {
            return replyBudget;
        }

        @Override
        public CallScheduler scheduler() {
            return scheduler;
        }

        @Override
        public CallDispatcher dispatcher() {
            return dispatcher;
        }

        @Override
        public ScheduledExecutorService timer() {
            return timer;
        }

        @Override
        public boolean isStopping() {
            return stopping;
        }

        @Override
        public Runnable onProgress() {
            return this::signalProgress;
        }
    }

    /** Collects what a server is made of. */
    public static final class Builder {
        private final Map<Integer, Map<Integer, RpcProgram>> programs = new HashMap<>();
        private InetSocketAddress listenAddress = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        private int workers = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
        private RpcLimits limits = RpcLimits.defaults();
        private RpcMetrics metrics = RpcMetrics.NONE;
        private Consumer<Throwable> onFatalError = e -> LOG.error("A worker failed; the server goes on", e);

        private Builder() {}

        /** Where to listen; port 0 chooses one. Loopback and port 0 by default. */
        public Builder listen(InetSocketAddress where) {
            listenAddress = where;
            return this;
        }

        /** Threads that run handlers. */
        public Builder workers(int threads) {
            if (threads < 1) {
                throw new IllegalArgumentException("workers " + threads);
            }
            workers = threads;
            return this;
        }

        public Builder limits(RpcLimits value) {
            limits = value;
            return this;
        }

        public Builder metrics(RpcMetrics value) {
            metrics = value;
            return this;
        }

        /**
         * Told of errors after which the process may not be sound, such as running out of memory; called on a worker thread. They are
         * logged by default.
         */
        public Builder onFatalError(Consumer<Throwable> handler) {
            onFatalError = handler;
            return this;
        }

        /**
         * Adds a version of a program.
         *
         * @param version 0 or more
         * @throws IllegalArgumentException when it is there already
         */
        public Builder program(int number, int version, RpcProgram program) {
            if (version < 0) {
                throw new IllegalArgumentException("version " + version);
            }
            if (programs.computeIfAbsent(number, n -> new HashMap<>()).putIfAbsent(version, program) != null) {
                throw new IllegalArgumentException("program " + number + " version " + version + " is there already");
            }
            return this;
        }

        public RpcServer build() {
            return new RpcServer(this);
        }
    }
}
