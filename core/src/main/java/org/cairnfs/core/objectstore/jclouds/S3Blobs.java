package org.cairnfs.core.objectstore.jclouds;

import java.util.Map;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.s3.S3Client;
import org.jclouds.s3.domain.S3Object;
import org.jclouds.s3.options.PutObjectOptions;

/**
 * A bucket that speaks S3. A body needs no MD5 of its own: its SHA-256 is part of the request's signature. Conditional puts
 * are {@code If-None-Match: *}, which jclouds' portable interface cannot say.
 */
final class S3Blobs extends PortableBlobs {
    private final S3Client client;
    private final Map<String, String> putHeaders;

    /** @param putHeaders of every put: storage class, server-side encryption */
    S3Blobs(BlobStoreContext context, String bucket, Map<String, String> putHeaders) {
        super(context, bucket);
        this.client = context.unwrapApi(S3Client.class);
        this.putHeaders = Map.copyOf(putHeaders);
    }

    @Override
    public void create() {
        client.putBucketInRegion(null, bucket());
    }

    @Override
    public boolean markersAreNames() {
        return true;
    }

    @Override
    public void put(String name, BuffersPayload body) {
        client.putObject(bucket(), object(name, body), new Headers(putHeaders));
    }

    @Override
    public boolean mayPutIfAbsent() {
        return true;
    }

    @Override
    public boolean putIfAbsent(String name, BuffersPayload body) {
        try {
            client.putObject(bucket(), object(name, body), new Headers(putHeaders).with("If-None-Match", "*"));
            return true;
        } catch (RuntimeException e) {
            if (StoreErrors.status(e) == 412) {
                return false;
            }
            throw e;
        }
    }

    private S3Object object(String name, BuffersPayload body) {
        S3Object object = client.newS3Object();
        object.getMetadata().setKey(name);
        object.setPayload(body);
        return object;
    }

    @Override
    public void delete(String name) {
        client.deleteObject(bucket(), name);
    }

    /** Options of a put that are just headers. */
    private static final class Headers extends PutObjectOptions {
        Headers(Map<String, String> headers) {
            headers.forEach(this::with);
        }

        Headers with(String name, String value) {
            this.headers.put(name, value);
            return this;
        }
    }
}
