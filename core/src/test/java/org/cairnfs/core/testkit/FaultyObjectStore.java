package org.cairnfs.core.testkit;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;

/**
 * A store that fails as real ones do, by a seed: calls that fail before or after they took effect, short reads, delays, and
 * an outage and a full bucket by switch. Thread-safe; with one thread, the same seed gives the same faults.
 */
public final class FaultyObjectStore extends ForwardingObjectStore {
    /**
     * How often what goes wrong, each 0 to 1.
     *
     * @param failBefore a call fails and nothing happened
     * @param failAfter a call fails, but what it should do was done
     * @param shortRead a range GET gives less than is there
     * @param delay a call takes {@code delayTime} longer
     */
    public record Faults(double failBefore, double failAfter, double shortRead, double delay, Duration delayTime) {
        /** Nothing. */
        public static final Faults NONE = new Faults(0, 0, 0, 0, Duration.ZERO);

        /** Each call fails by this chance, half of them after it took effect. */
        public static Faults errors(double chance) {
            return new Faults(chance / 2, chance / 2, 0, 0, Duration.ZERO);
        }
    }

    private final SplittableRandom random;
    private final AtomicLong injected = new AtomicLong();
    private volatile Faults faults;
    private volatile boolean away;
    private volatile boolean full;

    public FaultyObjectStore(ObjectStore delegate, long seed, Faults faults) {
        super(delegate);
        this.random = new SplittableRandom(seed);
        this.faults = faults;
    }

    /** Other faults from now on. */
    public void faults(Faults newFaults) {
        faults = newFaults;
    }

    /** Whether the store is away: every call fails until it is back. */
    public void away(boolean nowAway) {
        away = nowAway;
    }

    /** Whether the bucket is full: every put fails until it is not. */
    public void full(boolean nowFull) {
        full = nowFull;
    }

    /** How many faults there were, delays not counted: a test that saw none proved nothing. */
    public long injected() {
        return injected.get();
    }

    @Override
    public void put(String key, ByteBuffer... body) throws ObjectStoreException {
        call("put " + key, true, () -> {
            super.put(key, body);
            return key;
        });
    }

    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) throws ObjectStoreException {
        return call("put " + key, true, () -> super.putIfAbsent(key, body));
    }

    @Override
    public byte[] get(String key, long offset, int length) throws ObjectStoreException {
        byte[] bytes = call("get " + key, false, () -> super.get(key, offset, length));
        return bytes.length > 0 && strikes(faults.shortRead()) ? Arrays.copyOf(bytes, below(bytes.length)) : bytes;
    }

    @Override
    public byte[] get(String key, int maxLength) throws ObjectStoreException {
        return call("get " + key, false, () -> super.get(key, maxLength));
    }

    @Override
    public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
        return call("head " + key, false, () -> super.head(key));
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws ObjectStoreException {
        return call("list " + prefix, false, () -> super.list(prefix, after, limit));
    }

    @Override
    public void delete(String key) throws ObjectStoreException {
        call("delete " + key, false, () -> {
            super.delete(key);
            return key;
        });
    }

    @FunctionalInterface
    private interface Call<T> {
        T run() throws ObjectStoreException;
    }

    private <T> T call(String what, boolean writes, Call<T> call) throws ObjectStoreException {
        Faults now = faults;
        if (away) {
            throw fault(Kind.TRANSIENT, what + ": the store is away");
        }
        if (writes && full) {
            throw fault(Kind.FULL, what + ": the bucket is full");
        }
        if (chance(now.delay())) {
            pause(now.delayTime());
        }
        if (chance(now.failBefore())) {
            throw fault(Kind.TRANSIENT, what + ": failed before");
        }
        T result = call.run();
        if (chance(now.failAfter())) {
            throw fault(Kind.TRANSIENT, what + ": failed after");
        }
        return result;
    }

    private static void pause(Duration time) throws ObjectStoreException {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ObjectStoreException(Kind.TRANSIENT, "interrupted", e);
        }
    }

    private ObjectStoreException fault(Kind kind, String message) {
        injected.incrementAndGet();
        return new ObjectStoreException(kind, message);
    }

    private boolean strikes(double probability) {
        boolean strikes = chance(probability);
        if (strikes) {
            injected.incrementAndGet();
        }
        return strikes;
    }

    private boolean chance(double probability) {
        synchronized (random) {
            return random.nextDouble() < probability;
        }
    }

    private int below(int bound) {
        synchronized (random) {
            return random.nextInt(bound);
        }
    }
}
