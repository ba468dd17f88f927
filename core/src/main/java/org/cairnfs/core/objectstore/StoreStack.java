package org.cairnfs.core.objectstore;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.cairnfs.core.objectstore.RetryingObjectStore.Sleeper;

/**
 * A store with its decorators, as a server uses it. From the outside in: retrying, rate-limiting, metering, timing-out, the
 * store itself; so each attempt counts, and waiting for bandwidth is no time-out.
 *
 * @param store to be called
 * @param meter of what goes over the wire
 * @param up changeable while running
 * @param down changeable while running
 */
public record StoreStack(ObjectStore store, MeteringObjectStore meter, Bandwidth up, Bandwidth down) {
    /** Beside the driver's own time-out, which ends what does not move: longer than any honest answer takes. */
    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);

    private static final long SLOWEST_RATE = 4096;

    /** Of the thread that asks. */
    private static final RandomGenerator JITTER =
            () -> ThreadLocalRandom.current().nextLong();

    /** Puts the decorators around a store, without bounds of bandwidth yet. */
    public static StoreStack over(ObjectStore bare, StorageUrl url) {
        Bandwidth up = new Bandwidth(Bandwidth.UNLIMITED, System::nanoTime, Sleeper.SYSTEM);
        Bandwidth down = new Bandwidth(Bandwidth.UNLIMITED, System::nanoTime, Sleeper.SYSTEM);
        MeteringObjectStore meter = new MeteringObjectStore(
                url.isLocal() ? bare : new TimingOutObjectStore(bare, LONGEST_CALL, SLOWEST_RATE));
        ObjectStore store = new RetryingObjectStore(
                new RateLimitingObjectStore(meter, up, down), RetryPolicy.DEFAULT, Sleeper.SYSTEM, JITTER);
        return new StoreStack(store, meter, up, down);
    }
}
