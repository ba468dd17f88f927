package org.cairnfs.core.testkit;

import java.net.URI;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.StoreCredentials;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/** A server that speaks S3 over HTTP on a port of this machine, with its buckets in memory; for any thread. */
public final class S3Server implements AutoCloseable {
    /** What it lets in, by signatures of version 4 only. */
    public static final StoreCredentials CREDENTIALS = StoreCredentials.of("test-login", "test-password");

    private final S3Proxy server;

    private S3Server(S3Proxy server) {
        this.server = server;
    }

    /** Starts one without buckets. */
    public static S3Server start() throws Exception {
        BlobStore blobs = new TransientNio2BlobStore();
        S3Proxy server = S3Proxy.builder()
                .blobStore(blobs)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, CREDENTIALS.login(), CREDENTIALS.password())
                .build();
        server.start();
        return new S3Server(server);
    }

    /** Its port. */
    public int port() {
        return server.getPort();
    }

    /** The URL of a bucket in it, with options as after a question mark, or none. */
    public StorageUrl url(String bucketAndPrefix) {
        return url(port(), bucketAndPrefix);
    }

    /** The URL of a bucket in it, when it is reached through another port. */
    public static StorageUrl url(int port, String bucketAndPrefix) {
        return StorageUrl.parse("s3c://127.0.0.1:" + port + "/" + bucketAndPrefix, java.nio.file.Path.of("/"));
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
