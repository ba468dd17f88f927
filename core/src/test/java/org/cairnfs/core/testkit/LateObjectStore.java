package org.cairnfs.core.testkit;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;

/**
 * A store where some writes time out and take effect afterwards, when whoever asked for them has gone on, and in another order than they
 * were asked for. Thread-safe.
 */
public final class LateObjectStore extends ForwardingObjectStore implements AutoCloseable {
    private static final int LATEST_MILLIS = 60;

    private final SplittableRandom random;
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
    private final Phaser pending = new Phaser(1);
    private final AtomicLong late = new AtomicLong();
    private volatile double chance;

    public LateObjectStore(ObjectStore delegate, long seed) {
        super(delegate);
        this.random = new SplittableRandom(seed);
    }

    /** How often, 0 to 1, from now on; never at first. */
    public void chance(double newChance) {
        chance = newChance;
    }

    /** How many writes were late. */
    public long late() {
        return late.get();
    }

    /** Waits until all that was late has taken effect; nobody writes meanwhile. */
    public void settle() {
        pending.arriveAndAwaitAdvance();
    }

    @Override
    public void put(String key, ByteBuffer... body) throws ObjectStoreException {
        if (isLate()) {
            throw later("put " + key, copy(body), super::put, key);
        }
        super.put(key, body);
    }

    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) throws ObjectStoreException {
        if (isLate()) {
            throw later("put " + key, copy(body), super::putIfAbsent, key);
        }
        return super.putIfAbsent(key, body);
    }

    @Override
    public void delete(String key) throws ObjectStoreException {
        if (isLate()) {
            throw later("delete " + key, ByteBuffer.allocate(0), (name, body) -> super.delete(name), key);
        }
        super.delete(key);
    }

    private interface Write {
        void write(String key, ByteBuffer body) throws ObjectStoreException;
    }

    private ObjectStoreException later(String what, ByteBuffer body, Write write, String key) {
        late.incrementAndGet();
        pending.register();
        var unused = later.schedule(
                () -> {
                    try {
                        write.write(key, body);
                        return true;
                    } finally {
                        pending.arriveAndDeregister();
                    }
                },
                below(LATEST_MILLIS),
                TimeUnit.MILLISECONDS);
        return new ObjectStoreException(Kind.TRANSIENT, what + ": timed out");
    }

    private static ByteBuffer copy(ByteBuffer... body) {
        int length = 0;
        for (ByteBuffer part : body) {
            length += part.remaining();
        }
        ByteBuffer copy = ByteBuffer.allocate(length);
        for (ByteBuffer part : body) {
            copy.put(part.duplicate());
        }
        return copy.flip();
    }

    private boolean isLate() {
        synchronized (random) {
            return random.nextDouble() < chance;
        }
    }

    private int below(int bound) {
        synchronized (random) {
            return random.nextInt(bound);
        }
    }

    @Override
    public void close() {
        later.shutdown();
    }
}
