package org.cairnfs.core.objectstore.jclouds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.RetryPolicy;
import org.cairnfs.core.objectstore.RetryingObjectStore;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.credentials.StoreCredentials;
import org.cairnfs.core.testkit.S3Server;
import org.cairnfs.core.testkit.TroubledLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong between us and a store: each has its kind and its message, and costs few requests. */
class BucketTroubleTest {
    private static final StoreCredentials WRONG = StoreCredentials.of("test-login", "not-the-password");
    private static final CredentialsSource RIGHT = () -> S3Server.CREDENTIALS;

    private S3Server server;
    private TroubledLine line;
    private AnswersServer answers;

    @BeforeEach
    void start() throws Exception {
        server = S3Server.start();
        line = TroubledLine.to(server.port());
        answers = AnswersServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        answers.close();
        line.close();
        server.close();
    }

    private ObjectStore create(String options) throws ObjectStoreException {
        return create(options, RIGHT, Clock.systemUTC());
    }

    private ObjectStore create(String options, CredentialsSource credentials, Clock clock) throws ObjectStoreException {
        return BucketStores.create(S3Server.url(line.port(), "bucket/p" + options), credentials, clock);
    }

    private ObjectStore openAnswers() throws ObjectStoreException {
        return BucketStores.open(S3Server.url(answers.port(), "bucket"), RIGHT, Clock.systemUTC());
    }

    private static ObjectStoreException failure(ThrowingCallable call) {
        ObjectStoreException failure = catchThrowableOfType(ObjectStoreException.class, call);
        assertThat(failure).as("failed").isNotNull();
        assertThat(failure.getMessage())
                .doesNotContain("\n")
                .doesNotContain(S3Server.CREDENTIALS.password())
                .doesNotContain(WRONG.password());
        return failure;
    }

    @Test
    void wrongCredentialsAreToldAtOnce() {
        ObjectStoreException failure = failure(() -> create("", () -> WRONG, Clock.systemUTC()));
        assertThat(failure.kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(failure)
                .hasMessageContaining("does not accept the credentials")
                .hasMessageContaining("403");
        assertThat(line.requests()).as("no storm").isEqualTo(1);
    }

    @Test
    void anUnknownLoginIsToldAtOnce() {
        ObjectStoreException failure =
                failure(() -> create("", () -> StoreCredentials.of("nobody", "x"), Clock.systemUTC()));
        assertThat(failure.kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(line.requests()).isEqualTo(1);
    }

    @Test
    void credentialsThatExpiredAreReadAgain() throws Exception {
        AtomicReference<StoreCredentials> current = new AtomicReference<>(S3Server.CREDENTIALS);
        Deque<StoreCredentials> reads = new ArrayDeque<>();
        CredentialsSource source = () -> {
            reads.add(current.get());
            return current.get();
        };
        create("", RIGHT, Clock.systemUTC()).close();
        current.set(WRONG);
        assertThat(failure(() -> create("", source, Clock.systemUTC())).kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(reads).as("read again, but the same").containsExactly(WRONG, WRONG);
        reads.clear();
        Deque<StoreCredentials> rotating = new ArrayDeque<>(List.of(WRONG, S3Server.CREDENTIALS));
        try (ObjectStore store = create("", rotating::pop, Clock.systemUTC())) {
            store.put("a", ByteBuffer.allocate(1));
            assertThat(rotating).as("once, not for each call").isEmpty();
        }
    }

    @Test
    void aClockThatIsWrongIsNamed() throws Exception {
        create("").close();
        for (Duration off : List.of(Duration.ofMinutes(20), Duration.ofMinutes(-20))) {
            Clock clock = Clock.offset(Clock.systemUTC(), off);
            ObjectStoreException failure = failure(() -> create("", RIGHT, clock));
            assertThat(failure.kind()).isEqualTo(Kind.CREDENTIALS);
            assertThat(failure)
                    .hasMessageContaining("the clock of this machine is")
                    .hasMessageContaining(
                            off.isNegative() ? "minutes behind the store's" : "minutes ahead of the store's");
        }
    }

    @Test
    void aMissingBucketIsToldAsSuch() {
        ObjectStoreException failure =
                failure(() -> BucketStores.open(S3Server.url(line.port(), "nowhere/p"), RIGHT, Clock.systemUTC()));
        assertThat(failure.kind()).isEqualTo(Kind.MISSING);
        assertThat(failure).hasMessageContaining("there is no such bucket").hasMessageContaining("/nowhere/p");
    }

    @Test
    void aServerThatIsNotThereIsTransient() throws Exception {
        int port = line.port();
        line.close();
        ObjectStoreException failure =
                failure(() -> BucketStores.open(S3Server.url(port, "bucket"), RIGHT, Clock.systemUTC()));
        assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure).hasMessageContaining("cannot be connected to");
    }

    @Test
    void aSlowLineIsNoFailure() throws Exception {
        try (ObjectStore store = create("?timeout=1s")) {
            line.delay(30); // for each 8 KiB: 512 KiB take twice the time-out
            byte[] body = bytes(1 << 19);
            store.put("a", ByteBuffer.wrap(body));
            assertThat(store.get("a", body.length)).isEqualTo(body);
        }
    }

    @Test
    void aFrozenLineIsTransient() throws Exception {
        try (ObjectStore store = create("?timeout=1s")) {
            store.put("a", ByteBuffer.wrap(bytes(100)));
            line.freeze(true);
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> store.get("a", 100),
                    () -> store.put("b", ByteBuffer.allocate(1)),
                    () -> store.put("b", ByteBuffer.allocate(32 << 20)),
                    () -> store.list("", "", 1))) {
                ObjectStoreException failure = failure(call);
                assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
                assertThat(failure).hasMessageContaining("nothing moved for 1 s");
            }
            line.freeze(false);
            assertThat(store.get("a", 100)).isEqualTo(bytes(100));
        }
    }

