package org.cairnfs.core.gc;

import java.time.Duration;

/**
 * How long what can be restored.
 *
 * @param window within which each barrier can be
 * @param hourly of how many of the last hours in which there are restore points the newest is kept; and so on
 */
public record Retention(Duration window, int hourly, int daily, int weekly, int monthly) {
    /** A day, then 24 hours, 7 days, 4 weeks, 6 months. */
    public static final Retention DEFAULT = new Retention(Duration.ofHours(24), 24, 7, 4, 6);

    /** Checks that nothing is negative. */
    public Retention {
        if (window.isNegative() || hourly < 0 || daily < 0 || weekly < 0 || monthly < 0) {
            throw new IllegalArgumentException("retention below zero");
        }
    }
}
