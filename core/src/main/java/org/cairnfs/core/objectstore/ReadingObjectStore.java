package org.cairnfs.core.objectstore;

import java.nio.ByteBuffer;
import java.util.Set;

/** A store that is only read: whoever puts or deletes made a mistake, and the store below never hears of it. */
public final class ReadingObjectStore extends ForwardingObjectStore {
    public ReadingObjectStore(ObjectStore store) {
        super(store);
    }

    /** None: each is one of puts. */
    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public void put(String key, ByteBuffer... body) {
        throw refusal("put " + key);
    }

    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) {
        throw refusal("put " + key);
    }

    @Override
    public void delete(String key) {
        throw refusal("delete " + key);
    }

    private UnsupportedOperationException refusal(String what) {
        return new UnsupportedOperationException(describe() + " was opened to be read: cannot " + what);
    }
}
