package org.cairnfs.core.objectstore.jclouds;

import org.jclouds.blobstore.BlobStore;
import org.jclouds.openstack.swift.v1.SwiftApi;
import org.jclouds.openstack.swift.v1.features.ObjectApi;

/** A Swift container. Its objects are no manifests of others, so deleting one takes a single request. */
final class SwiftBlobs extends PortableBlobs {
    private final ObjectApi objects;

    SwiftBlobs(AutoCloseable context, BlobStore store, SwiftApi api, String region, String container) {
        super(context, store, container);
        this.objects = api.getObjectApi(region, container);
    }

    @Override
    public boolean markersAreNames() {
        return true;
    }

    @Override
    public boolean sessionsEnd() {
        return true;
    }

    @Override
    public void delete(String name) {
        objects.delete(name);
    }
}
