package org.cairnfs.core.gc;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.cairnfs.core.metadata.row.CheckpointRow;

/** Says which restore points are kept. Stateless; times are UTC. */
final class Thinning {
    private static final long SECONDS_PER_HOUR = 3_600;

    /** 1970-01-01 was a Thursday: so weeks begin on Mondays. */
    private static final int DAYS_BEFORE_EPOCH = 3;

    private Thinning() {}

    /**
     * What stays.
     *
     * @param kept in the order of their sequences
     * @param base from which on each barrier can be restored: the newest point from before the window, if there is one
     */
    record Choice(List<CheckpointRow> kept, Optional<CheckpointRow> base) {}

    static Choice choose(Collection<CheckpointRow> points, Retention retention, Instant now) {
        List<CheckpointRow> newestFirst = new ArrayList<>(points);
        newestFirst.sort(Comparator.comparingLong(CheckpointRow::sequence).reversed());
        long windowBegins = now.minus(retention.window()).toEpochMilli();
        Optional<CheckpointRow> base = newestFirst.stream()
                .filter(point -> point.createdMillis() <= windowBegins)
                .findFirst();
        Set<CheckpointRow> kept = new HashSet<>();
        for (CheckpointRow point : newestFirst) {
            if (base.isEmpty() || point.sequence() >= base.get().sequence()) {
                kept.add(point);
            }
        }
        keep(newestFirst, retention.hourly(), Thinning::hour, kept);
        keep(newestFirst, retention.daily(), point -> day(point).toEpochDay(), kept);
        keep(newestFirst, retention.weekly(), Thinning::week, kept);
        keep(newestFirst, retention.monthly(), Thinning::month, kept);
        return new Choice(
                kept.stream()
                        .sorted(Comparator.comparingLong(CheckpointRow::sequence))
                        .toList(),
                base);
    }

    /** Of each of the last periods that have a point, the newest. */
    private static void keep(
            List<CheckpointRow> newestFirst,
            int periods,
            ToLongFunction<CheckpointRow> period,
            Set<CheckpointRow> kept) {
        Set<Long> seen = new HashSet<>();
        for (CheckpointRow point : newestFirst) {
            long of = period.applyAsLong(point);
            if (!seen.contains(of) && seen.size() < periods) {
                seen.add(of);
                kept.add(point);
            }
        }
    }

    private static long hour(CheckpointRow point) {
        return Math.floorDiv(Instant.ofEpochMilli(point.createdMillis()).getEpochSecond(), SECONDS_PER_HOUR);
    }

    private static LocalDate day(CheckpointRow point) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(point.createdMillis()), ZoneOffset.UTC);
    }

    private static long week(CheckpointRow point) {
        return Math.floorDiv(day(point).toEpochDay() + DAYS_BEFORE_EPOCH, 7);
    }

    private static long month(CheckpointRow point) {
        return day(point).getYear() * 12L + day(point).getMonthValue();
    }
}
