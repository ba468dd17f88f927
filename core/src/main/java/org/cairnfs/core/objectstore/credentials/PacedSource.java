package org.cairnfs.core.objectstore.credentials;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.cairnfs.core.objectstore.ObjectStoreException;

/**
 * Says that it is worth while to read again a minute after the last reading, or at once when what is read was changed since.
 *
 * <p>Threading: this monitor guards when and what was read last; a reading does not hold it.
 */
final class PacedSource implements CredentialsSource {
    /** A command may be dear, and a store that refuses what it prints does so many times a minute. */
    static final Duration PAUSE = Duration.ofMinutes(1);

    private record Reading(Object stamp, long nanos) {}

    private final CredentialsSource source;
    private final Supplier<?> stamp;
    private final LongSupplier nanoClock;
    private Optional<Reading> last = Optional.empty();

    /** @param stamp equal while what is read is the same, as far as can be seen without reading it */
    PacedSource(CredentialsSource source, Supplier<?> stamp, LongSupplier nanoClock) {
        this.source = source;
        this.stamp = stamp;
        this.nanoClock = nanoClock;
    }

    @Override
    public StoreCredentials read() throws ObjectStoreException {
        Reading reading = new Reading(stamp.get(), nanoClock.getAsLong()); // before: a change meanwhile shows later
        synchronized (this) {
            last = Optional.of(reading);
        }
        return source.read();
    }

    @Override
    public synchronized boolean mayHaveChanged() {
        return last.isEmpty()
                || nanoClock.getAsLong() - last.get().nanos() >= PAUSE.toNanos()
                || !Objects.equals(stamp.get(), last.get().stamp());
    }
}
