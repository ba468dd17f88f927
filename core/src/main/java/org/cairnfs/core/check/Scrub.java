package org.cairnfs.core.check;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all data back over and over, a little at a time, at a rate and by a schedule. How far it is stands in counters of the metadata, so
 * after a restart, or on another machine, it goes on from about there.
 *
 * <p>Threading: {@link #step} by one thread; {@link #status} by any.
 */
public final class Scrub {
    private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);
    private static final int PAGE = 64;
    private static final Duration LOOK = Duration.ofMinutes(1);

    /** How often it is noted how far it is: each note is something to be shipped. */
    private static final Duration NOTED = Duration.ofMinutes(10);

    private static final String CURSOR = "scrub-chunk";
    private static final String BEGUN = "scrub-begun";
    private static final String ENDED = "scrub-ended";
    private static final String CHECKED = "scrub-checked";
    private static final String DAMAGED = "scrub-damaged";
    private static final String REPAIRED = "scrub-repaired";

    private final VerifyParts parts;
    private final Settings settings;
    private final ReadBack readBack;
    private Instant noted = Instant.EPOCH;
    private volatile Status status;

    /**
     * When and how fast.
     *
     * @param every from the end of one to the beginning of the next, over zero
     * @param bytesPerSecond of the store, on average, over 0
     */
    public record Settings(Duration every, long bytesPerSecond) {}

    /**
     * How far it is.
     *
     * @param cursor chunks up to this number were read; 0 when none is under way
     * @param begunMillis when the one that is under way, or the last one, was begun; 0 if there was none
     * @param endedMillis when the last one ended; 0 if none did
     * @param checked chunks that the newest has read so far
     * @param damaged of these, those that were repaired included
     * @param failure why it cannot go on now; empty if it can
     */
    public record Status(
            long cursor,
            long begunMillis,
            long endedMillis,
            long checked,
            long damaged,
            long repaired,
            Optional<String> failure) {
        /** Whether one is under way. */
        public boolean isUnderWay() {
            return begunMillis > endedMillis;
        }
    }

    /** Goes on where the counters say. */
    public Scrub(VerifyParts parts, Settings settings) {
        this.parts = parts;
        this.settings = settings;
        this.readBack = new ReadBack(parts);
        this.status = load(parts);
    }

    /** What the counters say, whether or not it goes on. */
    public static Status load(VerifyParts parts) {
        Map<String, Long> counters = new HashMap<>();
        Rows.visit(parts.metadata().view(), CounterRow.class, row -> {
            counters.put(row.name(), row.value());
            return true;
        });
        return new Status(
                counters.getOrDefault(CURSOR, 0L),
                counters.getOrDefault(BEGUN, 0L),
                counters.getOrDefault(ENDED, 0L),
                counters.getOrDefault(CHECKED, 0L),
                counters.getOrDefault(DAMAGED, 0L),
                counters.getOrDefault(REPAIRED, 0L),
                Optional.empty());
    }

    public Status status() {
        return status;
    }

    /** Does a little, if there is anything to do; says how long to wait before the next. */
    public Duration step() {
        try {
            if (status.isUnderWay()) {
                return goOn();
            }
            Instant now = parts.clock().instant();
            if (now.isBefore(Instant.ofEpochMilli(status.endedMillis()).plus(settings.every()))) {
                return LOOK;
            }
            LOG.info("scrub: begins to read all data back");
            note(new Status(0, now.toEpochMilli(), status.endedMillis(), 0, 0, 0, Optional.empty()));
            return Duration.ZERO;
        } catch (IOException | FsException e) {
            if (status.failure().isEmpty()) {
                LOG.warn("scrub: cannot go on now: {}; trying again every {}", e.getMessage(), LOOK);
            }
            status = with(status, Optional.of(String.valueOf(e.getMessage())));
            return LOOK;
        }
    }

    private static Status with(Status old, Optional<String> failure) {
        return new Status(
                old.cursor(),
                old.begunMillis(),
                old.endedMillis(),
                old.checked(),
                old.damaged(),
                old.repaired(),
                failure);
    }

    private Duration goOn() throws IOException, FsException {
        Status before = status;
        List<ChunkRow> page =
                parts.metadata().view().scan(ChunkRow.class, Optional.of(new RowKey.Chunk(before.cursor())), PAGE);
        Instant now = parts.clock().instant();
        if (page.isEmpty()) {
            note(new Status(
                    0,
                    before.begunMillis(),
                    Math.max(now.toEpochMilli(), before.begunMillis()),
                    before.checked(),
                    before.damaged(),
                    before.repaired(),
                    Optional.empty()));
            LOG.info(
                    "scrub: read {} chunks back: {} damaged, {} of them repaired",
                    before.checked(),
                    before.damaged(),
                    before.repaired());
            return LOOK;
        }
        List<ChunkRow> living = new ArrayList<>(page);
        living.removeIf(chunk -> chunk.deadSequence() != 0);
        ReadBack.Outcome outcome = readBack.read(living);
        Status after = new Status(
                page.get(page.size() - 1).chunk(),
                before.begunMillis(),
                before.endedMillis(),
                before.checked() + outcome.chunks(),
                before.damaged() + outcome.damaged(),
                before.repaired() + outcome.repaired(),
                Optional.empty());
        if (outcome.damaged() > 0 || !now.isBefore(noted.plus(NOTED))) {
            note(after);
        }
        status = after;
        return Duration.ofMillis(outcome.bytes() * 1_000 / settings.bytesPerSecond());
    }

    private void note(Status newest) throws FsException {
        parts.metadata().mutate(transaction -> {
            transaction.put(new CounterRow(CURSOR, newest.cursor()));
            transaction.put(new CounterRow(BEGUN, newest.begunMillis()));
            transaction.put(new CounterRow(ENDED, newest.endedMillis()));
            transaction.put(new CounterRow(CHECKED, newest.checked()));
            transaction.put(new CounterRow(DAMAGED, newest.damaged()));
            transaction.put(new CounterRow(REPAIRED, newest.repaired()));
            return null;
        });
        noted = parts.clock().instant();
        status = newest;
    }
}
