package org.cairnfs.core.volume;

import java.nio.ByteBuffer;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;

/** From the n-th change of the bucket on, nothing is answered any more; that change takes effect if its number is even. */
final class DyingStore extends ForwardingObjectStore {
    private int left = Integer.MAX_VALUE;
    private boolean afterwards;

    DyingStore(ObjectStore store) {
        super(store);
    }

    synchronized void dieAt(int step) {
        left = step;
        afterwards = step % 4 < 2;
    }

    synchronized boolean isDead() {
        return left <= 0;
    }

    private interface Change<T> {
        T run() throws ObjectStoreException;
    }

    private synchronized <T> T change(Change<T> change) throws ObjectStoreException {
        check();
        left--;
        if (left > 0) {
            return change.run();
        }
        if (afterwards) {
            change.run();
        }
        throw new ObjectStoreException(ObjectStoreException.Kind.TRANSIENT, "the server died");
    }

    private synchronized void check() throws ObjectStoreException {
        if (left <= 0) {
            throw new ObjectStoreException(ObjectStoreException.Kind.TRANSIENT, "the server is dead");
        }
    }

    @Override
    public void put(String key, ByteBuffer... body) throws ObjectStoreException {
        change(() -> {
            super.put(key, body);
            return key;
        });
    }

    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) throws ObjectStoreException {
        return change(() -> super.putIfAbsent(key, body));
    }

    @Override
    public void delete(String key) throws ObjectStoreException {
        change(() -> {
            super.delete(key);
            return key;
        });
    }

    @Override
    public byte[] get(String key, int maxLength) throws ObjectStoreException {
        check();
        return super.get(key, maxLength);
    }

    @Override
    public byte[] get(String key, long offset, int length) throws ObjectStoreException {
        check();
        return super.get(key, offset, length);
    }
}
