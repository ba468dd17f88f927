package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.cairnfs.core.testkit.S3Server;
import org.cairnfs.core.testkit.TroubledLine;
import org.cairnfs.server.cli.Main;
import org.cairnfs.server.testing.CairnProcess;
import org.cairnfs.server.testing.CairnProcess.Launcher;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The {@code cairn} program with {@code -Xmx512m} over an encrypted file system in a local folder, or in a bucket that speaks S3:
 * made before each test, served when the test says so, killed after it. After a failed test the end of each server's log is printed.
 *
 * <p>One server at a time; after the first start all have the same port, state directory and bucket. For one thread.
 */
final class RealServer implements BeforeEachCallback, AfterEachCallback {
    private static final int LOG_TAIL = 8_000;

    /** Grace after a restart, which clients of 4.0 have to sit out. */
    private static final String LEASE = "nfs-lease = 10s";

    private final String[] settings;
    private final boolean overS3;
    private final StringBuilder logs = new StringBuilder();
    private Path folder;
    private Launcher cairn;
    private CairnProcess process;
    private S3Server s3;
    private TroubledLine line;

    /** @param settings lines of the configuration file */
    RealServer(String... settings) {
        this(false, settings);
    }

    private RealServer(boolean overS3, String... settings) {
        this.overS3 = overS3;
        this.settings = settings;
    }

    /** One whose storage is a bucket of an S3 server. */
    static RealServer overS3(String... settings) {
        return new RealServer(true, settings);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        folder = Files.createTempDirectory("cairn-it");
        Files.createDirectories(share());
        Files.writeString(path("exports"), NfsClient.EXPORTS);
        Files.writeString(path("conf"), LEASE + "\n" + String.join("\n", settings) + "\n");
        writeSecret("key", "correct horse\n");
        if (overS3) {
            s3 = S3Server.start();
            line = TroubledLine.to(s3.port());
            writeSecret(
                    "credentials",
                    "login = " + S3Server.CREDENTIALS.login() + "\npassword = " + S3Server.CREDENTIALS.password()
                            + "\n");
        }
        cairn = Launcher.of(folder, Main.class.getName());
        makeFileSystem("store");
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (process != null) {
            forget();
        }
        context.getExecutionException()
                .ifPresent(e -> System.err.println(
                        context.getDisplayName() + " failed: " + e + "\nThe servers said:\n" + logs));
        if (s3 != null) {
            line.close();
            s3.close();
        }
        deleteTree(folder);
    }

    private void writeSecret(String name, String text) throws IOException {
        Files.writeString(path(name), text);
        Files.setPosixFilePermissions(path(name), PosixFilePermissions.fromString("rw-------"));
    }

    /** Makes an empty file system in another folder of the test's, with the same passphrase. */
    void makeFileSystem(String name) throws Exception {
        Result made =
                cairn.run(Stream.concat(Stream.of("mkfs", url(name)), secrets()).toArray(String[]::new));
        assertThat(made.code()).as(made.err()).isZero();
    }

    private String url(String name) {
        return overS3 ? S3Server.url(line.port(), "bucket/" + name).toString() : "local://" + path(name);
    }

    private Stream<String> secrets() {
        Stream<String> passphrase = Stream.of("--passphrase-file", path("key").toString());
        return overS3
                ? Stream.concat(
                        passphrase,
                        Stream.of("--credentials-file", path("credentials").toString()))
                : passphrase;
    }

    /** The server of the bucket. */
    S3Server s3() {
        return s3;
    }

    /** The line to it, over which the cairn program speaks. */
    TroubledLine line() {
        return line;
    }

    /** A file or folder of the test's own. */
    Path path(String name) {
        return folder.resolve(name);
    }

    /** The folder that guests see at {@code /mnt/host}. */
    Path share() {
        return path("share");
    }

    /** Serves on a free port. */
    void start() throws Exception {
        start("store", "state");
    }

    /** Serves a file system with a state directory, which may be new, on a free port. */
    void start(String store, String state) throws Exception {
        process = cairn.serve(serveArguments(store, state));
    }

    /** Serves with a state directory that is new, after the machine that served before was lost. */
    void startElsewhere(String state) throws Exception {
        forget();
        process = cairn.serve(Stream.concat(Stream.of(serveArguments("store", state)), Stream.of("--take-over"))
                .toArray(String[]::new));
    }

