package org.cairnfs.core.objectstore.jclouds;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that gives the answers it was told, in turn, and an empty list of objects or 200 when it has none left. */
final class AnswersServer implements AutoCloseable {
    private static final String EMPTY_LIST = "<?xml version=\"1.0\"?><ListBucketResult"
            + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bucket</Name><IsTruncated>false</IsTruncated>"
            + "</ListBucketResult>";

    private final HttpServer server;
    private final Deque<Answer> answers = new ConcurrentLinkedDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private record Answer(int status, Map<String, String> headers, String body) {}

    private AnswersServer(HttpServer server) {
        this.server = server;
    }

    static AnswersServer start() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AnswersServer server = new AnswersServer(http);
        http.createContext("/", server::handle);
        http.start();
        return server;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Method and path of each request. */
    List<String> requests() {
        return requests;
    }

    /** The next answer. */
    void answer(int status, Map<String, String> headers, String body) {
        answers.add(new Answer(status, headers, body));
    }

    /** The next answer is an error of S3's. */
    void fail(int status, String code, Map<String, String> headers) {
        answer(
                status,
                headers,
                "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>so it is</Message></Error>");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            Answer answer = answers.poll();
            if (answer == null) {
                boolean list = exchange.getRequestMethod().equals("GET");
                answer = new Answer(200, Map.of("ETag", "\"x\""), list ? EMPTY_LIST : "");
            }
            answer.headers().forEach(exchange.getResponseHeaders()::add);
            exchange.getResponseHeaders().add("Content-Type", "application/xml");
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status(), none ? -1 : body.length);
            if (!none) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
