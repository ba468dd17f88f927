package org.cairnfs.server.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest {
    private WebServer server;

    @BeforeEach
    void start() throws Exception {
        server = WebServer.start(
                0, true, Pages.of(() -> "cairn_up 1\n".getBytes(UTF_8), () -> "{\"at\":1}".getBytes(UTF_8)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Head and body of an answer, as they are on the wire. */
    private String ask(String request, String... headers) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            String lines = String.join(
                    "", Arrays.stream(headers).map(line -> line + "\r\n").toList());
            out.write((request + " HTTP/1.1\r\n" + lines + "Connection: close\r\n\r\n").getBytes(UTF_8));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private String get(String path) throws Exception {
        return ask("GET " + path, "Host: 127.0.0.1:" + server.port());
    }

    @Test
    void prometheusAndThePageGetTheirs() throws Exception {
        assertThat(get("/metrics"))
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n")
                .endsWith("\r\n\r\ncairn_up 1\n");
        assertThat(get("/data.json"))
                .containsIgnoringCase("Content-Type: application/json\r\n")
                .endsWith("{\"at\":1}");
        assertThat(get("/")).containsIgnoringCase("Content-Type: text/html").contains("<!doctype html>");
        assertThat(get("/dashboard.js"))
                .containsIgnoringCase("Content-Type: text/javascript")
                .contains("fetch(");
        assertThat(get("/dashboard.css"))
                .containsIgnoringCase("Content-Type: text/css")
                .contains("--ground");
        assertThat(get("/icon.svg"))
                .containsIgnoringCase("Content-Type: image/svg+xml")
                .contains("<svg");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics/x", "/index.html", "/../etc/passwd", "/%2e%2e/etc/passwd", "/dashboard.js/"})
    void thereIsNothingElse(String path) throws Exception {
        assertThat(get(path)).startsWith("HTTP/1.1 404 ").contains("there is only / ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void pagesCanOnlyBeRead(String method) throws Exception {
        assertThat(ask(method + " /metrics", "Host: localhost", "Content-Length: 0"))
                .startsWith("HTTP/1.1 405 ")
                .containsIgnoringCase("Allow: GET, HEAD");
    }

    @Test
    void aHeadHasNoBody() throws Exception {
        assertThat(ask("HEAD /metrics", "Host: localhost"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost:1234", "[::1]:80", "[::1]"})
    void thisMachineMayAskByEachOfItsNames(String host) throws Exception {
        assertThat(ask("GET /metrics", "Host: " + host)).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "192.0.2.1",
                "",
                "a:b:c",
                "[::2]"
            })
    void namesThatWereMadeToLeadHereAreRefused(String host) throws Exception {
        for (String path : List.of("/", "/metrics", "/data.json")) {
            assertThat(ask("GET " + path, "Host: " + host))
                    .matches("(?s)HTTP/1.1 (421|400) .*")
                    .doesNotContain("cairn_up", "\"at\"", "<html");
        }
    }

    @Test
    void nothingFromElsewhereIsRunAndNobodyElsewhereMayLook() throws Exception {
        for (String path : List.of("/", "/metrics", "/data.json", "/missing")) {
            assertThat(get(path))
                    .containsIgnoringCase("Content-Security-Policy: default-src 'none'; script-src 'self';")
                    .containsIgnoringCase("frame-ancestors 'none'")
                    .containsIgnoringCase("X-Content-Type-Options: nosniff")
                    .containsIgnoringCase("Cross-Origin-Resource-Policy: same-origin")
                    .doesNotContainIgnoringCase("Access-Control-Allow");
        }
        assertThat(get("/") + get("/dashboard.js") + get("/dashboard.css"))
                .as("no assets from elsewhere, and nothing that the policy would not run")
                .doesNotContainPattern("https?://(?!www\\.w3\\.org/2000/svg)")
                .doesNotContain("<style", "onclick", "innerHTML", "eval(", "style=");
    }

    @Test
    void aTakenPortIsAnErrorOnlyWhenItWasChosen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            CairnException refused =
                    catchThrowableOfType(CairnException.class, () -> WebServer.start(port, true, Map.of()));
            assertThat(refused.exitCode()).isEqualTo(ExitCode.PORT_IN_USE);
            try (WebServer elsewhere = WebServer.start(port, false, Map.of())) {
                assertThat(elsewhere.port()).isNotEqualTo(port);
            }
        }
    }
}
