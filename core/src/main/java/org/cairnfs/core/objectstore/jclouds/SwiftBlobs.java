package org.cairnfs.core.objectstore.jclouds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.jclouds.blobstore.ContainerNotFoundException;
import org.jclouds.http.options.GetOptions;
import org.jclouds.io.Payload;
import org.jclouds.openstack.swift.v1.SwiftApi;
import org.jclouds.openstack.swift.v1.domain.ObjectList;
import org.jclouds.openstack.swift.v1.domain.SwiftObject;
import org.jclouds.openstack.swift.v1.features.ObjectApi;
import org.jclouds.openstack.swift.v1.options.ListContainerOptions;

/**
 * A Swift container. jclouds' portable store takes two requests for a delete (objects may be manifests; ours are not) and an
 * absent container for an empty one, so this speaks with the API below it. Its conditional put is not atomic over several
 * servers, so it is not used.
 *
 * <p>An object server lists the versions that it has of an object and then opens the newest. While the object is overwritten, that
 * one may be gone in between, and the answer is 404. So only what is not there {@value #LOOKS} times in a row is not there.
 */
final class SwiftBlobs implements Blobs {
    private static final int LOOKS = 3;

    private final SwiftApi api;
    private final String region;
    private final String container;
    private final ObjectApi objects;

    SwiftBlobs(SwiftApi api, String region, String container) {
        this.api = api;
        this.region = region;
        this.container = container;
        this.objects = api.getObjectApi(region, container);
    }

    @Override
    public void create() {
        api.getContainerApi(region).create(container);
    }

    @Override
    public Optional<Payload> get(String name, long first, long last) {
        return look(() -> objects.get(name, GetOptions.Builder.range(first, last)))
                .map(SwiftObject::getPayload);
    }

    @Override
    public Optional<ObjectInfo> head(String name) {
        return look(() -> objects.getWithoutBody(name)).map(object -> info(name, object));
    }

    private static Optional<SwiftObject> look(Supplier<SwiftObject> request) {
        for (int looks = 0; looks < LOOKS; looks++) {
            SwiftObject found = request.get();
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    @Override
    public Page list(String prefix, String marker, int max) {
        ListContainerOptions options = new ListContainerOptions().prefix(prefix).limit(max);
        if (marker != null) {
            options.marker(marker);
        }
        ObjectList found = objects.list(options);
        if (found == null) {
            throw new ContainerNotFoundException(container, "no such container");
        }
        List<ObjectInfo> page = new ArrayList<>();
        String last = null;
        for (SwiftObject object : found) {
            last = object.getName();
            page.add(info(last, object));
        }
        return new Page(page, found.size() < max ? null : last);
    }

    private static ObjectInfo info(String name, SwiftObject object) {
        return PortableBlobs.info(
                name, object.getPayload().getContentMetadata().getContentLength(), object.getLastModified());
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
    public void put(String name, BuffersPayload body) {
        objects.put(name, body.withMd5());
    }

    @Override
    public void delete(String name) {
        objects.delete(name);
    }

    @Override
    public void close() {
        PortableBlobs.close(api);
    }
}
