package org.cairnfs.core.objectstore;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Passes every call on to another store: the ground that decorators stand on. Closing it closes the other. */
public abstract class ForwardingObjectStore implements ObjectStore {
    private final ObjectStore delegate;

    protected ForwardingObjectStore(ObjectStore delegate) {
        this.delegate = Objects.requireNonNull(delegate);
    }

    /** The store that calls are passed on to. */
    protected final ObjectStore delegate() {
        return delegate;
    }

    @Override
    public Set<Capability> capabilities() {
        return delegate.capabilities();
    }

    @Override
    public void put(String key, ByteBuffer... body) throws ObjectStoreException {
        delegate.put(key, body);
    }

    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) throws ObjectStoreException {
        return delegate.putIfAbsent(key, body);
    }

    @Override
    public byte[] get(String key, long offset, int length) throws ObjectStoreException {
        return delegate.get(key, offset, length);
    }

    @Override
    public byte[] get(String key, int maxLength) throws ObjectStoreException {
        return delegate.get(key, maxLength);
    }

    @Override
    public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
        return delegate.head(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws ObjectStoreException {
        return delegate.list(prefix, after, limit);
    }

    @Override
    public void delete(String key) throws ObjectStoreException {
        delegate.delete(key);
    }

    @Override
    public String describe() {
        return delegate.describe();
    }

    @Override
    public void close() {
        delegate.close();
    }
}
