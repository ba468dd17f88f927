package org.cairnfs.core.objectstore.jclouds;

import com.google.common.io.ByteStreams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.cairnfs.core.objectstore.ObjectKeys;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.ObjectTooLargeException;
import org.cairnfs.core.objectstore.StorageUrl;
import org.jclouds.io.Payload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bucket, or what lies below a prefix in one. Thread-safe.
 *
 * <p>Reads are range requests, so a store never sends more than was asked for. Each call is one request, but for lists of more
 * than a page and for the one repetition with fresh credentials ({@link Login}).
 */
public final class JcloudsObjectStore implements ObjectStore {
    private static final Logger LOG = LoggerFactory.getLogger(JcloudsObjectStore.class);
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final String place;
    private final String prefix;
    private final Login login;
    private final Lister lister;
    private final Set<Capability> capabilities;

    /** What a store is opened for. */
    private enum Use {
        READ,
        WRITE,
        CREATE
    }

    private JcloudsObjectStore(StorageUrl url, Login login, Use use) throws ObjectStoreException {
        this.place = url.place();
        this.prefix = url.prefix().isEmpty() ? "" : url.prefix() + "/";
        this.login = login;
        this.lister = new Lister(prefix);
        if (use == Use.CREATE) {
            makeBucket();
        }
        list("", "", 1); // tells at once, and better than other requests, what is wrong with the bucket or with us
        this.capabilities = use == Use.READ ? Set.of() : probe();
    }

    /**
     * Opens the store that is there.
     *
     * @throws ObjectStoreException of kind MISSING if there is no such bucket
     */
    static JcloudsObjectStore open(StorageUrl url, Login login) throws ObjectStoreException {
        return new JcloudsObjectStore(url, login, Use.WRITE);
    }

    /** The same, but what it can do is not found out, as that takes puts. */
    static JcloudsObjectStore openToRead(StorageUrl url, Login login) throws ObjectStoreException {
        return new JcloudsObjectStore(url, login, Use.READ);
    }

    /** Opens a store, and makes the bucket first if there is none. */
    static JcloudsObjectStore create(StorageUrl url, Login login) throws ObjectStoreException {
        return new JcloudsObjectStore(url, login, Use.CREATE);
    }

    private void makeBucket() throws ObjectStoreException {
        try {
            list("", "", 1);
        } catch (ObjectStoreException e) {
            if (e.kind() != Kind.MISSING) {
                throw e;
            }
            LOG.info("making the bucket of {}", place);
            login.call("make the bucket of " + place, blobs -> {
                blobs.create();
                return place;
            });
        }
    }

    /** Finds out whether conditional puts are honoured: a server that does not know them overwrites. */
    private Set<Capability> probe() throws ObjectStoreException {
        if (!login.call("look at " + place, Blobs::mayPutIfAbsent)) {
            return Set.of();
        }
        String key = "probe/" + UUID.randomUUID();
        try {
            boolean honoured = conditionally(key) && !conditionally(key);
            delete(key);
            return honoured ? Set.of(Capability.PUT_IF_ABSENT) : Set.of();
        } catch (ObjectStoreException e) {
            if (e.kind() == Kind.DENIED || e.kind() == Kind.FULL || e.kind() == Kind.PERMANENT) {
                LOG.info("no conditional puts in {}: {}", place, e.getMessage());
                return Set.of();
            }
            throw e;
        }
    }

    private boolean conditionally(String key) throws ObjectStoreException {
        return call("put", key, blobs -> blobs.putIfAbsent(prefix + key, BuffersPayload.of(ByteBuffer.allocate(1))));
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public void put(String key, ByteBuffer... body) throws ObjectStoreException {
        call("put", key, blobs -> {
            blobs.put(prefix + key, BuffersPayload.of(body));
            return key;
        });
    }

    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) throws ObjectStoreException {
        if (!capabilities.contains(Capability.PUT_IF_ABSENT)) {
            throw new UnsupportedOperationException(place + " has no conditional puts");
        }
        return call("put", key, blobs -> blobs.putIfAbsent(prefix + key, BuffersPayload.of(body)));
    }

    @Override
    public byte[] get(String key, long offset, int length) throws ObjectStoreException {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("range " + offset + "+" + length);
        }
        if (length == 0 || offset > Long.MAX_VALUE - length) {
            if (head(key).isEmpty()) {
                throw new ObjectMissingException(key, place);
            }
            return new byte[0]; // there is no such object so long
        }
        return read(key, offset, length);
    }

    @Override
    public byte[] get(String key, int maxLength) throws ObjectStoreException {
        if (maxLength < 0) {
            throw new IllegalArgumentException("maximal length " + maxLength);
        }
        byte[] body = read(key, 0, Math.min(maxLength, Integer.MAX_VALUE - 9) + 1);
        if (body.length > maxLength) {
            long size = head(key).map(ObjectInfo::size).orElse((long) body.length);
            throw new ObjectTooLargeException(key, place, size, maxLength);
        }
        return body;
    }

    private byte[] read(String key, long offset, int length) throws ObjectStoreException {
        return call("get", key, blobs -> {
            Optional<Payload> found;
            try {
                found = blobs.get(prefix + key, offset, offset + length - 1);
            } catch (RuntimeException e) {
                if (StoreErrors.status(e) == RANGE_NOT_SATISFIABLE) {
                    return new byte[0]; // it ends before
                }
                throw e;
            }
            if (found.isEmpty()) {
                throw new ObjectMissingException(key, place);
            }
            byte[] body = bytes(found.get());
            if (body.length > length) {
                throw new ObjectStoreException(
                        Kind.PERMANENT, "get " + key + " in " + place + " failed: the store ignores ranges");
            }
            return body;
        });
    }

    private static byte[] bytes(Payload payload) throws IOException {
        try (InputStream in = payload.openStream()) {
            return payload.getRawContent() instanceof byte[] whole ? whole : ByteStreams.toByteArray(in);
        }
    }

    @Override
    public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
        return call(
                "head",
                key,
                blobs -> blobs.head(prefix + key).map(info -> new ObjectInfo(key, info.size(), info.lastModified())));
    }

    @Override
    public List<ObjectInfo> list(String keyPrefix, String after, int limit) throws ObjectStoreException {
        ObjectKeys.checkList(keyPrefix, after, limit);
        return login.call("list " + keyPrefix + " in " + place, blobs -> lister.list(blobs, keyPrefix, after, limit));
    }

    @Override
    public void delete(String key) throws ObjectStoreException {
        call("delete", key, blobs -> {
            try {
                blobs.delete(prefix + key);
            } catch (RuntimeException e) {
                if (StoreErrors.status(e) != 404) {
                    throw e;
                }
            }
            return key;
        });
    }

    private <T> T call(String verb, String key, Login.Call<T> call) throws ObjectStoreException {
        return login.call(verb + " " + ObjectKeys.check(key) + " in " + place, call);
    }

    @Override
    public String describe() {
        return place;
    }

    @Override
    public void close() {
        login.close();
    }
}
