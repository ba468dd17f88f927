package org.cairnfs.core.testkit;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;

/** A store that lets nobody put or delete, and notes what is read. Thread-safe. */
public class ReadOnlyObjectStore extends ForwardingObjectStore {
    private final List<String> requests = new CopyOnWriteArrayList<>();

    public ReadOnlyObjectStore(ObjectStore store) {
        super(store);
    }

    /** {@code get KEY} or {@code list PREFIX}, since the last call. */
    public List<String> takeRequests() {
        List<String> taken = List.copyOf(requests);
        requests.clear();
        return taken;
    }

    @Override
    public void put(String key, ByteBuffer... body) {
        throw new AssertionError("put of " + key);
    }

    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) {
        throw new AssertionError("put of " + key);
    }

    @Override
    public void delete(String key) {
        throw new AssertionError("deletion of " + key);
    }

    @Override
    public byte[] get(String key, long offset, int length) throws ObjectStoreException {
        requests.add("get " + key);
        return super.get(key, offset, length);
    }

    @Override
    public byte[] get(String key, int maxLength) throws ObjectStoreException {
        requests.add("get " + key);
        return super.get(key, maxLength);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws ObjectStoreException {
        requests.add("list " + prefix);
        return super.list(prefix, after, limit);
    }
}
