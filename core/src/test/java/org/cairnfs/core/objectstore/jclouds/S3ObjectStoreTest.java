package org.cairnfs.core.objectstore.jclouds;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.testkit.ObjectStoreContract;
import org.cairnfs.core.testkit.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** S3 over HTTP, with signatures of version 4, against a server that others wrote. */
class S3ObjectStoreTest extends ObjectStoreContract {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static S3Server server;

    private final StorageUrl url = server.url("bucket" + NUMBER.incrementAndGet() + "/some/prefix");

    @BeforeAll
    static void startServer() throws Exception {
        server = S3Server.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @Override
    protected ObjectStore open() throws Exception {
        return BucketStores.create(url, () -> S3Server.CREDENTIALS, Clock.systemUTC());
    }
}
