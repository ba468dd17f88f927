package org.cairnfs.core.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageUrlTest {
    @Test
    void localPathsMayBeAbsoluteOrRelative() {
        assertThat(StorageUrl.parse("local:///srv/cairn").path()).isEqualTo(Path.of("/srv/cairn"));
        assertThat(StorageUrl.parse("local://data/x").path())
                .isEqualTo(Path.of("data/x").toAbsolutePath());
        assertThat(StorageUrl.parse("local:///a b/%20/ü").path()).isEqualTo(Path.of("/a b/%20/ü"));
        assertThat(StorageUrl.parse("local:///srv/../x").path()).isEqualTo(Path.of("/x"));
        assertThat(StorageUrl.local(Path.of("/srv"))).hasToString("local:///srv");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/srv/cairn", "local:/srv", "://x", "local://", "s3://bucket", "file:///x", "LOCAL:///x"})
    void othersAreRefusedWithAWordOnWhatIsKnown(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StorageUrl.parse(url))
                .withMessageContaining("local://");
    }

    @Test
    void opensWhatItNames(@TempDir Path folder) throws Exception {
        StorageUrl url = StorageUrl.local(folder.resolve("new"));
        try (ObjectStore made = ObjectStores.create(url);
                ObjectStore opened = ObjectStores.open(url)) {
            made.put("a");
            assertThat(opened.head("a")).isPresent();
            assertThat(opened.describe()).isEqualTo(url.toString());
        }
    }
}
