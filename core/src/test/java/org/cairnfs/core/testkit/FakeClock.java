package org.cairnfs.core.testkit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A wall clock in nanoseconds since the epoch that stands still until it is told to go on; for any thread. */
public final class FakeClock implements LongSupplier {
    private final AtomicLong nanos = new AtomicLong(1_700_000_000_000_000_000L);

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    public void advance(long byNanos) {
        nanos.addAndGet(byNanos);
    }
}
