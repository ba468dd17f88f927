package org.cairnfs.core.objectstore;

import java.nio.file.Path;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;

/** Opens the store that a URL names, bare: decorators are the caller's business. */
public final class ObjectStores {
    private ObjectStores() {}

    /**
     * Opens a store that is there.
     *
     * @throws ObjectStoreException of kind MISSING if there is no such folder or bucket
     */
    public static ObjectStore open(StorageUrl url) throws ObjectStoreException {
        return LocalObjectStore.open(folder(url));
    }

    /** Opens a store, and makes its folder or bucket first if there is none. */
    public static ObjectStore create(StorageUrl url) throws ObjectStoreException {
        return LocalObjectStore.create(folder(url));
    }

    private static Path folder(StorageUrl url) throws ObjectStoreException {
        if (!url.isLocal()) {
            throw new ObjectStoreException(
                    Kind.PERMANENT, "storage of the kind " + url.scheme() + ":// is not supported by this version");
        }
        return url.folder();
    }
}
