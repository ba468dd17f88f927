package org.cairnfs.server.web;

import com.google.common.collect.ImmutableMap;
import com.google.common.net.HostAndPort;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages over HTTP, on the loopback address only: they tell figures, no names of files; whoever has a login on this machine may read them.
 * They can be read and nothing else.
 *
 * <p>A web page from elsewhere, in a browser of this machine, gets nothing: its origin may not read answers, as none allows it to; and one whose name
 * was made to lead here (DNS rebinding) is refused by the Host header, which names neither this address nor localhost. Pages may run
 * and show only what comes from here.
 */
public final class WebServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WebServer.class);
    private static final int BACKLOG = 16;

    /** More than one, so that a slow reader does not keep the others waiting. */
    private static final int THREADS = 3;

    private static final Set<String> NAMES = Set.of("127.0.0.1", "localhost", "::1");

    private static final Map<String, String> SECURITY = ImmutableMap.<String, String>builder()
            .put(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
            .put("Cross-Origin-Resource-Policy", "same-origin")
            .put("Referrer-Policy", "no-referrer")
            .put("X-Content-Type-Options", "nosniff")
            .put("X-Frame-Options", "DENY")
            .put("Cache-Control", "no-store")
            .buildOrThrow();

    private final HttpServer server;
    private final Map<String, Page> pages;
    private final ExecutorService threads;

    /** What is to be had at a path. */
    public interface Page {
        /** Its Content-Type. */
        String type();

        /** Its body, as of now; called by several threads at once. */
        byte[] body() throws IOException;
    }

    private WebServer(HttpServer server, Map<String, Page> pages) {
        this.server = server;
        this.pages = ImmutableMap.copyOf(pages);
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread daemon = new Thread(task, "web");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /**
     * Serves pages.
     *
     * @param port 0 takes a free one
     * @param chosen whether somebody wants this very port; else a free one is taken where it is in use
     * @param pages by their paths
     */
    public static WebServer start(int port, boolean chosen, Map<String, Page> pages) throws CairnException {
        WebServer web = new WebServer(listen(port, chosen), pages);
        web.server.setExecutor(web.threads);
        web.server.createContext("/", web::answer);
        web.server.start();
        return web;
    }

    private static HttpServer listen(int port, boolean chosen) throws CairnException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try {
            return HttpServer.create(new InetSocketAddress(loopback, port), BACKLOG);
        } catch (BindException e) {
            if (!chosen) {
                log.info("metrics and dashboard: port {} is in use, taking a free one", port);
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

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Page page = pages.get(exchange.getRequestURI().getPath());
            String method = exchange.getRequestMethod();
            if (!isForUs(exchange.getRequestHeaders())) {
                send(exchange, 421, "this is only for this machine: http://127.0.0.1:" + port() + "/\n");
            } else if (page == null) {
                send(exchange, 404, "there is only " + String.join(" ", pages.keySet()) + "\n");
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, "only GET\n");
            } else {
                send(exchange, 200, page.type(), page.body());
            }
        } catch (RuntimeException e) {
            log.error("{} could not be made", exchange.getRequestURI().getPath(), e);
            throw e;
        }
    }

    private static boolean isForUs(Headers headers) {
        try {
            String host = headers.getFirst("Host");
            return host != null && NAMES.contains(HostAndPort.fromString(host).getHost());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        send(exchange, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        SECURITY.forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** The port that was bound. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
