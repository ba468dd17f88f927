package org.cairnfs.core.volume;

import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.check.Scrub;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a scrub go on, step by step. One thread of its own. */
final class Scrubbing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubbing.class);

    private final Scrub scrub;
    private final PacedThread thread;

    /** @param first how long to wait before the first step */
    Scrubbing(Scrub scrub, Duration first) {
        this.scrub = scrub;
        this.thread = new PacedThread("cairn-scrub", first, this::round);
    }

    void start() {
        thread.start();
    }

    Scrub.Status status() {
        return scrub.status();
    }

    private Optional<Duration> round() {
        try {
            return Optional.of(scrub.step());
        } catch (RuntimeException e) {
            LOG.error("the scrub has failed; it goes on after the next start", e);
            return Optional.empty();
        }
    }

    /** Ends after the step that is under way. */
    @Override
    public void close() {
        thread.close();
    }
}
