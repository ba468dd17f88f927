package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CheckpointDueTest {
    private static final Duration FREE = Duration.ZERO;

    private static boolean isDue(long bytes, long objects, Duration age, Duration cost) {
        return new CheckpointDue(bytes, objects, age, cost).isDue();
    }

    @Test
    void notWhereNothingWasShipped() {
        assertThat(isDue(0, 0, Duration.ofDays(9), FREE)).isFalse();
    }

    @Test
    void anHourLaterWhereSomethingWas() {
        assertThat(isDue(1, 1, Duration.ofMinutes(59), FREE)).isFalse();
        assertThat(isDue(1, 1, Duration.ofMinutes(60), FREE)).isTrue();
    }

    @Test
    void afterManyObjectsAtOnceIfItCostsLittle() {
        Duration cost = Duration.ofSeconds(10);
        assertThat(isDue(1, 359, Duration.ofMinutes(50), cost)).isFalse();
        assertThat(isDue(1, 360, Duration.ofMinutes(50), cost)).isTrue();
        assertThat(isDue(1, 360, Duration.ofSeconds(499), cost)).isFalse();
        assertThat(isDue(1, 360, Duration.ofSeconds(500), cost)).isTrue();
    }

    @Test
    void afterMuchLogWhateverItCosts() {
        assertThat(isDue(1, 2_001, Duration.ZERO, Duration.ofHours(1))).isTrue();
        assertThat(isDue((64 << 20) + 1, 1, Duration.ZERO, Duration.ofHours(1))).isTrue();
    }
}
