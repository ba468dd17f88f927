package org.cairnfs.server.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OperationsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Operations operations =
            new Operations(registry, new AccessLog(handle -> Optional.empty(), System::nanoTime));

    @Test
    void countsByName() {
        operations.ended("READ", false, 2_000);
        operations.ended("READ", true, 4_000);
        operations.ended("GETATTR", false, 1_000_000);
        assertThat(operations.counts()).extracting(OperationCounts::name).containsExactly("GETATTR", "READ");
        OperationCounts read = operations.counts().get(1);
        assertThat(read.count()).isEqualTo(2);
        assertThat(read.errors()).isEqualTo(1);
        assertThat(read.meanNanos()).isEqualTo(3_000);
        assertThat(registry.get("cairn.operations").tag("operation", "read").functionTimer())
                .satisfies(timer -> assertThat(timer.count()).isEqualTo(2))
                .satisfies(timer ->
                        assertThat(timer.totalTime(TimeUnit.MICROSECONDS)).isCloseTo(6, within(1e-6)));
        assertThat(registry.get("cairn.operations.errors")
                        .tag("operation", "read")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(operations.wantsDetails()).isFalse();
    }

    @Test
    void tellsWhatCameBetweenTwoMoments() {
        operations.ended("READ", false, 2_000_000_000);
        OperationCounts before = operations.counts().get(0);
        operations.ended("READ", false, 900);
        OperationCounts since = operations.counts().get(0).since(before);
        assertThat(since.count()).isEqualTo(1);
        assertThat(since.nanos()).isEqualTo(900);
        assertThat(since.quantileNanos(0.99)).isEqualTo(1_024);
        assertThat(before.none().count()).isZero();
        assertThat(before.none().quantileNanos(0.5)).isZero();
        assertThat(before.none().meanNanos()).isZero();
        assertThat(before.since(before.none())).isEqualTo(before);
    }

    @Property(tries = 100)
    void aQuantileIsNotTooSmallAndLessThanTwiceTooLarge(
            @ForAll @Size(min = 1, max = 50) List<@LongRange(min = 1_024, max = 1_000_000_000) Long> durations) {
        OperationTimes times = new OperationTimes("READ");
        durations.forEach(nanos -> times.ended(false, nanos));
        double median = durations.stream().sorted().toList().get((durations.size() - 1) / 2);
        assertThat(times.counts().quantileNanos(0.5)).isGreaterThan(median).isLessThanOrEqualTo(2.0 * median);
        assertThat(times.counts().count()).isEqualTo(durations.size());
    }

    @Property(tries = 50)
    void noDurationIsLost(@ForAll long nanos) {
        OperationTimes times = new OperationTimes("READ");
        times.ended(false, nanos);
        assertThat(times.counts().count()).isEqualTo(1);
    }
}
