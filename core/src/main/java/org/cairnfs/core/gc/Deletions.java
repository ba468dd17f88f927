package org.cairnfs.core.gc;

import com.google.common.collect.Lists;
import java.io.IOException;
import java.util.List;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.shipping.Shipper;

/**
 * Deletes objects, in batches, each after the lease was read: what is to go was chosen before that, by a barrier that was in the bucket before
 * that, so whoever took the bucket since does not need it. Not thread-safe.
 */
final class Deletions {
    private static final int BATCH = 100;

    private final ObjectStore store;
    private final Shipper.Hold hold;

    Deletions(ObjectStore store, Shipper.Hold hold) {
        this.store = store;
        this.hold = hold;
    }

    /** Hears of each batch that is gone. */
    @FunctionalInterface
    interface Gone<T, X extends Exception> {
        void gone(List<T> batch) throws X;
    }

    /** Names the object of something. */
    @FunctionalInterface
    interface Key<T> {
        String of(T what);
    }

    /**
     * Deletes the objects of all of these, in order.
     *
     * @throws BucketException of kind HELD if another server has the bucket: nothing more is deleted
     */
    <T, X extends Exception> void delete(List<T> all, Key<T> key, Gone<T, X> gone)
            throws IOException, BucketException, X {
        for (List<T> batch : Lists.partition(all, BATCH)) {
            hold.check();
            for (T one : batch) {
                store.delete(key.of(one));
            }
            gone.gone(batch);
        }
    }
}
