package org.cairnfs.core.objectstore.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.testkit.FakeClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsSourcesTest {
    private static final String SECRET = "geheim";

    @TempDir
    Path folder;

    private static StorageUrl url(String url) {
        return StorageUrl.parse(url, Path.of("/"));
    }

    private static StoreCredentials parse(String url, String... lines) throws ObjectStoreException {
        return CredentialsText.parse("test", String.join("\n", lines), url(url));
    }

    private static ObjectStoreException refused(CredentialsSource source) {
        ObjectStoreException refused = catchThrowableOfType(ObjectStoreException.class, source::read);
        assertThat(refused.kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(refused.getMessage()).doesNotContain(SECRET).doesNotContain("\n");
        return refused;
    }

    private Path file(String permissions, String... lines) throws Exception {
        Path file = Files.writeString(folder.resolve("credentials"), String.join("\n", lines));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void theLastSectionThatAppliesWins() throws Exception {
        String[] lines = {
            "# of all",
            "login = anybody",
            "[amazon]",
            "storage-url = s3://",
            "login = AKIA1",
            "password = one = two",
            "[one bucket]",
            "storage-url=s3://bucket/p",
            "login=AKIA2",
            "token = t",
        };
        assertThat(parse("s3://bucket", lines)).isEqualTo(StoreCredentials.of("AKIA1", "one = two"));
        assertThat(parse("s3://bucket/p/q", lines).login()).isEqualTo("AKIA2");
        assertThat(parse("s3://bucket/p", lines).token()).contains("t");
        assertThat(parse("s3://bucket/pq", lines).login()).as("p is not pq").isEqualTo("AKIA1");
        assertThat(refused(() -> parse("gs://bucket", lines))).hasMessageContaining("no password for gs://bucket");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pasword = geheim | test:1: want [NAME], or one of [storage-url, login, password, token, expires, key-file]",
                "geheim | test:1: want",
                "password = a^password = geheim | test:2: password is said twice",
                "password = | is empty or too long",
                "login = a | has no password for s3://bucket",
            })
    void mistakesNameTheLineButNotTheSecret(String text, String message) {
        assertThat(refused(() -> parse("s3://bucket", text.split("\\^")))).hasMessageContaining(message);
    }

    @Property
    void anyTextIsReadOrRefused(@ForAll String text) {
        try {
            assertThat(parse("s3://bucket", "password = x", text).password()).isNotEmpty();
        } catch (ObjectStoreException e) {
            assertThat(e.kind()).isEqualTo(Kind.CREDENTIALS);
        }
    }

    @Test
    void aFileIsReadAnewEachTime() throws Exception {
        CredentialsSource source =
                CredentialsSources.file(file("rw-------", "login = a", "password = x"), url("s3://abc"));
        assertThat(source.read().password()).isEqualTo("x");
        file("rw-------", "login = a", "password = y");
        assertThat(source.read().password()).isEqualTo("y");
    }

    @Test
    void aFileIsWorthReadingWhenItWasChanged() throws Exception {
        CredentialsSource source =
                CredentialsSources.file(file("rw-------", "login = a", "password = x"), url("s3://abc"));
        assertThat(source.mayHaveChanged()).as("never read").isTrue();
        source.read();
        assertThat(source.mayHaveChanged()).isFalse();
        file("rw-------", "login = a", "password = longer");
        assertThat(source.mayHaveChanged()).isTrue();
        source.read();
        assertThat(source.mayHaveChanged()).isFalse();
        Files.move(
                Files.writeString(folder.resolve("new"), "login = a\npassword = longer"),
                folder.resolve("credentials"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(source.mayHaveChanged()).as("another file took its place").isTrue();
        Files.delete(folder.resolve("credentials"));
        refused(source);
        assertThat(source.mayHaveChanged()).isFalse();
        file("rw-------", "login = a", "password = x");
        assertThat(source.mayHaveChanged()).as("there again").isTrue();
    }

    @Test
    void aCommandRunsOnceAMinute() throws Exception {
        FakeClock clock = new FakeClock();
        CredentialsSource source = new PacedSource(() -> StoreCredentials.of("a", "b"), () -> "command", clock);
        assertThat(source.mayHaveChanged()).isTrue();
        source.read();
        clock.advance(PacedSource.PAUSE.toNanos() - 1);
        assertThat(source.mayHaveChanged()).isFalse();
        clock.advance(1);
        assertThat(source.mayHaveChanged()).isTrue();
        source.read();
        assertThat(source.mayHaveChanged()).isFalse();
    }

    @Test
    void temporaryLoginsSayWhenTheyEnd() throws Exception {
        Instant end = Instant.parse("2026-12-31T12:00:00Z");
        assertThat(parse("s3://abc", "login=a", "password=b", "token=c", "expires = 2026-12-31T13:00:00+01:00"))
                .isEqualTo(new StoreCredentials("a", "b", Optional.of("c"), Optional.of(end)));
        assertThat(parse(
                        "s3://abc",
                        "{\"Version\": 1, \"AccessKeyId\": \"a\", \"SecretAccessKey\": \"b\",",
                        "\"SessionToken\": \"c\", \"Expiration\": \"2026-12-31T12:00:00+00:00\"}"))
                .as("as Amazon's tools print it")
                .isEqualTo(new StoreCredentials("a", "b", Optional.of("c"), Optional.of(end)));
        assertThat(parse("s3://abc", "{\"AccessKeyId\": \"a\", \"SecretAccessKey\": \"b\"}"))
                .isEqualTo(StoreCredentials.of("a", "b"));
        assertThat(refused(() -> parse("s3://abc", "password = b", "expires = geheim")))
                .hasMessageContaining("the time of expiry is not as")
                .hasStackTraceContaining("DateTimeParseException");
        assertThat(refused(() -> parse("s3://abc", "{\"AccessKeyId\": \"geheim\"}")))
                .hasMessageContaining("without AccessKeyId and SecretAccessKey");
        assertThat(refused(() -> parse("s3://abc", "{geheim"))).hasMessageContaining("begins as JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
    void aFileOpenToOthersIsRefused(String permissions) throws Exception {
        Path file = file(permissions, "password = " + SECRET);
        assertThat(refused(CredentialsSources.file(file, url("s3://abc")))).hasMessageContaining("chmod 600 '" + file);
    }

    @Test
    void noFileOrTooLongAFileIsToldAsSuch() throws Exception {
        assertThat(refused(CredentialsSources.file(folder.resolve("none"), url("s3://abc"))))
                .hasMessageContaining("there is no credentials file");
        Path file = file("rw-------", "#".repeat(CredentialsText.MAX_BYTES + 1));
        assertThat(refused(CredentialsSources.file(file, url("s3://abc")))).hasMessageContaining("too long");
    }

    @Test
    void aCommandPrintsWhatAFileWouldHold() throws Exception {
        String command = "printf 'login = %s\\npassword = x' \"$CAIRN_STORAGE_URL\"";
        assertThat(CredentialsSources.command(command, url("s3://abc/p")).read())
                .isEqualTo(StoreCredentials.of("s3://abc/p", "x"));
        assertThat(refused(CredentialsSources.command("echo password = geheim; exit 3", url("s3://abc"))))
                .hasMessageContaining("status 3");
        assertThat(refused(CredentialsSources.command("true", url("s3://abc")))).hasMessageContaining("no password");
    }

    /** The shell waits for others, which hold its pipe. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aCommandThatHangsIsEndedWithAllThatItBegan() {
        assertThat(refused(CredentialsSources.command(
                        "sleep 1000 | cat; exit 1", url("s3://abc"), Duration.ofMillis(200))))
                .hasMessageContaining("ended with status");
    }

    @ParameterizedTest
    @CsvSource({
        "s3://abc, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
        "s3c://h/abc, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
        "b2://bucket, B2_APPLICATION_KEY_ID, B2_APPLICATION_KEY",
        "swift://h/c, OS_USERNAME, OS_PASSWORD",
        "swift://h/c, ST_USER, ST_KEY",
    })
    void theEnvironmentHasEachProvidersVariables(String url, String login, String password) throws Exception {
        Map<String, String> set = Map.of(login, "me", password, "x", "OTHER", "y");
        assertThat(CredentialsSources.environment(set, url(url)).read()).isEqualTo(StoreCredentials.of("me", "x"));
        assertThat(refused(CredentialsSources.environment(Map.of(), url(url)))).hasMessageContaining("set ");
    }

    @Test
    void temporaryLoginsHaveATokenAndAzureNeedsNoLogin() throws Exception {
        Map<String, String> amazon =
                Map.of("AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "b", "AWS_SESSION_TOKEN", "c");
        assertThat(CredentialsSources.environment(amazon, url("s3://abc"))
                        .read()
                        .token())
                .contains("c");
        Map<String, String> azure = Map.of("AZURE_STORAGE_SAS_TOKEN", "sv=1", "AZURE_STORAGE_KEY", "k");
        assertThat(CredentialsSources.environment(azure, url("azure://acc/con"))
                        .read()
                        .password())
                .isEqualTo("sv=1");
        assertThat(CredentialsSources.environment(Map.of("AZURE_STORAGE_KEY", "k"), url("azure://acc/con"))
                        .read())
                .isEqualTo(StoreCredentials.of("", "k"));
    }

    @Test
    void googleHasAKeyFile() throws Exception {
        Path key = Files.writeString(
                folder.resolve("key.json"), "{\"client_email\": \"me@x\", \"private_key\": \"-----BEGIN\"}");
        Map<String, String> set = Map.of("GOOGLE_APPLICATION_CREDENTIALS", key.toString());
        assertThat(CredentialsSources.environment(set, url("gs://abc")).read())
                .isEqualTo(StoreCredentials.of("me@x", "-----BEGIN"));
        assertThat(parse("gs://abc", "key-file = " + key)).isEqualTo(StoreCredentials.of("me@x", "-----BEGIN"));
        Files.writeString(key, SECRET);
        ObjectStoreException refused = refused(CredentialsSources.environment(set, url("gs://abc")));
        assertThat(refused).hasStackTraceContaining("no JSON");
        assertThat(refused.getCause().toString()).doesNotContain(SECRET);
    }

    @Test
    void credentialsAreNeverPrinted() {
        assertThat(StoreCredentials.of("login", SECRET)).hasToString("StoreCredentials");
    }
}
