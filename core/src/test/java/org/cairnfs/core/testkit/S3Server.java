package org.cairnfs.core.testkit;

import java.net.URI;
import java.nio.file.Path;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.StoreCredentials;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/** A server that speaks S3 over HTTP on a port of this machine, with its buckets in memory; for any thread. */
public final class S3Server implements AutoCloseable {
    /** What it lets in, by signatures of version 4 only. */
    public static final StoreCredentials CREDENTIALS = StoreCredentials.of("test-login", "test-password");

    private static final long MAX_OBJECT = 128L << 20;

    private final S3Proxy server;
    private final BlobStore objects;
    private final boolean tls;

    private S3Server(S3Proxy server, BlobStore objects, boolean tls) {
        this.server = server;
        this.objects = objects;
        this.tls = tls;
    }

    /** Starts one without buckets. */
    public static S3Server start() throws Exception {
        BlobStore objects = new TransientNio2BlobStore();
        return start(builder(objects).endpoint(URI.create("http://127.0.0.1:0")), objects, false);
    }

    /**
     * Starts one that speaks TLS only.
     *
     * @param keys a PKCS 12 key store with its key and certificate
     */
    public static S3Server startTls(Path keys, String password) throws Exception {
        BlobStore objects = new TransientNio2BlobStore();
        return start(
                builder(objects)
                        .secureEndpoint(URI.create("https://127.0.0.1:0"))
                        .keyStore(keys.toString(), password),
                objects,
                true);
    }

    private static S3Proxy.Builder builder(BlobStore objects) {
        return S3Proxy.builder()
                .blobStore(objects)
                .awsAuthentication(AuthenticationType.AWS_V4, CREDENTIALS.login(), CREDENTIALS.password())
                .v4MaxNonChunkedRequestSize(MAX_OBJECT);
    }

    private static S3Server start(S3Proxy.Builder builder, BlobStore objects, boolean tls) throws Exception {
        S3Proxy server = builder.build();
        server.start();
        return new S3Server(server, objects, tls);
    }

    /** From now on lets in these, and no others. */
    public void accept(StoreCredentials credentials) {
        server.setBlobStoreLocator((login, bucket, object) ->
                credentials.login().equals(login) ? new AccessGrant(credentials.password(), objects) : null);
    }

    /** Its port. */
    public int port() {
        return tls ? server.getSecurePort() : server.getPort();
    }

    /** The URL of a bucket in it, with options as after a question mark, or none. */
    public StorageUrl url(String bucketAndPrefix) {
        return url(port(), bucketAndPrefix);
    }

    /** The URL of a bucket in it, when it is reached through another port. */
    public static StorageUrl url(int port, String bucketAndPrefix) {
        return StorageUrl.parse("s3c://127.0.0.1:" + port + "/" + bucketAndPrefix, Path.of("/"));
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
