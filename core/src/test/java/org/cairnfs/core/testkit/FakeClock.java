package org.cairnfs.core.testkit;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A wall clock in nanoseconds since the epoch that stands still until it is told to go on; for any thread. */
public final class FakeClock implements LongSupplier {
    private final AtomicLong nanos = new AtomicLong(1_700_000_000_000_000_000L);

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    /** The same for those who want a {@link Clock}. */
    public Clock asClock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                long now = nanos.get();
                return Instant.ofEpochSecond(now / 1_000_000_000L, now % 1_000_000_000L);
            }
        };
    }

    public void set(long value) {
        nanos.set(value);
    }

    public void advance(long byNanos) {
        nanos.addAndGet(byNanos);
    }
}
