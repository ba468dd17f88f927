package org.cairnfs.core.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.junit.jupiter.api.Test;

class TimingOutObjectStoreTest {
    private final List<Duration> times = new ArrayList<>();
    private final MemoryObjectStore memory = new MemoryObjectStore();
    private Runnable ring = () -> {};
    private int calledOff;

    /** The alarm rings when the store says so: no time passes. */
    private ObjectStore timingOut(ObjectStore delegate) {
        return new TimingOutObjectStore(delegate, Duration.ofSeconds(10), 1000, (time, action) -> {
            times.add(time);
            ring = action;
            return () -> calledOff++;
        });
    }

    /** Blocks in get until it is interrupted. */
    private final class Stuck extends ForwardingObjectStore {
        Stuck() {
            super(memory);
        }

        @Override
        public byte[] get(String key, long offset, int length) throws ObjectStoreException {
            ring.run();
            try {
                new CountDownLatch(1).await();
                return new byte[0];
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ObjectStoreException(Kind.PERMANENT, "interrupted", e);
            }
        }
    }

    @Test
    void theTimeGrowsWithTheBytes() throws Exception {
        ObjectStore store = timingOut(memory);
        store.put("a", ByteBuffer.allocate(5000), ByteBuffer.allocate(1000));
        store.get("a", 0, 2000);
        store.get("a", 6000);
        store.head("a");
        store.list("", "", 1);
        store.delete("a");
        assertThat(times).extracting(Duration::toSeconds).containsExactly(16L, 12L, 16L, 10L, 10L, 10L);
        assertThat(calledOff).isEqualTo(6);
    }

    @Test
    void aCallThatTakesForEverFailsInPassing() {
        ObjectStore store = timingOut(new Stuck());
        assertThatThrownBy(() -> store.get("a", 0, 1))
                .isInstanceOfSatisfying(
                        ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT))
                .hasMessageContaining("get a in ")
                .hasMessageContaining("took longer than 10 s");
        assertThat(Thread.interrupted()).as("our interrupt is not the caller's").isFalse();
    }

    @Test
    void anAlarmThatComesTooLateDoesNothing() throws Exception {
        ObjectStore store = timingOut(memory);
        store.head("a");
        ring.run();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void otherFailuresPassAndOthersInterruptsStay() {
        ObjectStore store = timingOut(memory);
        assertThatThrownBy(() -> store.get("a", 1)).isInstanceOf(ObjectMissingException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> store.get("a", 1)).isInstanceOf(ObjectMissingException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void theRealTimerRings() throws Exception {
        ring = () -> {};
        try (ObjectStore store = new TimingOutObjectStore(new Stuck(), Duration.ofMillis(1), 1000)) {
            assertThatThrownBy(() -> store.get("a", 0, 1)).hasMessageContaining("took longer");
        }
    }
}
