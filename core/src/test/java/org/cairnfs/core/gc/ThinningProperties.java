package org.cairnfs.core.gc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.cairnfs.core.metadata.row.CheckpointRow;

/** Which restore points stay. */
class ThinningProperties {
    private static final Instant NOW = Instant.parse("2026-03-15T12:30:00Z");
    private static final Retention NONE_BEYOND = new Retention(Duration.ofHours(24), 0, 0, 0, 0);

    private static CheckpointRow point(long sequence, Instant created) {
        return new CheckpointRow(sequence, "root/" + sequence, 1, created.toEpochMilli(), 1);
    }

    private static CheckpointRow ago(long sequence, Duration age) {
        return point(sequence, NOW.minus(age));
    }

    @Example
    void ofTheWindowAllStayAndTheNewestBeforeIt() {
        CheckpointRow old = ago(1, Duration.ofHours(40));
        CheckpointRow base = ago(2, Duration.ofHours(25));
        CheckpointRow within = ago(3, Duration.ofHours(23));
        CheckpointRow newest = ago(4, Duration.ofMinutes(1));
        Thinning.Choice choice = Thinning.choose(List.of(newest, old, within, base), NONE_BEYOND, NOW);
        assertThat(choice.kept()).containsExactly(base, within, newest);
        assertThat(choice.base()).contains(base);
    }

    @Example
    void beforeTheWindowHasPassedThereIsNoBaseAndAllStay() {
        List<CheckpointRow> points = List.of(ago(1, Duration.ofHours(23)), ago(2, Duration.ofHours(1)));
        Thinning.Choice choice = Thinning.choose(points, NONE_BEYOND, NOW);
        assertThat(choice.kept()).isEqualTo(points);
        assertThat(choice.base()).isEqualTo(Optional.empty());
    }

    /** Days end at midnight UTC, weeks on Sundays: 2026-03-15 is one. */
    @Example
    void ofEachPeriodTheNewestStays() {
        CheckpointRow saturdayEarly = point(1, Instant.parse("2026-03-07T01:00:00Z"));
        CheckpointRow saturdayLate = point(2, Instant.parse("2026-03-07T23:59:59Z"));
        CheckpointRow sunday = point(3, Instant.parse("2026-03-08T00:00:00Z"));
        CheckpointRow monday = point(4, Instant.parse("2026-03-09T00:00:00Z"));
        CheckpointRow friday = point(5, Instant.parse("2026-03-13T00:00:00Z"));
        List<CheckpointRow> points = List.of(saturdayEarly, saturdayLate, sunday, monday, friday);
        assertThat(kept(points, new Retention(Duration.ofDays(1), 0, 4, 0, 0)))
                .containsExactly(saturdayLate, sunday, monday, friday);
        assertThat(kept(points, new Retention(Duration.ofDays(1), 0, 0, 2, 0))).containsExactly(sunday, friday);
        assertThat(kept(points, new Retention(Duration.ofDays(1), 0, 0, 0, 3))).containsExactly(friday);
    }

    private static List<CheckpointRow> kept(List<CheckpointRow> points, Retention retention) {
        return Thinning.choose(points, retention, NOW).kept();
    }

    /** What was let go is never wanted later: thinning again and again, as time goes on, keeps what thinning once would keep. */
    @Property(tries = 200)
    void thinningOftenIsThinningOnce(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 2_000) Integer> minutesBetween,
            @ForAll @IntRange(min = 0, max = 5) int hourly,
            @ForAll @IntRange(min = 0, max = 5) int daily,
            @ForAll @IntRange(min = 0, max = 3) int weekly) {
        Retention retention = new Retention(Duration.ofHours(5), hourly, daily, weekly, 2);
        List<CheckpointRow> all = new ArrayList<>();
        List<CheckpointRow> often = new ArrayList<>();
        Instant at = NOW;
        for (int minutes : minutesBetween) {
            at = at.plus(Duration.ofMinutes(minutes));
            CheckpointRow made = point(all.size() + 1, at);
            all.add(made);
            often.add(made);
            often = new ArrayList<>(Thinning.choose(often, retention, at).kept());
        }
        List<CheckpointRow> once = Thinning.choose(all, retention, at).kept();
        assertThat(often).isEqualTo(once);
        assertThat(once).isSortedAccordingTo(Comparator.comparingLong(CheckpointRow::sequence));
        assertThat(once).contains(all.get(all.size() - 1));
    }
}
