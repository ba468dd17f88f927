package org.cairnfs.core.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The real time, and what a test adds to it: so that days pass at once, and files are not from the future. Thread-safe. */
public final class ShiftedClock extends Clock {
    private volatile Duration shift = Duration.ZERO;

    /** So much time passes. */
    public synchronized void advance(Duration by) {
        shift = shift.plus(by);
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(shift);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
