package org.cairnfs.core.testkit;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.cairnfs.core.objectstore.ObjectKeys;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectTooLargeException;

/** An object store in memory, open to tests that look at and alter what is stored. Thread-safe. */
public final class MemoryObjectStore implements ObjectStore {
    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final Set<Capability> capabilities;

    /** One that can do everything. */
    public MemoryObjectStore() {
        this(Set.of(Capability.values()));
    }

    /** One that can do no more than this. */
    public MemoryObjectStore(Set<Capability> capabilities) {
        this.capabilities = Set.copyOf(capabilities);
    }

    /** Another one with the same objects, which goes its own way from here on. */
    public MemoryObjectStore copy() {
        MemoryObjectStore copy = new MemoryObjectStore(capabilities);
        copy.objects.putAll(objects); // arrays are never changed once they are in here, but by tests
        return copy;
    }

    /** What is stored, live and not copied. */
    public SortedMap<String, byte[]> objects() {
        return objects;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public void put(String key, ByteBuffer... body) {
        objects.put(ObjectKeys.check(key), join(body));
    }

    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) {
        if (!capabilities.contains(Capability.PUT_IF_ABSENT)) {
            throw new UnsupportedOperationException("without PUT_IF_ABSENT");
        }
        return objects.putIfAbsent(ObjectKeys.check(key), join(body)) == null;
    }

    @Override
    public byte[] get(String key, long offset, int length) throws ObjectStoreException {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("range " + offset + "+" + length);
        }
        byte[] object = find(key);
        int from = (int) Math.min(offset, object.length);
        return Arrays.copyOfRange(object, from, (int) Math.min((long) from + length, object.length));
    }

    @Override
    public byte[] get(String key, int maxLength) throws ObjectStoreException {
        if (maxLength < 0) {
            throw new IllegalArgumentException("maximal length " + maxLength);
        }
        byte[] object = find(key);
        if (object.length > maxLength) {
            throw new ObjectTooLargeException(key, describe(), object.length, maxLength);
        }
        return object.clone();
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        return Optional.ofNullable(objects.get(ObjectKeys.check(key))).map(object -> info(key, object));
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) {
        ObjectKeys.checkPrefix(prefix);
        ObjectKeys.checkPrefix(after);
        if (limit < 1 || limit > MAX_LIST) {
            throw new IllegalArgumentException("limit " + limit);
        }
        return objects.tailMap(after, false).entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .limit(limit)
                .map(entry -> info(entry.getKey(), entry.getValue()))
                .toList();
    }

    @Override
    public void delete(String key) {
        objects.remove(ObjectKeys.check(key));
    }

    @Override
    public String describe() {
        return "memory";
    }

    @Override
    public void close() {
        // what is stored stays, to be opened again
    }

    private byte[] find(String key) throws ObjectMissingException {
        byte[] object = objects.get(ObjectKeys.check(key));
        if (object == null) {
            throw new ObjectMissingException(key, describe());
        }
        return object;
    }

    private static ObjectInfo info(String key, byte[] object) {
        return new ObjectInfo(key, object.length, Instant.EPOCH);
    }

    private static byte[] join(ByteBuffer[] body) {
        ByteBuffer joined = ByteBuffer.allocate(
                Arrays.stream(body).mapToInt(ByteBuffer::remaining).sum());
        for (ByteBuffer part : body) {
            joined.put(part.duplicate());
        }
        return joined.array();
    }
}
