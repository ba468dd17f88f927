package org.cairnfs.core.objectstore;

import java.nio.ByteBuffer;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;

/**
 * Keeps bodies within a bandwidth, up and down; lists and other small requests pass freely. To be put under a retrying store,
 * so that what is sent again counts again. Thread-safe.
 */
public final class RateLimitingObjectStore extends ForwardingObjectStore {
    private final Bandwidth up;
    private final Bandwidth down;

    /** @param up and down may be changed while it runs */
    public RateLimitingObjectStore(ObjectStore delegate, Bandwidth up, Bandwidth down) {
        super(delegate);
        this.up = up;
        this.down = down;
    }

    @Override
    public void put(String key, ByteBuffer... body) throws ObjectStoreException {
        take(up, length(body));
        super.put(key, body);
    }

    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) throws ObjectStoreException {
        take(up, length(body));
        return super.putIfAbsent(key, body);
    }

    @Override
    public byte[] get(String key, long offset, int length) throws ObjectStoreException {
        take(down, 0);
        byte[] body = super.get(key, offset, length);
        down.owe(body.length);
        return body;
    }

    @Override
    public byte[] get(String key, int maxLength) throws ObjectStoreException {
        take(down, 0);
        byte[] body = super.get(key, maxLength);
        down.owe(body.length);
        return body;
    }

    private void take(Bandwidth bandwidth, long bytes) throws ObjectStoreException {
        try {
            bandwidth.take(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ObjectStoreException(Kind.TRANSIENT, "interrupted while waiting for bandwidth", e);
        }
    }

    private static long length(ByteBuffer[] body) {
        long length = 0;
        for (ByteBuffer part : body) {
            length += part.remaining();
        }
        return length;
    }
}
