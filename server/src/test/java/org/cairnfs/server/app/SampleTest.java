package org.cairnfs.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cairnfs.server.activity.OperationCounts;
import org.cairnfs.server.metrics.RpcMeters;
import org.junit.jupiter.api.Test;

class SampleTest {
    private static Reading reading(long at, long times) {
        return new Reading(
                at,
                List.of(
                        counts("READ", 10 * times),
                        counts("WRITE", 4 * times),
                        counts("GETATTR", 2 * times),
                        counts("PUTFH", 100 * times)),
                new RpcMeters.Traffic(1, 0, 1_000 * times, 5_000 * times),
                200 * times,
                400 * times,
                77,
                new VolumeStatus.Cache(0, 1, 0, 0, 3 * times, times));
    }

    private static OperationCounts counts(String name, long count) {
        return new OperationCounts(name, count, count / 2, count * 1_500, List.of(0L, count));
    }

    @Test
    void ratesAreOfTheTimeBetween() {
        assertThat(Sample.between(reading(0, 1), reading(2_000, 3)))
                .isEqualTo(new Sample(2_000, 10, 4, 2, 1.5, 2.048, 1_000, 5_000, 200, 400, 77, 0.75));
    }

    @Test
    void whatOnlySaysWhichFileIsMeantIsNoOperation() {
        assertThat(Sample.operations(reading(0, 0), reading(1_000, 1)))
                .extracting(OperationCounts::name)
                .containsExactly("READ", "WRITE", "GETATTR");
    }

    @Test
    void nothingHappened() {
        assertThat(Sample.between(reading(0, 1), reading(1_000, 1)))
                .isEqualTo(new Sample(1_000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 77, -1));
    }
}
