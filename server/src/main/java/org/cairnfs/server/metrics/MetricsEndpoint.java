package org.cairnfs.server.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /metrics} over HTTP, on the loopback address only. Tells figures, no names of files; whoever has a login on this
 * machine may read them.
 */
public final class MetricsEndpoint implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MetricsEndpoint.class);
    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final ExecutorService thread;

    private MetricsEndpoint(HttpServer server) {
        this.server = server;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread daemon = new Thread(task, "metrics");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /**
     * Serves what {@code scrape} gives.
     *
     * @param port 0 takes a free one
     * @param chosen whether somebody wants this very port; else a free one is taken where it is in use
     */
    public static MetricsEndpoint start(int port, boolean chosen, Supplier<String> scrape) throws CairnException {
        MetricsEndpoint endpoint = new MetricsEndpoint(listen(port, chosen));
        endpoint.server.setExecutor(endpoint.thread);
        endpoint.server.createContext("/", exchange -> answer(exchange, scrape));
        endpoint.server.start();
        return endpoint;
    }

    private static HttpServer listen(int port, boolean chosen) throws CairnException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try {
            return HttpServer.create(new InetSocketAddress(loopback, port), BACKLOG);
        } catch (BindException e) {
            if (!chosen) {
                log.info("metrics: port {} is in use, taking a free one", port);
                return listen(0, true);
            }
            throw new CairnException(
                    ExitCode.PORT_IN_USE,
                    "port " + port + " for metrics is in use",
                    "choose another with --metrics-port",
                    e);
        } catch (IOException e) {
            throw Failures.ofFile("cannot listen for metrics on port " + port, e);
        }
    }

    private static void answer(HttpExchange exchange, Supplier<String> scrape) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                send(exchange, 404, "there is only /metrics\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                send(exchange, 405, "only GET\n");
            } else {
                send(exchange, 200, scrape.get());
            }
        } catch (RuntimeException e) {
            log.error("metrics: a scrape failed", e);
            throw e;
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** The port that was bound. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdown();
    }
}
