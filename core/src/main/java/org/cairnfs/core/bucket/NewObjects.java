package org.cairnfs.core.bucket;

import java.nio.ByteBuffer;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStore.Capability;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectTooLargeException;

/** Puts objects that must not be there yet: the fence against a second server, for sure where the store can do it. */
final class NewObjects {
    private NewObjects() {}

    /**
     * Puts an object; it is durable when this returns. An object that is there already with these very bytes is one that was put by
     * a call that seemed to fail.
     *
     * @throws BucketException of kind HELD if there is another of this key: another server writes
     */
    static void put(ObjectStore store, String key, ByteBuffer body) throws ObjectStoreException, BucketException {
        boolean isNew;
        if (store.capabilities().contains(Capability.PUT_IF_ABSENT)) {
            isNew = store.putIfAbsent(key, body) || isOurs(store, key, body);
        } else {
            isNew = store.head(key).isEmpty();
            if (isNew) {
                store.put(key, body);
            }
        }
        if (!isNew) {
            throw new BucketException(
                    BucketException.Kind.HELD,
                    "there is an object " + key + " already: another server writes to " + store.describe());
        }
    }

    private static boolean isOurs(ObjectStore store, String key, ByteBuffer body) throws ObjectStoreException {
        try {
            return ByteBuffer.wrap(store.get(key, body.remaining())).equals(body);
        } catch (ObjectTooLargeException longer) {
            return false;
        }
    }
}
