package org.cairnfs.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.cairnfs.core.objectstore.StorageScheme;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreOptions;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageUrlsTest {
    private static final Path HERE = Path.of("/srv/here");

    @ParameterizedTest
    @ValueSource(strings = {"nfs://x/y", "local://", "", "a\0b", "s3://", "s3://bucket?color=red"})
    void mistakesAreUsageErrors(String wrong) {
        CairnException error = catchThrowableOfType(CairnException.class, () -> StorageUrls.parse(wrong, HERE));
        assertThat(error.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    /** Slugs name state directories and key files: always a plain file name, and another for another folder. */
    @Property
    void slugsAreFileNames(@ForAll String one, @ForAll String other) {
        StorageUrl first = folder("/" + one);
        StorageUrl second = folder("/" + other);
        assertThat(StorageUrls.slug(first)).matches("[A-Za-z0-9][A-Za-z0-9.-]{0,59}");
        assertThat(StorageUrls.slug(first).equals(StorageUrls.slug(second))).isEqualTo(first.equals(second));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3c://[::1]:9000/bucket/p", "azure://account/container", "swift://host/c/a/b/c"})
    void slugsOfBucketsAreFileNamesToo(String url) throws Exception {
        assertThat(StorageUrls.slug(StorageUrls.parse(url, HERE))).matches("[A-Za-z0-9][A-Za-z0-9.-]{0,59}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?timeout=5s", "?region=eu-west-1&connections=3"})
    void optionsDoNotChangeWhichStorageItIs(String options) throws Exception {
        assertThat(StorageUrls.slug(StorageUrls.parse("s3://bucket/p" + options, HERE)))
                .isEqualTo(StorageUrls.slug(StorageUrls.parse("s3://bucket/p", HERE)));
    }

    private static StorageUrl folder(String path) {
        return new StorageUrl(StorageScheme.LOCAL, "", "", path, StoreOptions.NONE);
    }
}
