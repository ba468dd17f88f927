package org.cairnfs.core.volume;

import java.time.Duration;

/**
 * Whether it is time for a checkpoint, by what came after the last one. Opening fetches what came after, so a long log is always a reason; a
 * restore point an hour, and a log that is quick to read, are a reason as long as taking checkpoints costs little.
 *
 * @param logBytes of log behind the last one, compressed
 * @param logObjects of the chain behind it
 * @param age of the last one, or of this start if there is none
 * @param cost how long the last one took; zero if it is not known
 */
record CheckpointDue(long logBytes, long logObjects, Duration age, Duration cost) {
    /** So much log is always worth a checkpoint. */
    static final long MUCH_LOG_BYTES = 64L << 20;

    /** And so many objects: each is a request for who opens the file system. */
    static final long MANY_OBJECTS = 2_000;

    /** An hour of barriers, ten seconds each. */
    static final long SOME_OBJECTS = 360;

    static final Duration INTERVAL = Duration.ofHours(1);

    /** Checkpoints take a fiftieth of the time at most, unless there is much log. */
    static final int COST_FACTOR = 50;

    boolean isDue() {
        if (logBytes > MUCH_LOG_BYTES || logObjects > MANY_OBJECTS) {
            return true;
        }
        boolean wanted = logObjects >= SOME_OBJECTS || logObjects > 0 && age.compareTo(INTERVAL) >= 0;
        return wanted && age.compareTo(cost.multipliedBy(COST_FACTOR)) >= 0;
    }
}
