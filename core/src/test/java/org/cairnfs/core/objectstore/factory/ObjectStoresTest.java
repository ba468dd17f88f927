package org.cairnfs.core.objectstore.factory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.testkit.S3Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoresTest {
    @Test
    void opensWhatItNames(@TempDir Path folder) throws Exception {
        StorageUrl url = StorageUrl.local(folder.resolve("new"));
        try (ObjectStore made = ObjectStores.create(url, CredentialsSource.NONE);
                ObjectStore opened = ObjectStores.open(url, CredentialsSource.NONE)) {
            made.put("a");
            assertThat(opened.head("a")).isPresent();
            assertThat(opened.describe()).isEqualTo(url.toString());
        }
    }

    @Test
    void opensBucketsWithCredentials() throws Exception {
        try (S3Server server = S3Server.start()) {
            StorageUrl url = server.url("bucket/p");
            assertThatThrownBy(() -> ObjectStores.open(url, CredentialsSource.NONE))
                    .isInstanceOfSatisfying(
                            ObjectStoreException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.CREDENTIALS));
            try (ObjectStore made = ObjectStores.create(url, () -> S3Server.CREDENTIALS);
                    ObjectStore opened = ObjectStores.open(url, () -> S3Server.CREDENTIALS)) {
                made.put("a");
                assertThat(opened.head("a")).isPresent();
                assertThat(opened.describe()).isEqualTo(url.place());
            }
        }
    }
}
