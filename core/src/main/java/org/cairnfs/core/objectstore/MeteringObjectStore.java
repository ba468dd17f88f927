package org.cairnfs.core.objectstore;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.StoreMetrics.Usage;
import org.cairnfs.core.objectstore.StoreMetrics.Verb;

/**
 * Counts requests, failures, bytes and time by verb. To be put directly around the store, under a retrying one, it counts
 * what the store's owner charges for. Thread-safe.
 */
public final class MeteringObjectStore extends ForwardingObjectStore {
    private final Map<Verb, Meter> meters = new EnumMap<>(Verb.class);

    public MeteringObjectStore(ObjectStore delegate) {
        super(delegate);
        for (Verb verb : Verb.values()) {
            meters.put(verb, new Meter());
        }
    }

    /** What was counted since this was made. */
    public StoreMetrics metrics() {
        Map<Verb, Usage> usage = new EnumMap<>(Verb.class);
        meters.forEach((verb, meter) -> usage.put(verb, meter.usage()));
        return new StoreMetrics(usage);
    }

    @Override
    public void put(String key, ByteBuffer... body) throws ObjectStoreException {
        measure(Verb.PUT, stored -> length(body), () -> {
            super.put(key, body);
            return key;
        });
    }

    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) throws ObjectStoreException {
        return measure(Verb.PUT, stored -> stored ? length(body) : 0, () -> super.putIfAbsent(key, body));
    }

    @Override
    public byte[] get(String key, long offset, int length) throws ObjectStoreException {
        return measure(Verb.GET, bytes -> bytes.length, () -> super.get(key, offset, length));
    }

    @Override
    public byte[] get(String key, int maxLength) throws ObjectStoreException {
        return measure(Verb.GET, bytes -> bytes.length, () -> super.get(key, maxLength));
    }

    @Override
    public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
        return measure(Verb.HEAD, info -> 0, () -> super.head(key));
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws ObjectStoreException {
        return measure(Verb.LIST, page -> 0, () -> super.list(prefix, after, limit));
    }

    @Override
    public void delete(String key) throws ObjectStoreException {
        measure(Verb.DELETE, deleted -> 0, () -> {
            super.delete(key);
            return key;
        });
    }

    private static long length(ByteBuffer[] body) {
        long length = 0;
        for (ByteBuffer part : body) {
            length += part.remaining();
        }
        return length;
    }

    @FunctionalInterface
    private interface Call<T> {
        T run() throws ObjectStoreException;
    }

    @FunctionalInterface
    private interface Size<T> {
        long of(T result);
    }

    private <T> T measure(Verb verb, Size<T> size, Call<T> call) throws ObjectStoreException {
        Meter meter = meters.get(verb);
        long start = System.nanoTime();
        meter.requests.increment();
        try {
            T result = call.run();
            meter.bytes.add(size.of(result));
            return result;
        } catch (ObjectStoreException e) {
            if (e.kind() != Kind.MISSING) {
                meter.failures.increment();
            }
            throw e;
        } finally {
            meter.nanos.add(System.nanoTime() - start);
        }
    }

    private static final class Meter {
        final LongAdder requests = new LongAdder();
        final LongAdder failures = new LongAdder();
        final LongAdder bytes = new LongAdder();
        final LongAdder nanos = new LongAdder();

        Usage usage() {
            return new Usage(requests.sum(), failures.sum(), bytes.sum(), nanos.sum());
        }
    }
}
