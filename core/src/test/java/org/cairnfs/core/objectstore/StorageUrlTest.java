package org.cairnfs.core.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageUrlTest {
    private static final Path HERE = Path.of("/home/me");

    private static StorageUrl parse(String url) {
        return StorageUrl.parse(url, HERE);
    }

    @Test
    void foldersMayBeAbsoluteOrRelativeWithSchemeOrWithout() {
        assertThat(parse("local:///srv/cairn").folder()).isEqualTo(Path.of("/srv/cairn"));
        assertThat(parse("local://data/x").folder()).isEqualTo(Path.of("/home/me/data/x"));
        assertThat(parse("./data").folder()).isEqualTo(Path.of("/home/me/data"));
        assertThat(parse("LOCAL:///a b/%20/ü?x").folder()).isEqualTo(Path.of("/a b/%20/ü?x"));
        assertThat(parse("local:///srv/../x")).hasToString("local:///x");
        assertThat(StorageUrl.local(Path.of("/srv"))).hasToString("local:///srv");
    }

    @ParameterizedTest
    @CsvSource({
        "s3://my.bucket,, my.bucket, ''",
        "s3://bucket/some/prefix/,, bucket, some/prefix",
        "S3://bucket/A_b.c-d,, bucket, A_b.c-d",
        "s3c://127.0.0.1:9000/Bucket_1/p, 127.0.0.1:9000, Bucket_1, p",
        "s3c://minio.example.org/bucket, minio.example.org, bucket, ''",
        "s3c://[::1]:9000/bucket, [::1]:9000, bucket, ''",
        "gs://bucket/p,, bucket, p",
        "swift://swift.example.org:8080/c/p, swift.example.org:8080, c, p",
        "azure://account/container/p, account, container, p",
        "b2://my-bucket/p,, my-bucket, p",
    })
    void bucketsHaveEndpointNameAndPrefix(String text, String endpoint, String bucket, String prefix) {
        StorageUrl url = parse(text);
        assertThat(url.endpoint()).isEqualTo(endpoint == null ? "" : endpoint);
        assertThat(url.bucket()).isEqualTo(bucket);
        assertThat(url.prefix()).isEqualTo(prefix);
        assertThat(parse(url.toString())).isEqualTo(url);
        assertThatIllegalStateException().isThrownBy(url::folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nfs://x/y | unknown kind of storage \"nfs://\"; known are local://PATH, s3://BUCKET",
                "://x | unknown kind of storage",
                "local:// | names no folder",
                "'' | names no folder",
                "s3:// | there is no bucket in the URL; write s3://BUCKET/PREFIX",
                "s3://ab | \"ab\" is no name of a bucket",
                "s3://Bucket | \"Bucket\" is no name of a bucket",
                "s3://a..b | is no name of a bucket",
                "s3c://host:9000 | there is no bucket in the URL; write s3c://HOST:PORT/BUCKET/PREFIX",
                "s3c://host:0/bucket | \"host:0\" is no host with a port",
                "s3c://host:70000/bucket | \"host:70000\" is no host with a port",
                "s3c://ho st/bucket | is no host with a port",
                "s3c:///bucket | \"\" is no host with a port",
                "azure://A/container | \"A\" is no name of an account",
                "s3c://key:secret@host/bucket | credentials do not belong into a storage URL",
                "s3://bucket/a//b | the prefix in the bucket",
                "s3://bucket/../b | the prefix in the bucket",
                "s3://bucket/a b | the prefix in the bucket",
                "s3://bucket? | s3:// has no option \"\"; it has ca, endpoint, region",
                "s3://bucket?color=red | s3:// has no option \"color\"; it has ca, endpoint, region",
                "s3://bucket?tls=off | s3:// has no option \"tls\"",
                "s3c://host/bucket?tls=maybe | the option tls cannot be \"maybe\"; it wants on or off",
                "s3c://host/bucket?tls | the option tls cannot be \"\"",
                "s3c://host/bucket?tls=on&tls=on | the option tls is given twice",
                "s3://bucket?timeout=1 | the option timeout cannot be \"1\"; it wants a time",
                "s3://bucket?timeout=999ms | the option timeout cannot be \"999ms\"",
                "s3://bucket?timeout=61m | the option timeout cannot be \"61m\"",
                "s3://bucket?connect-timeout=6m | the option connect-timeout cannot be",
                "s3://bucket?connections=0 | the option connections cannot be \"0\"",
                "s3://bucket?connections=257 | the option connections cannot be \"257\"",
                "azure://account/cc1?endpoint=ftp://x | the option endpoint cannot be",
            })
    void mistakesAreToldInOneLine(String url, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(url))
                .withMessageContaining(message)
                .withMessageNotContaining("\n");
    }

    @Test
    void lengthIsBounded() {
        assertThatIllegalArgumentException().isThrownBy(() -> parse("s3://bucket/" + "a".repeat(513)));
        assertThatIllegalArgumentException().isThrownBy(() -> parse("/" + "a".repeat(StorageUrl.MAX_LENGTH)));
        assertThat(parse("s3://bucket/" + "a".repeat(512)).prefix()).hasSize(512);
    }

    @Test
    void optionsHaveTypesAndDefaults() {
        StoreOptions none = parse("s3://bucket").options();
        assertThat(none.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(none.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(none.connections()).isEqualTo(16);
        assertThat(none.isOn(StoreOption.TLS, true)).isTrue();
        StorageUrl url = parse("s3c://h/bucket/p?timeout=1500ms&tls=off&connections=3&region=eu-west-1");
        assertThat(url.options().timeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(url.options().connections()).isEqualTo(3);
        assertThat(url.options().isOn(StoreOption.TLS, true)).isFalse();
        assertThat(url.options().get(StoreOption.REGION)).contains("eu-west-1");
        assertThat(url.place()).isEqualTo("s3c://h/bucket/p");
        assertThat(parse(url.toString())).isEqualTo(url);
    }

    @Provide
    Arbitrary<String> urls() {
        return Arbitraries.strings()
                .withChars("abs3c:/?&=.-_@[]%\0é ")
                .ofMaxLength(40)
                .map(tail -> "s3c://" + tail);
    }

    @Property
    void anyTextIsReadOrRefused(@ForAll("urls") String text) {
        try {
            StorageUrl url = parse(text);
            assertThat(parse(url.toString())).isEqualTo(url);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageNotContaining("\n");
        }
    }
}
