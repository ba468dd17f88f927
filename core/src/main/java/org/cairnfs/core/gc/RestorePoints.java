package org.cairnfs.core.gc;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.bucket.RootObject;
import org.cairnfs.core.checkpoint.RootCounters;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.row.CheckpointRow;
import org.cairnfs.core.metadata.row.CounterRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of restore points, and the floor.
 *
 * <p>Invariant: a checkpoint comes to have a row only after a log object that is behind it in the chain has ended a barrier that is not
 * before it. So whoever follows the chain from its end finds the checkpoint usable, and needs nothing from before it.
 *
 * <p>Thread-safe; the monitor guards {@code looked} and is held while one log object is read.
 */
public final class RestorePoints {
    private static final Logger LOG = LoggerFactory.getLogger(RestorePoints.class);

    /** The name of the counter that holds the floor. */
    public static final String FLOOR = "restore-floor";

    private final GcParts parts;
    private Logs.Position looked = Logs.Position.START;

    RestorePoints(GcParts parts) {
        this.parts = parts;
    }

    /** All rows, in the order of their sequences. */
    List<CheckpointRow> all() {
        return Rows.all(parts.metadata().view(), CheckpointRow.class);
    }

    /** From which sequence on each barrier can be restored; 0: from the beginning. */
    long floor() {
        return Rows.all(parts.metadata().view(), CounterRow.class).stream()
                .filter(counter -> counter.name().equals(FLOOR))
                .mapToLong(CounterRow::value)
                .findFirst()
                .orElse(0);
    }

    /**
     * Enters the newest checkpoint that was taken here, if that can be done by now.
     *
     * @return its row, if it has one
     */
    synchronized Optional<CheckpointRow> note() throws IOException, FsException {
        Optional<RootObject> taken = parts.checkpoints().taken();
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        RootObject root = taken.get();
        Optional<CheckpointRow> known = all().stream()
                .filter(point -> point.objectKey().equals(root.objectKey()))
                .findFirst();
        if (known.isPresent() || !isBehindUs(root)) {
            return known;
        }
        CheckpointRow point = Steps.mutate(parts.metadata(), transaction -> {
            CheckpointRow row = new CheckpointRow(
                    RootCounters.range(root).consistent(),
                    root.objectKey(),
                    transaction.epoch(),
                    root.created().toEpochMilli(),
                    transaction.newPack());
            transaction.put(row);
            return row;
        });
        LOG.info("{} of {} is a restore point", point.objectKey(), root.created());
        return Optional.of(point);
    }

    /** Whether the newest checkpoint that was taken here waits for a barrier to be entered. */
    boolean isOwed() {
        Optional<RootObject> taken = parts.checkpoints().taken();
        return taken.isPresent()
                && all().stream()
                        .noneMatch(point -> point.objectKey().equals(taken.get().objectKey()));
    }

    /** Whether the newest barrier ends behind a root in the chain, and not before it in the journal. */
    private boolean isBehindUs(RootObject root) throws IOException {
        Logs.Position position = parts.shipping().position();
        if (position.number() == 0 || position.equals(looked)) {
            return false;
        }
        LogObject log = parts.bucket().logs().read(position);
        looked = position;
        return log.height() > root.height()
                && log.barrier()
                && log.lastSequence() >= RootCounters.range(root).consistent();
    }

    /** Lets go of all but these, and raises the floor, if there is a base. Journaled; the bucket hears of it with the next barrier. */
    void keep(Collection<CheckpointRow> kept, Optional<CheckpointRow> base) throws FsException {
        long before = floor();
        Set<CheckpointRow> stay = new HashSet<>(kept);
        List<CheckpointRow> go =
                all().stream().filter(point -> !stay.contains(point)).toList();
        long floor = Math.max(before, base.map(CheckpointRow::sequence).orElse(0L));
        if (go.isEmpty() && floor == before) {
            return;
        }
        Steps.mutate(parts.metadata(), transaction -> {
            go.forEach(point -> transaction.delete(point.key()));
            if (floor > before) {
                transaction.put(new CounterRow(FLOOR, floor));
            }
            return null;
        });
        LOG.info("{} restore points stay, {} go; each barrier from record {} on stays", stay.size(), go.size(), floor);
    }
}
