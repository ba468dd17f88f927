package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When grace is, where no NFSv4 client may reclaim but others may: hosts of NFSv3 never say that they have all. */
class GracePeriodTest {
    private static final Duration LEASE = Duration.ofSeconds(90);

    private final AtomicLong now = new AtomicLong(7);
    private final Ticker ticker = new Ticker() {
        @Override
        public long read() {
            return now.get();
        }
    };

    @Test
    void withoutAnybodyThereIsNone() {
        assertThat(new GracePeriod(List.of(), false, LEASE, ticker).isActive()).isFalse();
    }

    @Test
    void itGoesOnWhileReclaimsComeInButNotForEver() {
        GracePeriod grace = new GracePeriod(List.of(), true, LEASE, ticker);
        now.addAndGet(LEASE.toNanos() - 1);
        grace.reclaiming();
        now.addAndGet(GracePeriod.QUIET.toNanos() - 1);
        assertThat(grace.isDue()).isFalse();
        grace.reclaiming();
        now.addAndGet(GracePeriod.QUIET.toNanos() - 1);
        assertThat(grace.isDue()).isFalse();
        now.addAndGet(1);
        assertThat(grace.isDue()).as("none for a while").isTrue();

        grace.reclaiming();
        assertThat(grace.isDue()).isFalse();
        now.addAndGet(2 * LEASE.toNanos());
        grace.reclaiming();
        assertThat(grace.isDue()).as("twice the time").isTrue();
    }

    @Test
    void withOthersItLastsALease() {
        GracePeriod grace = new GracePeriod(List.of(), true, LEASE, ticker);
        assertThat(grace.isActive()).isTrue();
        now.addAndGet(LEASE.toNanos() - 1);
        assertThat(grace.isDue()).isFalse();
        now.addAndGet(1);
        assertThat(grace.isDue()).isTrue();
        grace.end();
        assertThat(grace.isActive()).isFalse();
    }
}
