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

/** Azure Blob Storage, as Microsoft's own Azurite has it, with an account SAS. */
class AzureObjectStoreTest extends ObjectStoreContract {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    static Path folder;

    private static StoreScript azurite;

    private final StorageUrl url = StorageUrl.parse(
            azurite.ready().replace(" ", "/container" + NUMBER.incrementAndGet() + "/some/prefix"), folder);

    @BeforeAll
    static void start() throws Exception {
        Tools.require("azurite-blob", "npm install -g azurite");
        azurite = StoreScript.start("azurite", folder.resolve("azurite"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (azurite != null) {
            azurite.close();
        }
    }

    @Override
    protected ObjectStore open() throws Exception {
        return BucketStores.create(url, CredentialsSources.file(azurite.credentials(), url), Clock.systemUTC());
    }

    /** A put takes it some milliseconds of a core: ten thousand only in the long form. */
    @Override
    protected int many() {
        return Boolean.getBoolean("cairn.long") ? 10_000 : 1_200;
    }
}
