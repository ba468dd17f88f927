package org.cairnfs.core.snapshot;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes snapshots when they are due, and deletes those that have expired; hours and days are those of the clock's zone. Its {@link #look} is
 * called now and then, by one thread.
 */
public final class SnapshotSchedule {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSchedule.class);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH.mm.ss'Z'").withZone(ZoneOffset.UTC);

    private final Snapshots snapshots;
    private final Retention retention;
    private final Clock clock;

    public SnapshotSchedule(Snapshots snapshots, Retention retention, Clock clock) {
        this.snapshots = snapshots;
        this.retention = retention;
        this.clock = clock;
    }

    /** The name of a snapshot that nobody gave one: the time, in UTC. */
    public static String nameAt(Instant time) {
        return NAME.format(time);
    }

    /** Makes one if it is due, and deletes what has expired. A full journal is no error: the next look tries again. */
    public void look() {
        try {
            Instant now = clock.instant();
            if (retention.isDue(snapshots.all(), now, clock.getZone())) {
                Snapshot made =
                        snapshots.create(Name.of("auto-" + nameAt(now)), true).value();
                LOG.info("snapshot {} was made by the schedule", made.name());
            }
            for (Snapshot expired : expired()) {
                snapshots.delete(expired.name());
                LOG.info("snapshot {} has expired and is deleted", expired.name());
            }
        } catch (FsException e) {
            if (e.errno() == Errno.EAGAIN) {
                LOG.info("a snapshot is due, and has to wait: {}", e.getMessage());
            } else {
                LOG.warn("the schedule of snapshots: {}; it is tried again", e.getMessage());
            }
        }
    }

    /** When {@link #look} makes the next one; empty if there is no schedule. */
    public Optional<Instant> next() {
        return retention.next(snapshots.all(), clock.instant(), clock.getZone());
    }

    /** Those that {@link #look} would delete now. */
    public List<Snapshot> expired() {
        return retention.expired(snapshots.all(), clock.getZone());
    }
}
