package org.cairnfs.core.gc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BarrierTimesTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aBarrierCountsOnceTheGraceTimeHasPassed() {
        BarrierTimes times = new BarrierTimes(Duration.ofSeconds(30));
        assertThat(times.beforeGrace(BEGIN)).isZero();
        times.note(7, BEGIN);
        times.note(9, BEGIN.plusSeconds(10));
        assertThat(times.beforeGrace(BEGIN.plusSeconds(29))).isZero();
        assertThat(times.beforeGrace(BEGIN.plusSeconds(30))).isEqualTo(7);
        assertThat(times.beforeGrace(BEGIN.plusSeconds(39))).isEqualTo(7);
        assertThat(times.beforeGrace(BEGIN.plusSeconds(99))).isEqualTo(9);
    }

    @Test
    void whatIsNotedAgainKeepsItsTime() {
        BarrierTimes times = new BarrierTimes(Duration.ofSeconds(30));
        times.note(7, BEGIN);
        times.note(7, BEGIN.plusSeconds(20));
        assertThat(times.beforeGrace(BEGIN.plusSeconds(30))).isEqualTo(7);
    }

    @Test
    void withoutGraceTheNewestCountsAtOnce() {
        BarrierTimes times = new BarrierTimes(Duration.ZERO);
        times.note(7, BEGIN);
        assertThat(times.beforeGrace(BEGIN)).isEqualTo(7);
    }
}
