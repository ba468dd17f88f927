package org.cairnfs.core.snapshot;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which of the snapshots that the schedule made are kept: of each of the last so many hours, days, weeks, months and years that have one, the
 * last one. Pure.
 *
 * <p>Periods without a snapshot do not count, so a machine that was off for a month keeps as much as one that was not. What a person made,
 * and what is held, is always kept; and so is the newest.
 *
 * @param keep how many of each; a period that is not there is not kept for
 */
public record Retention(Map<Period, Integer> keep) {
    /** Keeps all, and makes none. */
    public static final Retention NONE = new Retention(Map.of());

    /** Copies. */
    public Retention {
        keep = Map.copyOf(keep);
    }

    /** How often. */
    public enum Period {
        HOURLY,
        DAILY,
        /** From Monday on. */
        WEEKLY,
        MONTHLY,
        YEARLY;

        /** When the next hour, day, ... begins after the one that a moment is in, by the clocks of a zone. */
        public Instant end(Instant moment, ZoneId zone) {
            ZonedDateTime begin = begin(moment, zone).atZone(zone);
            ZonedDateTime end = switch (this) {
                case HOURLY -> begin.plusHours(1);
                case DAILY -> begin.plusDays(1);
                case WEEKLY -> begin.plusWeeks(1);
                case MONTHLY -> begin.plusMonths(1);
                case YEARLY -> begin.plusYears(1);
            };
            return end.toInstant();
        }

        /** When the hour, day, ... began that a moment is in, by the clocks of a zone. */
        public Instant begin(Instant moment, ZoneId zone) {
            ZonedDateTime time = moment.atZone(zone);
            ZonedDateTime day = time.truncatedTo(ChronoUnit.DAYS);
            ZonedDateTime begin = switch (this) {
                case HOURLY -> time.truncatedTo(ChronoUnit.HOURS);
                case DAILY -> day;
                case WEEKLY -> day.minusDays(time.getDayOfWeek().getValue() - 1L);
                case MONTHLY -> day.withDayOfMonth(1);
                case YEARLY -> day.withDayOfYear(1);
            };
            return begin.toInstant();
        }
    }

    /** The shortest period that something is kept for: how often a snapshot is made; empty if none is made. */
    public Optional<Period> shortest() {
        return keep.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(Map.Entry::getKey)
                .min(Comparator.naturalOrder());
    }

    /**
     * Whether one is to be made now: none of the schedule is of the shortest period that this moment is in. One that was missed, as the
     * server was down, is made as soon as it is up, once.
     */
    public boolean isDue(Collection<Snapshot> snapshots, Instant now, ZoneId zone) {
        return shortest()
                .map(period -> period.begin(now, zone))
                .map(begin -> snapshots.stream()
                        .filter(Snapshot::automatic)
                        .noneMatch(snapshot -> !snapshot.created().isBefore(begin)))
                .orElse(false);
    }

    /** When one is to be made next: now, or when the next of the shortest periods begins; empty if none is made. */
    public Optional<Instant> next(Collection<Snapshot> snapshots, Instant now, ZoneId zone) {
        return shortest().map(period -> isDue(snapshots, now, zone) ? now : period.end(now, zone));
    }

    /** Those that go, the oldest first; none if nothing is kept, as that says that there is no schedule. */
    public List<Snapshot> expired(Collection<Snapshot> snapshots, ZoneId zone) {
        if (shortest().isEmpty()) {
            return List.of();
        }
        List<Snapshot> newestFirst = new ArrayList<>(snapshots);
        newestFirst.removeIf(snapshot -> !snapshot.automatic());
        newestFirst.sort(Comparator.comparing(Snapshot::created)
                .thenComparing(Snapshot::number)
                .reversed());
        Set<Long> kept = new HashSet<>();
        newestFirst.stream().findFirst().ifPresent(newest -> kept.add(newest.number()));
        keep.forEach((period, count) -> {
            Set<Instant> periods = new HashSet<>();
            for (Snapshot snapshot : newestFirst) {
                if (periods.size() < count && periods.add(period.begin(snapshot.created(), zone))) {
                    kept.add(snapshot.number());
                }
            }
        });
        return newestFirst.stream()
                .filter(snapshot -> snapshot.holds() == 0 && !kept.contains(snapshot.number()))
                .sorted(Comparator.comparing(Snapshot::created).thenComparing(Snapshot::number))
                .toList();
    }

    /** The same with another count. */
    public Retention with(Period period, int count) {
        Map<Period, Integer> all = new EnumMap<>(Period.class);
        all.putAll(keep);
        all.put(period, count);
        return new Retention(all);
    }
}
