package org.cairnfs.core.volume;

import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.snapshot.SnapshotSchedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks now and then whether a snapshot is due or has expired. One thread of its own. */
final class ScheduledSnapshots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledSnapshots.class);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final SnapshotSchedule schedule;
    private final PacedThread thread = new PacedThread("cairn-snapshots", Duration.ofSeconds(5), this::round);

    ScheduledSnapshots(SnapshotSchedule schedule) {
        this.schedule = schedule;
    }

    void start() {
        thread.start();
    }

    private Optional<Duration> round() {
        try {
            schedule.look();
        } catch (RuntimeException e) {
            LOG.error("the metadata store has failed; snapshots are made again after the next start", e);
            return Optional.empty();
        }
        return Optional.of(PAUSE);
    }

    @Override
    public void close() {
        thread.close();
    }
}