    @Test
    void bodiesThatAreCutAreNeverTakenForWhole() throws Exception {
        byte[] body = bytes(300_000);
        try (ObjectStore store = create("")) {
            store.put("a", ByteBuffer.wrap(body));
            for (long cut : List.of(20_000L, 250_000L)) { // before, the JDK itself tries once more
                line.cutAfter(cut);
                assertThat(failure(() -> store.get("a", body.length)).kind()).isEqualTo(Kind.TRANSIENT);
            }
            for (long cut : List.of(10L, 1_000L, 20_000L, 250_000L)) {
                line.cutAfter(cut);
                assertThat(failure(() -> store.put("new" + cut, ByteBuffer.wrap(body)))
                                .kind())
                        .isEqualTo(Kind.TRANSIENT);
                assertThat(store.head("new" + cut))
                        .as("half a body is no object")
                        .isEmpty();
            }
            ObjectStore retrying = new RetryingObjectStore(store, RetryPolicy.DEFAULT, pause -> {}, new Random(1));
            line.cutAfter(100_000);
            assertThat(retrying.get("a", body.length)).isEqualTo(body);
            line.cutAfter(100_000);
            retrying.put("b", ByteBuffer.wrap(body));
            assertThat(store.get("b", body.length)).isEqualTo(body);
        }
    }

    @Test
    void anInterruptEndsACall() throws Exception {
        try (ObjectStore store = create("")) {
            line.freeze(true);
            AtomicReference<ObjectStoreException> failure = new AtomicReference<>();
            CountDownLatch started = new CountDownLatch(1);
            Thread caller = new Thread(() -> {
                started.countDown();
                failure.set(failure(() -> store.get("a", 1)));
            });
            caller.start();
            started.await();
            caller.interrupt();
            caller.join();
            assertThat(failure.get().kind()).isEqualTo(Kind.TRANSIENT);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "503, SlowDown, TRANSIENT",
        "500, InternalError, TRANSIENT",
        "502, '', TRANSIENT",
        "429, TooManyRequests, TRANSIENT",
        "400, RequestTimeout, TRANSIENT",
        "400, BadDigest, TRANSIENT",
        "409, ConditionalRequestConflict, TRANSIENT",
        "403, AccessDenied, DENIED",
        "403, InvalidAccessKeyId, CREDENTIALS",
        "400, ExpiredToken, CREDENTIALS",
        "401, '', CREDENTIALS",
        "403, QuotaExceeded, FULL",
        "507, '', FULL",
        "501, NotImplemented, PERMANENT",
        "400, InvalidArgument, PERMANENT",
        "404, NoSuchBucket, MISSING",
    })
    void answersHaveKinds(int status, String code, Kind kind) throws Exception {
        try (ObjectStore store = openAnswers()) {
            int before = answers.requests().size();
            answers.fail(status, code, Map.of());
            ObjectStoreException failure = failure(() -> store.put("a", ByteBuffer.allocate(1)));
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(answers.requests()).as("one request").hasSize(before + 1);
            if (kind != Kind.MISSING) {
                assertThat(failure)
                        .hasMessageContaining("put a in s3c://")
                        .hasMessageContaining((status + " " + code).strip());
            }
        }
    }

