package org.cairnfs.core.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.junit.jupiter.api.Test;

class RateLimitingObjectStoreTest {
    private final FakeClock clock = new FakeClock();
    private final Bandwidth up = bandwidth(0);
    private final Bandwidth down = bandwidth(0);
    private final ObjectStore store = new RateLimitingObjectStore(new MemoryObjectStore(), up, down);
    private final long start = clock.getAsLong();

    private Bandwidth bandwidth(long rate) {
        return new Bandwidth(rate, clock, time -> clock.advance(time.toNanos()));
    }

    private Duration passed() {
        return Duration.ofNanos(clock.getAsLong() - start);
    }

    @Test
    void withoutALimitNothingWaits() throws Exception {
        for (int i = 0; i < 10; i++) {
            store.put("a", ByteBuffer.allocate(1 << 20));
            store.get("a", 1 << 20);
        }
        assertThat(passed()).isZero();
    }

    @Test
    void uploadsKeepToTheRate() throws Exception {
        up.rate(1000);
        store.put("a", ByteBuffer.allocate(2000), ByteBuffer.allocate(500));
        assertThat(passed()).as("the first begins at once").isZero();
        store.putIfAbsent("b", ByteBuffer.allocate(1000));
        assertThat(passed()).isEqualTo(Duration.ofMillis(2500));
        store.get("a", 2500);
        store.get("a", 2500);
        assertThat(passed()).as("downloads are another matter").isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void downloadsKeepToTheRateAndPayForWhatCame() throws Exception {
        store.put("a", ByteBuffer.allocate(3000));
        down.rate(1000);
        store.get("a", 2000, 100_000); // 1000 bytes are there
        store.get("a", 0, 500);
        assertThat(passed()).isEqualTo(Duration.ofSeconds(1));
        store.get("a", 3000);
        assertThat(passed()).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void theRateCanBeChangedWhileSomeoneWaits() throws Exception {
        Bandwidth[] changing = new Bandwidth[1];
        changing[0] = new Bandwidth(1, clock, time -> {
            clock.advance(time.toNanos());
            changing[0].rate(1_000_000);
        });
        changing[0].take(1_000_001);
        changing[0].take(1);
        assertThat(passed()).isEqualTo(Duration.ofSeconds(2));
        assertThat(changing[0].rate()).isEqualTo(1_000_000);
        assertThatIllegalArgumentException().isThrownBy(() -> changing[0].rate(-1));
    }

    @Test
    void anInterruptEndsTheWaiting() throws Exception {
        Bandwidth interrupted = new Bandwidth(1, clock, time -> {
            throw new InterruptedException();
        });
        ObjectStore limited = new RateLimitingObjectStore(new MemoryObjectStore(), interrupted, down);
        limited.put("a", ByteBuffer.allocate(10));
        assertThatThrownBy(() -> limited.put("b", ByteBuffer.allocate(10))).isInstanceOf(ObjectStoreException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Property(tries = 200)
    void overAnyTimeTheAverageIsTheRate(
            @ForAll @Size(min = 1, max = 50) List<@IntRange(max = 100_000) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 100_000) int rate)
            throws Exception {
        Bandwidth bandwidth = bandwidth(rate);
        long before = clock.getAsLong();
        long moved = 0;
        int last = 0;
        for (int size : sizes) {
            bandwidth.take(size);
            moved += size;
            last = size;
        }
        double seconds = (clock.getAsLong() - before) / 1e9;
        assertThat(seconds * rate).isBetween(moved - last - 1.0, moved + 1.0);
    }
}
