package org.cairnfs.core.objectstore;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again what failed in passing ({@code TRANSIENT}), with growing pauses. What a person must mend ({@code CREDENTIALS},
 * {@code DENIED}, {@code FULL}) or nobody can ({@code MISSING}, {@code PERMANENT}) is told at once: trying again would only hide it.
 * Thread-safe.
 */
public final class RetryingObjectStore extends ForwardingObjectStore {
    private static final Logger LOG = LoggerFactory.getLogger(RetryingObjectStore.class);

    private final RetryPolicy policy;
    private final Sleeper sleeper;
    private final RandomGenerator random;

    /** Lets time pass. */
    @FunctionalInterface
    public interface Sleeper {
        /** Sleeps the real time. */
        Sleeper SYSTEM = duration -> Thread.sleep(duration.toMillis());

        /** Returns after so long. */
        void sleep(Duration duration) throws InterruptedException;
    }

    /** @param random of the jitter; thread-safe */
    public RetryingObjectStore(ObjectStore delegate, RetryPolicy policy, Sleeper sleeper, RandomGenerator random) {
        super(delegate);
        this.policy = policy;
        this.sleeper = sleeper;
        this.random = random;
    }

    @Override
    public void put(String key, ByteBuffer... body) throws ObjectStoreException {
        retry("put " + key, failed -> {
            super.put(key, body);
            return key;
        });
    }

    /**
     * As {@link ObjectStore#putIfAbsent}. When an attempt failed that may have taken effect, and a later one finds an object
     * there, it is ours if it has our bytes; sealed objects are never equal by chance.
     */
    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) throws ObjectStoreException {
        return retry("put " + key, failed -> super.putIfAbsent(key, body) || (failed > 0 && isStored(key, join(body))));
    }

    @Override
    public byte[] get(String key, long offset, int length) throws ObjectStoreException {
        return retry("get " + key, failed -> super.get(key, offset, length));
    }

    @Override
    public byte[] get(String key, int maxLength) throws ObjectStoreException {
        return retry("get " + key, failed -> super.get(key, maxLength));
    }

    @Override
    public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
        return retry("head " + key, failed -> super.head(key));
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws ObjectStoreException {
        return retry("list " + prefix, failed -> super.list(prefix, after, limit));
    }

    @Override
    public void delete(String key) throws ObjectStoreException {
        retry("delete " + key, failed -> {
            super.delete(key);
            return key;
        });
    }

    private boolean isStored(String key, byte[] body) throws ObjectStoreException {
        try {
            return Arrays.equals(super.get(key, body.length), body);
        } catch (ObjectMissingException | ObjectTooLargeException e) {
            return false;
        }
    }

    private static byte[] join(ByteBuffer[] body) {
        int length = Arrays.stream(body).mapToInt(ByteBuffer::remaining).reduce(0, Math::addExact);
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (ByteBuffer part : body) {
            joined.put(part.duplicate());
        }
        return joined.array();
    }

    @FunctionalInterface
    private interface Call<T> {
        /** @param failed how many attempts failed before */
        T attempt(int failed) throws ObjectStoreException;
    }

    private <T> T retry(String what, Call<T> call) throws ObjectStoreException {
        for (int failed = 0; ; ) {
            try {
                return call.attempt(failed);
            } catch (ObjectStoreException e) {
                failed++;
                if (e.kind() != Kind.TRANSIENT || failed >= policy.attempts()) {
                    throw e;
                }
                Duration asked = e.retryAfter().orElse(Duration.ZERO);
                if (asked.compareTo(policy.maxRetryAfter()) > 0) {
                    throw e;
                }
                Duration drawn = policy.delay(failed, random);
                pause(what, failed, asked.compareTo(drawn) > 0 ? asked : drawn, e);
            }
        }
    }

    private void pause(String what, int failed, Duration pause, ObjectStoreException cause)
            throws ObjectStoreException {
        LOG.warn(
                "{} failed in {} (attempt {} of {}), trying again in {} ms: {}",
                what,
                describe(),
                failed,
                policy.attempts(),
                pause.toMillis(),
                cause.getMessage());
        try {
            sleeper.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cause.addSuppressed(e);
            throw cause;
        }
    }
}