    @Test
    void retryAfterIsTold() throws Exception {
        try (ObjectStore store = openAnswers()) {
            answers.fail(503, "SlowDown", Map.of("Retry-After", "7"));
            assertThat(failure(() -> store.delete("a")).retryAfter()).contains(Duration.ofSeconds(7));
            answers.fail(503, "SlowDown", Map.of("Retry-After", "soon"));
            assertThat(failure(() -> store.delete("a")).retryAfter()).isEmpty();
        }
    }

    @Test
    void aServerThatOverwritesHasNoConditionalPuts() throws Exception {
        try (ObjectStore store = openAnswers()) {
            assertThat(store.capabilities()).isEmpty();
        }
        assertThat(answers.requests()).anyMatch(request -> request.startsWith("DELETE /bucket/probe/"));
    }

    @Test
    void aServerThatSendsMoreThanWasAskedForIsStopped() throws Exception {
        try (ObjectStore store = openAnswers()) {
            answers.answer(200, Map.of(), "x".repeat(100));
            assertThat(failure(() -> store.get("a", 5, 10)).kind()).isEqualTo(Kind.PERMANENT);
            answers.answer(200, Map.of(), "x".repeat(2 << 20));
            assertThat(failure(() -> store.get("a", 5, 10))).hasMessageContaining("sends more than");
        }
    }

    @Test
    void theRegionOfAnAmazonBucketIsAskedFor() throws Exception {
        HttpSettings http = HttpOptions.settings(StorageUrl.parse("s3://bucket", Path.of("/")));
        String amazon = "http://127.0.0.1:" + answers.port();
        answers.answer(403, Map.of("x-amz-bucket-region", "eu-west-1"), "");
        assertThat(S3Endpoint.amazonRegion(amazon, "bucket", http)).isEqualTo("eu-west-1");
        assertThat(answers.requests()).containsExactly("HEAD /bucket");
        answers.answer(404, Map.of(), "");
        assertThat(failure(() -> S3Endpoint.amazonRegion(amazon, "bucket", http))
                        .kind())
                .isEqualTo(Kind.MISSING);
        answers.answer(403, Map.of("x-amz-bucket-region", "evil.example/"), "");
        assertThat(failure(() -> S3Endpoint.amazonRegion(amazon, "bucket", http)))
                .hasMessageContaining("?region=");
    }

    @Test
    void backblazeTellsItsAddress() throws Exception {
        HttpSettings http = HttpOptions.settings(StorageUrl.parse("b2://bucket", Path.of("/")));
        String api = "http://127.0.0.1:" + answers.port();
        answers.answer(
                200,
                Map.of(),
                "{\"apiInfo\": {\"storageApi\": {\"s3ApiUrl\": \"https://s3.us-west-004.backblazeb2.com\"}}}");
        assertThat(S3Endpoint.backblaze(api, WRONG, http)).isEqualTo("https://s3.us-west-004.backblazeb2.com");
        assertThat(S3Endpoint.regionOf("https://s3.us-west-004.backblazeb2.com"))
                .contains("us-west-004");
        answers.answer(401, Map.of(), "{}");
        assertThat(failure(() -> S3Endpoint.backblaze(api, WRONG, http)).kind()).isEqualTo(Kind.CREDENTIALS);
        answers.answer(200, Map.of(), "{\"s3ApiUrl\": \"http://evil\"}");
        assertThat(failure(() -> S3Endpoint.backblaze(api, WRONG, http)).kind()).isEqualTo(Kind.PERMANENT);
    }

    @Test
    void certificatesAreChecked(@TempDir Path folder) throws Exception {
        Path keys = folder.resolve("keys.p12");
        Path pem = folder.resolve("ca.pem");
        keytool(
                "-genkeypair",
                "-keystore",
                keys.toString(),
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost");
        keytool("-exportcert", "-keystore", keys.toString(), "-rfc", "-file", pem.toString());
        try (S3Server secure = S3Server.startTls(keys, "password")) {
            String place = ":" + secure.port() + "/bucket?tls=on";
            url(folder, "localhost" + place + "&ca=" + pem).close();
            assertThat(failure(() -> url(folder, "localhost" + place)))
                    .hasMessageContaining("certificate is not trusted")
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.PERMANENT));
            assertThat(failure(() -> url(folder, "127.0.0.1" + place + "&ca=" + pem)))
                    .as("another name than in the certificate")
                    .hasMessageContaining("certificate is not trusted");
            assertThat(failure(
                            () -> url(folder, "localhost" + place + "&ca=" + Files.createFile(folder.resolve("no")))))
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.PERMANENT));
        }
    }

    private static ObjectStore url(Path folder, String rest) throws ObjectStoreException {
        return BucketStores.create(StorageUrl.parse("s3c://" + rest, folder), RIGHT, Clock.systemUTC());
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", "password", "-alias", "server"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
