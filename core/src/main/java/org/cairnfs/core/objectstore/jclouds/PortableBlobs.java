package org.cairnfs.core.objectstore.jclouds;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.domain.Blob;
import org.jclouds.blobstore.domain.BlobMetadata;
import org.jclouds.blobstore.domain.PageSet;
import org.jclouds.blobstore.domain.StorageMetadata;
import org.jclouds.blobstore.domain.StorageType;
import org.jclouds.blobstore.options.GetOptions;
import org.jclouds.blobstore.options.ListContainerOptions;
import org.jclouds.io.Payload;

/** A bucket through what jclouds has for all providers; bodies go with their MD5, which the store checks. */
class PortableBlobs implements Blobs {
    private final BlobStoreContext context;
    private final BlobStore store;
    private final String bucket;

    PortableBlobs(BlobStoreContext context, String bucket) {
        this.context = context;
        this.store = context.getBlobStore();
        this.bucket = bucket;
    }

    protected final String bucket() {
        return bucket;
    }

    @Override
    public void create() {
        store.createContainerInLocation(null, bucket);
    }

    @Override
    public Optional<Payload> get(String name, long first, long last) {
        Blob blob = store.getBlob(bucket, name, GetOptions.Builder.range(first, last));
        return Optional.ofNullable(blob).map(Blob::getPayload);
    }

    @Override
    public Optional<ObjectInfo> head(String name) {
        BlobMetadata found = store.blobMetadata(bucket, name);
        return Optional.ofNullable(found)
                .map(blob -> info(name, blob.getContentMetadata().getContentLength(), blob.getLastModified()));
    }

    /** @param size null where the store does not say it, as some do for empty objects */
    static ObjectInfo info(String name, Long size, Date modified) {
        return new ObjectInfo(name, size == null ? 0 : size, modified == null ? Instant.EPOCH : modified.toInstant());
    }

    @Override
    public Page list(String prefix, String marker, int max) {
        ListContainerOptions options =
                ListContainerOptions.Builder.recursive().prefix(prefix).maxResults(max);
        if (marker != null) {
            options.afterMarker(marker);
        }
        PageSet<? extends StorageMetadata> page = store.list(bucket, options);
        List<ObjectInfo> objects = new ArrayList<>();
        for (StorageMetadata found : page) {
            if (found.getType() == StorageType.BLOB) {
                objects.add(info(found.getName(), found.getSize(), found.getLastModified()));
            }
        }
        return new Page(objects, page.getNextMarker());
    }

    @Override
    public boolean markersAreNames() {
        return false;
    }

    @Override
    public void put(String name, BuffersPayload body) {
        BuffersPayload checked = body.withMd5();
        store.putBlob(
                bucket,
                store.blobBuilder(name)
                        .payload(checked)
                        .contentLength(checked.getContentMetadata().getContentLength())
                        .contentMD5(checked.getContentMetadata().getContentMD5AsHashCode())
                        .contentType(checked.getContentMetadata().getContentType())
                        .build());
    }

    @Override
    public boolean sessionsEnd() {
        return false;
    }

    @Override
    public void delete(String name) {
        store.removeBlob(bucket, name);
    }

    @Override
    public void close() {
        close(context);
    }

    /** Lets go of what jclouds holds. */
    static void close(Closeable context) {
        try {
            context.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
