package org.cairnfs.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.snapshot.Retention.Period;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant START = Instant.parse("2026-01-01T00:30:00Z");

    private static Snapshot at(Instant created, long number, int holds, boolean automatic) {
        try {
            return new Snapshot(number, number, Name.of("s" + number), created, holds, automatic);
        } catch (FsException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Snapshot> hourly(int count) {
        List<Snapshot> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(at(START.plus(Duration.ofHours(i)), i + 1, 0, true));
        }
        return all;
    }

    private static Set<Long> kept(Retention retention, List<Snapshot> all) {
        Set<Long> kept = all.stream().map(Snapshot::number).collect(Collectors.toSet());
        retention.expired(all, ZoneOffset.UTC).forEach(snapshot -> kept.remove(snapshot.number()));
        return kept;
    }

    @Test
    void theLastOneOfEachPeriodIsKept() {
        List<Snapshot> all = hourly(24 * 10);
        Retention retention = new Retention(Map.of(Period.HOURLY, 3, Period.DAILY, 2));
        // The last three hours; the last one of the last day is one of them, and that of the day before is the 216th.
        assertThat(kept(retention, all)).containsExactlyInAnyOrder(240L, 239L, 238L, 216L);
    }

    @Test
    void periodsWithoutASnapshotDoNotCount() {
        List<Snapshot> all = List.of(
                at(START, 1, 0, true),
                at(START.plus(Duration.ofDays(40)), 2, 0, true),
                at(START.plus(Duration.ofDays(400)), 3, 0, true));
        assertThat(kept(new Retention(Map.of(Period.DAILY, 3)), all)).containsExactlyInAnyOrder(1L, 2L, 3L);
        assertThat(kept(new Retention(Map.of(Period.YEARLY, 2)), all)).containsExactlyInAnyOrder(2L, 3L);
    }

    @Test
    void whatAPersonMadeOrHoldsIsKept() {
        List<Snapshot> all =
                List.of(at(START, 1, 0, false), at(START, 2, 1, true), at(START, 3, 0, true), at(START, 4, 0, true));
        assertThat(kept(new Retention(Map.of(Period.YEARLY, 1)), all)).containsExactlyInAnyOrder(1L, 2L, 4L);
    }

    @Test
    void withoutAScheduleNothingIsMadeAndNothingGoes() {
        assertThat(Retention.NONE.isDue(List.of(), START, ZoneOffset.UTC)).isFalse();
        assertThat(Retention.NONE.expired(hourly(5), ZoneOffset.UTC)).isEmpty();
        assertThat(new Retention(Map.of(Period.DAILY, 0)).expired(hourly(5), ZoneOffset.UTC))
                .isEmpty();
    }

    /** A run that was missed is made up for once, as soon as there is a look; a second one waits for the next period. */
    @Test
    void oneIsDueInEachOfTheShortestPeriod() {
        Retention retention = new Retention(Map.of(Period.DAILY, 7, Period.MONTHLY, 2));
        List<Snapshot> none = List.of(at(START, 1, 0, false));
        assertThat(retention.isDue(none, START, ZoneOffset.UTC)).isTrue();
        List<Snapshot> one = List.of(at(START, 1, 0, true));
        assertThat(retention.isDue(one, START.plus(Duration.ofHours(23)), ZoneOffset.UTC))
                .isFalse();
        assertThat(retention.isDue(one, START.plus(Duration.ofHours(24)), ZoneOffset.UTC))
                .isTrue();
        assertThat(retention.isDue(one, START.plus(Duration.ofDays(30)), ZoneOffset.UTC))
                .isTrue();
    }

    @Test
    void periodsAreThoseOfTheZone() {
        Instant night = Instant.parse("2026-03-28T23:30:00Z"); // half past midnight of Sunday the 29th, in Berlin
        assertThat(Period.DAILY.begin(night, BERLIN)).isEqualTo(Instant.parse("2026-03-28T23:00:00Z"));
        assertThat(Period.WEEKLY.begin(night, BERLIN)).isEqualTo(Instant.parse("2026-03-22T23:00:00Z"));
        assertThat(Period.MONTHLY.begin(night, BERLIN)).isEqualTo(Instant.parse("2026-02-28T23:00:00Z"));
        assertThat(Period.YEARLY.begin(night, BERLIN)).isEqualTo(Instant.parse("2025-12-31T23:00:00Z"));
        assertThat(Period.HOURLY.begin(night, BERLIN)).isEqualTo(Instant.parse("2026-03-28T23:00:00Z"));
    }

    /** However often it is asked, and whenever: what is kept once more is kept for the same reasons, and there is never too much. */
    @Property(tries = 200)
    void whatIsKeptStaysAndIsBounded(
            @ForAll @Size(max = 60) List<@IntRange(max = 5_000) Integer> hours,
            @ForAll @IntRange(max = 5) int daily,
            @ForAll @IntRange(min = 1, max = 5) int hourly) {
        List<Snapshot> all = new ArrayList<>();
        List<Integer> sorted = hours.stream().sorted().toList();
        for (int i = 0; i < sorted.size(); i++) {
            all.add(at(START.plus(Duration.ofHours(sorted.get(i))), i + 1, 0, true));
        }
        Retention retention = new Retention(Map.of(Period.HOURLY, hourly, Period.DAILY, daily));
        Set<Long> kept = kept(retention, all);
        assertThat(kept.size()).isLessThanOrEqualTo(hourly + daily);
        List<Snapshot> left = all.stream()
                .filter(snapshot -> kept.contains(snapshot.number()))
                .toList();
        assertThat(kept(retention, left)).isEqualTo(new HashSet<>(kept));
        if (!all.isEmpty()) {
            assertThat(kept).contains((long) all.size());
        }
    }

    @Test
    void theNextIsNowIfOneIsDueAndElseWhenTheShortestPeriodIsOver() {
        Instant now = Instant.parse("2026-03-28T23:30:00Z");
        ZoneId zone = ZoneId.of("Europe/Berlin"); // where that night has 23 hours
        List<Snapshot> made = List.of(at(now.minusSeconds(60), 1, 0, true));
        Retention daily = new Retention(Map.of(Period.DAILY, 3, Period.YEARLY, 2));
        assertThat(daily.next(List.of(), now, zone)).contains(now);
        assertThat(daily.next(made, now, zone)).contains(Instant.parse("2026-03-29T22:00:00Z"));
        assertThat(Retention.NONE.next(made, now, zone)).isEmpty();
        for (Period period : Period.values()) {
            Instant end = period.end(now, zone);
            assertThat(period.begin(end, zone)).isEqualTo(end);
            assertThat(period.begin(end.minusMillis(1), zone)).isEqualTo(period.begin(now, zone));
        }
    }
}
