package org.cairnfs.server.admin;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.cairnfs.server.config.PrivateFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's end of the admin channel. Only the user who runs the server can reach it: the socket is 0600 in a 0700
 * directory.
 *
 * <p><b>Threading.</b> One thread accepts, one serves each connection, one does each operation; so a client that does not read
 * its progress holds up nobody, and an operation goes on when its client is gone. Bounds: {@value #MAX_CONNECTIONS}
 * connections, each closed after {@value #IDLE_MINUTES} minutes without a request.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
    private static final int MAX_CONNECTIONS = 64;
    private static final int IDLE_MINUTES = 5;
    private static final long IDLE_CHECK_MILLIS = 60_000;
    private static final long CLOSE_SECONDS = 5;

    private final Path stateDirectory;
    private final UnixDomainSocketAddress address;
    private final ServerSocketChannel listener;
    private final Map<String, AdminHandler> handlers;
    private final Set<AdminConnection> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads;
    private final Timer idleTimer = new Timer("admin-idle", true);

    private AdminServer(
            Path stateDirectory,
            UnixDomainSocketAddress address,
            ServerSocketChannel listener,
            Map<String, AdminHandler> handlers) {
        this.stateDirectory = stateDirectory;
        this.address = address;
        this.listener = listener;
        this.handlers = Map.copyOf(handlers);
        this.threads = Executors.newCachedThreadPool(AdminServer::daemon);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "admin");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Listens in a state directory that the caller has locked.
     *
     * @param runs the registry's directory, for the socket of a state directory with a long path
     * @param handlers by the name of their operation
     */
    public static AdminServer start(Path stateDirectory, Path runs, Map<String, AdminHandler> handlers)
            throws CairnException {
        try {
            UnixDomainSocketAddress address = AdminSocket.prepare(stateDirectory, AdminSocket.fallbacks(runs));
            ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            AdminServer server = new AdminServer(stateDirectory, address, listener, handlers);
            listener.bind(address);
            PrivateFiles.restrict(address.getPath());
            server.threads.execute(server::accept);
            server.idleTimer.schedule(server.closingIdle(), IDLE_CHECK_MILLIS, IDLE_CHECK_MILLIS);
            return server;
        } catch (IOException e) {
            throw Failures.ofFile("cannot make the admin socket of " + stateDirectory, e);
        }
    }

    /** Where it listens. */
    public Path socket() {
        return address.getPath();
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                SocketChannel channel = listener.accept();
                if (connections.size() >= MAX_CONNECTIONS) {
                    refuse(channel);
                } else {
                    serve(channel);
                }
            } catch (IOException e) {
                if (listener.isOpen()) {
                    log.error("admin channel: accepting failed, no further commands are heard", e);
                }
                return;
            }
        }
    }

    private void serve(SocketChannel channel) {
        AdminConnection connection = new AdminConnection(channel, handlers, threads);
        connections.add(connection);
        threads.execute(() -> {
            try (connection) {
                connection.serve();
            } catch (IOException e) {
                log.debug("admin channel: a connection ended: {}", e.toString());
            } finally {
                connections.remove(connection);
            }
        });
    }

    private static void refuse(SocketChannel channel) throws IOException {
        try (LineChannel lines = new LineChannel(channel, Messages.MAX_REQUEST_BYTES)) {
            lines.write(Messages.error(new CairnException(
                    ExitCode.SERVER_NOT_ANSWERING, "too many commands at once", "try again in a moment")));
        }
    }

    private TimerTask closingIdle() {
        return new TimerTask() {
            @Override
            public void run() {
                long nanos = TimeUnit.MINUTES.toNanos(IDLE_MINUTES);
                connections.forEach(connection -> connection.closeIfIdleFor(nanos));
            }
        };
    }

    /** Hears no more requests; those that are being answered get their answer, for five seconds at most. */
    @Override
    public void close() {
        try {
            listener.close();
            AdminSocket.remove(stateDirectory, address);
        } catch (IOException e) {
            log.warn("admin channel: its socket {} stays behind", address, e);
        }
        idleTimer.cancel();
        connections.forEach(connection -> connection.closeIfIdleFor(0));
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                connections.forEach(AdminConnection::close);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
