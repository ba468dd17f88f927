package org.cairnfs.core.objectstore.jclouds;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.googlecloudstorage.GoogleCloudStorageApi;
import org.jclouds.googlecloudstorage.features.ObjectApi;
import org.jclouds.http.options.GetOptions;
import org.jclouds.io.Payload;
import org.jclouds.io.PayloadEnclosing;

/** A bucket of Google Cloud Storage: a range without first asking for the object's metadata. */
final class GoogleBlobs extends PortableBlobs {
    private final ObjectApi objects;

    GoogleBlobs(BlobStoreContext context, String bucket) {
        super(context, bucket);
        this.objects = context.unwrapApi(GoogleCloudStorageApi.class).getObjectApi();
    }

    @Override
    public Optional<Payload> get(String name, long first, long last) {
        PayloadEnclosing found = objects.download(
                bucket(), URLEncoder.encode(name, StandardCharsets.UTF_8), GetOptions.Builder.range(first, last));
        return Optional.ofNullable(found).map(PayloadEnclosing::getPayload);
    }
}
