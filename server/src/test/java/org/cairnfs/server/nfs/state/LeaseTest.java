package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private long now = Long.MAX_VALUE - 5;
    private final Lease lease = new Lease(
            new Ticker() {
                @Override
                public long read() {
                    return now;
                }
            },
            Duration.ofNanos(100));

    @Test
    void lapsesAfterItsLengthAndIsRenewedAllTheSame() {
        now += 100;
        assertThat(lease.isLapsed()).isFalse();
        now += 1;
        assertThat(lease.isLapsed()).isTrue();
        assertThat(lease.renew()).isTrue();
        assertThat(lease.isLapsed()).isFalse();
        assertThat(lease.endIfLapsed(Duration.ZERO)).isFalse();
    }

    @Test
    void onceEndedItStaysEnded() {
        now += 150;
        assertThat(lease.endIfLapsed(Duration.ofNanos(50))).isFalse();
        now += 1;
        assertThat(lease.endIfLapsed(Duration.ofNanos(50))).isTrue();
        assertThat(lease.renew()).isFalse();
        assertThat(lease.beginUse()).isFalse();
        assertThat(lease.endIfLapsed(Duration.ofNanos(1000))).isTrue();
    }

    @Test
    void doesNotLapseWhileARequestIsInWork() {
        assertThat(lease.beginUse()).isTrue();
        assertThat(lease.beginUse()).isTrue();
        now += 1000;
        assertThat(lease.endIfLapsed(Duration.ZERO)).isFalse();
        lease.endUse();
        now += 1000;
        assertThat(lease.isLapsed()).isFalse();
        lease.endUse();
        now += 100;
        assertThat(lease.isLapsed()).isFalse();
        now += 1;
        assertThat(lease.endIfLapsed(Duration.ZERO)).isTrue();
    }
}