    /** Serves the same storage read-only beside the running server, on another free port; the caller ends it. */
    CairnProcess startReader() throws Exception {
        return cairn.serve(Stream.concat(Stream.of(serveArguments("store", "reader-state")), Stream.of("--read-only"))
                .toArray(String[]::new));
    }

    /** Tries to serve, which must fail. */
    Result refused(String state) throws Exception {
        return cairn.run(serveArguments("store", state));
    }

    private String[] serveArguments(String store, String state) {
        return Stream.of(
                        List.of("serve", url(store), "--state", path(state).toString()),
                        List.of("--listen", "0.0.0.0", "--port", "0", "--metrics-port=0"),
                        List.of("--exports", path("exports").toString()),
                        List.of("--config", path("conf").toString()),
                        secrets().toList())
                .flatMap(List::stream)
                .toArray(String[]::new);
    }

    /** Serves on another machine, as it were, after this one was killed and its disk was wiped: with nothing but what the bucket has. */
    void startFromTheBucket(String newState) throws Exception {
        process.kill9();
        deleteTree(path("state"));
        startElsewhere(newState);
    }

    /** Starts the server that ended again: same port, same state. */
    void startAgain() throws Exception {
        process = forget().restart();
    }

    /** {@code cairn stop}. */
    void stop() throws Exception {
        Result stopped = cairn.run("stop");
        assertThat(stopped.code()).as(stopped.err() + process.log()).isZero();
        assertThat(process.await(60).code()).as(process.log()).isZero();
    }

    /** SIGTERM, as a reboot sends it. */
    void terminate() throws Exception {
        assertThat(process.terminate().code()).as(process.log()).isZero();
    }

    void kill9() throws Exception {
        process.kill9();
    }

    /** Another command of cairn, which has to succeed; what it says. */
    String command(String... arguments) throws Exception {
        Result result = cairn.run(arguments);
        assertThat(result.code()).as(result.err()).isZero();
        return result.out();
    }

    /** {@code cairn flush}: all that was written is in the bucket when this returns. */
    void flush() throws Exception {
        Result flushed = cairn.run("flush");
        assertThat(flushed.code()).as(flushed.err()).isZero();
    }

    /** What {@code cairn status} says of the volume. */
    JsonNode status() throws Exception {
        Result status = cairn.run("status", "--json");
        assertThat(status.code()).as(status.err()).isZero();
        return status.json().path("volume");
    }

    private CairnProcess forget() throws Exception {
        process.kill9();
        String log = process.log();
        logs.append("---- process ").append(process.pid()).append('\n');
        logs.append(log.substring(Math.max(0, log.length() - LOG_TAIL)));
        return process;
    }

    /** What the running server said so far. */
    String log() {
        return process.log();
    }

    int port() {
        return process.port();
    }

    /** A real client of the running server, with the shared folder. */
    NfsClient client() {
        return NfsClient.at(port()).with("--share", share().toString());
    }

    /** A figure of {@code /metrics}, of all its labels together. */
    double metric(String name) throws Exception {
        URI uri = URI.create(
                "http://127.0.0.1:" + process.ready().get("metricsPort").intValue() + "/metrics");
        String text = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        return text.lines()
                .filter(line -> line.matches(name + "[ {].*"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The most memory that the running server ever had, in bytes (VmHWM of proc(5)). */
    long peakMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElseThrow()
                << 10;
    }

    /** The objects of the bucket: their files by their keys. */
    Map<String, Path> objects() throws IOException {
        return objects("store");
    }

    Map<String, Path> objects(String store) throws IOException {
        Path bucket = path(store);
        try (Stream<Path> files = Files.walk(bucket)) {
            return files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(file -> key(bucket.relativize(file)), file -> file));
        }
    }

    /** A local store spreads the objects of a prefix over folders whose names begin with an underscore. */
    private static String key(Path file) {
        return StreamSupport.stream(file.spliterator(), false)
                .map(Path::toString)
                .filter(name -> !name.startsWith("_"))
                .collect(Collectors.joining("/"));
    }

    /** Bytes of all objects. */
    long bucketBytes() throws IOException {
        return objects().values().stream()
                .mapToLong(file -> file.toFile().length())
                .sum();
    }

    private static void deleteTree(Path top) throws IOException, InterruptedException {
        // Names in other encodings than this JVM's are beyond java.nio.
        new ProcessBuilder("rm", "-rf", top.toString()).inheritIO().start().waitFor();
    }
}
