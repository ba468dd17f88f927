package org.cairnfs.core.objectstore.jclouds;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSources;
import org.cairnfs.core.testkit.ObjectStoreContract;
import org.cairnfs.core.testkit.StoreScript;
import org.cairnfs.core.testkit.Tools;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** OpenStack Swift itself, with TempAuth. */
class SwiftObjectStoreTest extends ObjectStoreContract {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    static Path folder;

    private static StoreScript swift;

    private final StorageUrl url =
            StorageUrl.parse(swift.ready() + "/container" + NUMBER.incrementAndGet() + "/some/prefix", folder);

    @BeforeAll
    static void start() throws Exception {
        for (String kind : new String[] {"proxy", "account", "container", "object"}) {
            Tools.require("swift-" + kind + "-server", "package swift-" + kind);
        }
        Tools.require("memcached", "package memcached");
        swift = StoreScript.start("swift", folder.resolve("swift"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (swift != null) {
            swift.close();
        }
    }

    @Override
    protected ObjectStore open() throws Exception {
        return BucketStores.create(url, CredentialsSources.file(swift.credentials(), url), Clock.systemUTC());
    }

    /** A put takes it some milliseconds of two cores: ten thousand only in the long form. */
    @Override
    protected int many() {
        return Boolean.getBoolean("cairn.long") ? 10_000 : 1_200;
    }
}
