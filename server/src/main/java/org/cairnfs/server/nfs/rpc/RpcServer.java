package org.cairnfs.server.nfs.rpc;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
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
 * <p>Built by an {@link RpcServerBuilder}, then {@link #start}ed and {@link #stop}ped once each. Thread-safe; starting and stopping are
 * guarded by this object's monitor.
 */
public final class RpcServer implements RpcConnector {
    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);
    private static final int SELECTOR_THREADS =
            Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
    private static final long THREADS_END_MILLIS = 1000;

    private final InetSocketAddress listenAddress;
    private final RunningContext context;
    private final ConnectionTable connections;
    private final TCPNIOTransport transport;
    private final FilterChain filters;
    private ScheduledFuture<?> patienceTask;
    private boolean stopped;
    private volatile InetSocketAddress address;

    RpcServer(RpcServerBuilder builder) {
        listenAddress = builder.listenAddress();
        context = new RunningContext(builder);
        connections = new ConnectionTable(builder.limits());
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

    public static RpcServerBuilder builder() {
        return new RpcServerBuilder();
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
        context.scheduler().start();
        Patience patience = new Patience(context, connections);
        long interval = patience.interval().toNanos();
        patienceTask = context.timer()
                .scheduleWithFixedDelay(() -> runSafely(patience::check), interval, interval, TimeUnit.NANOSECONDS);
        LOG.info("Serving RPC on {}", address);
    }

    /** The address that is listened on, with the port that was chosen when 0 was asked for. */
    public InetSocketAddress address() {
        return address;
    }

    /** What peers may ask of it. */
    public RpcLimits limits() {
        return context.limits();
    }

    /** Connections open now, made ones included. */
    public int connectionCount() {
        return connections.all().size();
    }

    /** Connections that count against their limit: those that others made. */
    public int acceptedConnections() {
        return connections.accepted();
    }

    /** Calls that have arrived and have not been answered, over all connections. */
    public int callsInFlight() {
        return connections.all().stream().mapToInt(TcpConnection::callsInFlight).sum();
    }

    /** What tells which changes need not be remembered for those who asked for them. */
    public AnsweredCalls answeredCalls() {
        return context.answeredCalls();
    }

    /** Bytes held by calls in flight and by large records on their way in. */
    public long requestBytesHeld() {
        return context.requestBudget().used();
    }

    /** Bytes of replies that wait to be sent. */
    public long replyBytesQueued() {
        return context.replyBudget().used();
    }

    @Override
    public CompletableFuture<RpcConnection> connect(InetSocketAddress address, Duration timeout) {
        CompletableFuture<RpcConnection> result = new CompletableFuture<>();
        ScheduledFuture<?> timer = context.timer()
                .schedule(
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
        context.beginStopping();
        transport.unbindAll();
        boolean quiet = context.awaitQuiet(connections, grace);
        if (!quiet) {
            LOG.warn("{} calls did not end within {}; their connections are closed now", callsInFlight(), grace);
        }
        connections.all().forEach(connection -> connection.close("the server stops"));
        patienceTask.cancel(false);
        context.endThreads(THREADS_END_MILLIS);
        try {
            transport.shutdownNow();
        } catch (IOException e) {
            LOG.warn("Network threads did not end cleanly; the process goes on without them", e);
        }
        return quiet;
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("Checking the connections failed; it will be tried again", e);
        }
    }
}
