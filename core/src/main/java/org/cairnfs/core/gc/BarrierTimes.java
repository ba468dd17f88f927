package org.cairnfs.core.gc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Remembers which barrier was the newest when, as far back as the grace time goes. Thread-safe. */
final class BarrierTimes {
    private final Duration grace;
    private final Deque<Noted> noted = new ArrayDeque<>();
    private long old;

    private record Noted(long sequence, Instant at) {}

    BarrierTimes(Duration grace) {
        this.grace = grace;
    }

    /** At this time, the barrier of this sequence was in the bucket. */
    synchronized void note(long sequence, Instant at) {
        if (noted.isEmpty() || noted.getLast().sequence() < sequence) {
            noted.addLast(new Noted(sequence, at));
        }
    }

    /** The sequence of a barrier that was in the bucket before the grace time began; 0 if none is known. */
    synchronized long beforeGrace(Instant now) {
        Instant begin = now.minus(grace);
        while (!noted.isEmpty() && !noted.getFirst().at().isAfter(begin)) {
            old = noted.removeFirst().sequence();
        }
        return old;
    }
}
