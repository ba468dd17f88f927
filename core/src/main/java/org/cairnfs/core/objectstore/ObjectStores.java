package org.cairnfs.core.objectstore;

/** Opens the store that a URL names, bare: decorators are the caller's business. */
public final class ObjectStores {
    private ObjectStores() {}

    /**
     * Opens a store that is there.
     *
     * @throws ObjectStoreException of kind MISSING if there is no such folder or bucket
     */
    public static ObjectStore open(StorageUrl url) throws ObjectStoreException {
        return LocalObjectStore.open(url.path());
    }

    /** Opens a store, and makes its folder or bucket first if there is none. */
    public static ObjectStore create(StorageUrl url) throws ObjectStoreException {
        return LocalObjectStore.create(url.path());
    }
}
