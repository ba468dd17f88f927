package org.cairnfs.core.objectstore.factory;

import java.time.Clock;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.jclouds.BucketStores;

/** Opens the store that a URL names, bare: decorators are the caller's business. */
public final class ObjectStores {
    private ObjectStores() {}

    /**
     * Opens a store that is there.
     *
     * @param credentials not asked for a folder
     * @throws ObjectStoreException of kind MISSING if there is no such folder or bucket
     */
    public static ObjectStore open(StorageUrl url, CredentialsSource credentials) throws ObjectStoreException {
        return url.isLocal()
                ? LocalObjectStore.open(url.folder())
                : BucketStores.open(url, credentials, Clock.systemUTC());
    }

    /** Opens a store that is there, for who only reads: nothing is put into it, not even to find out what it can do. */
    public static ObjectStore openToRead(StorageUrl url, CredentialsSource credentials) throws ObjectStoreException {
        return url.isLocal()
                ? LocalObjectStore.openToRead(url.folder())
                : BucketStores.openToRead(url, credentials, Clock.systemUTC());
    }

    /** Opens a store, and makes its folder or bucket first if there is none. */
    public static ObjectStore create(StorageUrl url, CredentialsSource credentials) throws ObjectStoreException {
        return url.isLocal()
                ? LocalObjectStore.create(url.folder())
                : BucketStores.create(url, credentials, Clock.systemUTC());
    }
}
