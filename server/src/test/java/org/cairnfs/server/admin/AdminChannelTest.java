package org.cairnfs.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The admin channel over real sockets. */
@Timeout(60)
class AdminChannelTest {
    private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();

    @TempDir
    private Path state;

    private final Map<String, AdminHandler> handlers = new HashMap<>();
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        handlers.put("echo", (arguments, progress) -> arguments);
        server = AdminServer.start(state, state.resolve("run"), handlers);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void restart(String operation, AdminHandler handler) throws Exception {
        server.close();
        handlers.put(operation, handler);
        server = AdminServer.start(state, state.resolve("run"), handlers);
    }

    private JsonNode call(String operation, Progress progress) throws Exception {
        try (AdminClient client = AdminClient.connect(state)) {
            return client.call(operation, NOTHING, progress);
        }
    }

    /** Sends bytes as they are; gives all lines of the answer. */
    private List<String> raw(byte[] bytes) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.shutdownOutput();
            List<String> lines = new ArrayList<>();
            LineChannel reader = new LineChannel(channel, Messages.MAX_ANSWER_BYTES);
            for (Optional<byte[]> line = reader.read(); line.isPresent(); line = reader.read()) {
                lines.add(new String(line.get(), StandardCharsets.UTF_8));
            }
            return lines;
        }
    }

    @Test
    void theSocketIsPrivate() throws Exception {
        assertThat(server.socket()).isEqualTo(state.resolve("admin.sock"));
        assertThat(Files.getPosixFilePermissions(server.socket()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void severalCallsOnOneConnection() throws Exception {
        try (AdminClient client = AdminClient.connect(state)) {
            for (int i = 0; i < 10; i++) {
                ObjectNode arguments =
                        JsonNodeFactory.instance.objectNode().put("n", i).put("text", "ä\n\u2028");
                assertThat(client.call("echo", arguments, Progress.NONE)).isEqualTo(arguments);
            }
        }
    }

    @Test
    void partsArriveInOrderBeforeTheResult() throws Exception {
        restart("count", (AdminHandler.InParts) (arguments, progress, parts) -> {
            for (int i = 0; i < 100; i++) {
                parts.put(Map.of("n", i));
            }
            return Map.of("all", 100);
        });
        List<Integer> counted = new ArrayList<>();
        try (AdminClient client = AdminClient.connect(state)) {
            JsonNode result = client.call(
                    "count",
                    NOTHING,
                    Progress.NONE,
                    part -> counted.add(part.path("n").asInt()));
            assertThat(result.path("all").asInt()).isEqualTo(100);
            assertThat(counted).isEqualTo(IntStream.range(0, 100).boxed().toList());
            assertThat(client.call("count", NOTHING, Progress.NONE).path("all").asInt())
                    .as("asked for the result only")
                    .isEqualTo(100);
        }
    }

    @Test
    void whoTellsPartsHearsWhenNobodyListens() throws Exception {
        CompletableFuture<ExitCode> ended = new CompletableFuture<>();
        restart("endless", (AdminHandler.InParts) (arguments, progress, parts) -> {
            try {
                while (true) {
                    parts.put(Map.of("text", "x".repeat(10_000)));
                }
            } catch (CairnException e) {
                ended.complete(e.exitCode());
                throw e;
            }
        });
        try (AdminClient client = AdminClient.connect(state)) {
            CairnException enough = new CairnException(ExitCode.USAGE, "that is enough", "");
            assertThatThrownBy(() -> client.call("endless", NOTHING, Progress.NONE, part -> {
                        throw enough;
                    }))
                    .isSameAs(enough);
        }
        assertThat(ended.get(1, TimeUnit.MINUTES)).isEqualTo(ExitCode.INTERRUPTED);
    }

    @Test
    void errorsArriveWithExitCodeAndAdvice() throws Exception {
        restart("fail", (arguments, progress) -> {
            throw new CairnException(ExitCode.STORE_FULL, "the store is full", "buy a bigger one");
        });
        restart("bug", (arguments, progress) -> {
            throw new IllegalStateException("oops");
        });
        CairnException failure = catchThrowableOfType(CairnException.class, () -> call("fail", Progress.NONE));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.STORE_FULL);
        assertThat(failure.toLine()).isEqualTo("the store is full; buy a bigger one");
        CairnException bug = catchThrowableOfType(CairnException.class, () -> call("bug", Progress.NONE));
        assertThat(bug.exitCode()).isEqualTo(ExitCode.INTERNAL);
        assertThat(bug).hasMessageContaining("oops");
        CairnException unknown = catchThrowableOfType(CairnException.class, () -> call("nonsense", Progress.NONE));
        assertThat(unknown).hasMessageContaining("'nonsense'");
        assertThat(call("echo", Progress.NONE)).isEmpty();
    }

    @Test
    void progressArrivesWhileTheWorkGoesOn() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        restart("work", (arguments, progress) -> {
            progress.report("uploading", 3, 7, Progress.Unit.OBJECTS);
            return Map.of("seen", await(seen));
        });
        List<String> events = new ArrayList<>();
        JsonNode result = call("work", (phase, done, total, unit) -> {
            events.add(phase + " " + done + "/" + total + " " + unit);
            seen.countDown();
        });
        assertThat(result.path("seen").booleanValue()).isTrue();
        assertThat(events).containsExactly("uploading 3/7 OBJECTS");
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNobody() throws Exception {
        CountDownLatch worked = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        restart("chatter", (arguments, progress) -> {
            String phase = "p".repeat(100_000);
            long n = 0;
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2); System.nanoTime() < end; n++) {
                progress.report(phase, n, -1, Progress.Unit.BYTES);
            }
            worked.countDown();
            return await(enough);
        });
        try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
            silent.write(ByteBuffer.wrap(Messages.request("chatter", NOTHING)));
            assertThat(worked.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(call("echo", Progress.NONE)).isEmpty();
        } finally {
            enough.countDown();
        }
    }

    @Test
    void garbageIsAnsweredAndTheServerLives() throws Exception {
        List<byte[]> garbage = List.of(
                "\n".getBytes(StandardCharsets.UTF_8),
                "hello\n".getBytes(StandardCharsets.UTF_8),
                "[]\n".getBytes(StandardCharsets.UTF_8),
                "{\"cairn\":1}\n".getBytes(StandardCharsets.UTF_8),
                "{\"cairn\":1,\"op\":7}\n".getBytes(StandardCharsets.UTF_8),
                "{\"cairn\":99,\"op\":\"echo\"}\n".getBytes(StandardCharsets.UTF_8),
                ("{\"cairn\":1,\"op\":\"echo\",\"args\":" + "[".repeat(5000) + "\n").getBytes(StandardCharsets.UTF_8),
                new byte[] {(byte) 0xFF, 0, (byte) 0x80, '\n'});
        for (byte[] bytes : garbage) {
            List<String> answer = raw(bytes);
            assertThat(answer).hasSize(1);
            CairnException error = Messages.parseAnswer(answer.get(0).getBytes(StandardCharsets.UTF_8))
                    .error()
                    .orElseThrow();
            assertThat(error.exitCode()).isEqualTo(ExitCode.SERVER_NOT_ANSWERING);
        }
        assertThat(raw(new byte[0])).isEmpty();
        assertThat(raw(new byte[] {'{'})).isEmpty();
        assertThat(call("echo", Progress.NONE)).isEmpty();
    }

    /** The server closes without reading all, so its answer may be lost; but it neither keeps the bytes nor dies. */
    @Test
    void aRequestWithoutEndCostsItsConnectionOnly() throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
            ByteBuffer block = ByteBuffer.allocate(Messages.MAX_REQUEST_BYTES);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            channel.write(block.clear());
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(call("echo", Progress.NONE)).isEmpty();
    }

    @Test
    void manyClientsAtOnceAndOneTooMany() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<JsonNode>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(threads.submit(() -> call("echo", Progress.NONE)));
            }
            for (Future<JsonNode> answer : answers) {
                assertThat(answer.get()).isEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
        List<AdminClient> held = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                AdminClient client = AdminClient.connect(state);
                held.add(client);
                client.call("echo", NOTHING, Progress.NONE);
            }
            assertThatThrownBy(() -> call("echo", Progress.NONE)).isInstanceOf(CairnException.class);
        } finally {
            for (AdminClient client : held) {
                client.close();
            }
        }
    }

    @Test
    void closingLetsTheAnswerOut() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        restart("slow", (arguments, progress) -> {
            begun.countDown();
            return await(closing);
        });
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (AdminClient idle = AdminClient.connect(state)) {
            Future<JsonNode> answer = threads.submit(() -> call("slow", Progress.NONE));
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            Future<?> closed = threads.submit(server::close);
            closing.countDown();
            assertThat(answer.get().booleanValue()).isTrue();
            closed.get();
            assertThatThrownBy(() -> idle.call("echo", NOTHING, Progress.NONE)).isInstanceOf(CairnException.class);
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.socket()).doesNotExist();
        CairnException gone = catchThrowableOfType(CairnException.class, () -> AdminClient.connect(state));
        assertThat(gone.exitCode()).isEqualTo(ExitCode.NO_SERVER);
    }

    @Test
    void aStateDirectoryWithALongPathHasItsSocketElsewhere(@TempDir Path other) throws Exception {
        Path deep = Files.createDirectories(state.resolve("d".repeat(120)));
        Path runs = other.resolve("run");
        try (AdminServer far = AdminServer.start(deep, runs, handlers)) {
            assertThat(far.socket()).hasParent(runs);
            assertThat(Files.getPosixFilePermissions(runs)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
            try (AdminClient client = AdminClient.connect(deep)) {
                assertThat(client.call("echo", NOTHING, Progress.NONE)).isEmpty();
            }
        }
        assertThat(deep).isEmptyDirectory();
        assertThat(runs).isEmptyDirectory();
    }

    @Test
    void whatADeadServerLeftIsReplaced() throws Exception {
        server.close();
        Files.writeString(state.resolve("admin.sock"), "");
        Files.writeString(state.resolve("admin.path"), "/nowhere/at/all");
        server = AdminServer.start(state, state.resolve("run"), handlers);
        assertThat(call("echo", Progress.NONE)).isEmpty();
    }

    @Test
    void noPlaceForTheSocketIsAnErrorThatSaysSo() throws Exception {
        Path deep = Files.createDirectories(state.resolve("d".repeat(120)));
        assertThatThrownBy(() -> AdminSocket.prepare(deep, List.of(deep.resolve("run"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("longer than");
    }

    @Test
    void aDirectoryOfOthersIsNoPlaceForTheSocket(@TempDir Path other) throws Exception {
        Path deep = Files.createDirectories(state.resolve("d".repeat(120)));
        Path open = Files.createDirectory(other.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path own = other.resolve("own");
        assertThat(AdminSocket.prepare(deep, List.of(open, own)).getPath().getParent())
                .isEqualTo(own);
    }
}
