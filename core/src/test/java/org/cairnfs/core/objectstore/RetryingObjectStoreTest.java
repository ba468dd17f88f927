package org.cairnfs.core.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryingObjectStoreTest {
    private static final RetryPolicy POLICY =
            new RetryPolicy(5, Duration.ofMillis(100), Duration.ofMillis(400), Duration.ofSeconds(10));

    private final MemoryObjectStore memory = new MemoryObjectStore();
    private final Deque<ObjectStoreException> failures = new ArrayDeque<>();
    private final List<Duration> pauses = new ArrayList<>();
    private boolean effective;

    private final ObjectStore store = new RetryingObjectStore(new Scripted(memory), POLICY, pauses::add, new Random(1));

    /** Fails as the script says, before or after the call took effect. */
    private final class Scripted extends ForwardingObjectStore {
        Scripted(ObjectStore delegate) {
            super(delegate);
        }

        @Override
        public byte[] get(String key, long offset, int length) throws ObjectStoreException {
            fail();
            return super.get(key, offset, length);
        }

        @Override
        public boolean putIfAbsent(String key, ByteBuffer... body) throws ObjectStoreException {
            boolean stored = effective && super.putIfAbsent(key, body);
            fail();
            return stored || super.putIfAbsent(key, body);
        }

        private void fail() throws ObjectStoreException {
            if (!failures.isEmpty()) {
                throw failures.pop();
            }
        }
    }

    private void fail(int times, Kind kind, Duration retryAfter) {
        for (int i = 0; i < times; i++) {
            failures.add(new ObjectStoreException(kind, "failure " + i, null, retryAfter));
        }
    }

    @Test
    void passingFailuresAreTriedAgainWithGrowingPauses() throws Exception {
        memory.put("a", ByteBuffer.allocate(3));
        fail(4, Kind.TRANSIENT, null);
        assertThat(store.get("a", 0, 3)).hasSize(3);
        assertThat(pauses).hasSize(4);
        List<Integer> full = List.of(100, 200, 400, 400);
        for (int i = 0; i < full.size(); i++) {
            assertThat(pauses.get(i)).isBetween(Duration.ofMillis(full.get(i) / 2), Duration.ofMillis(full.get(i)));
        }
    }

    @Test
    void itGivesUpAfterSoManyAttempts() {
        fail(5, Kind.TRANSIENT, null);
        assertThatThrownBy(() -> store.get("a", 0, 3)).hasMessage("failure 4");
        assertThat(pauses).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"TRANSIENT"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatAPersonMustMendIsToldAtOnce(Kind kind) {
        fail(1, kind, null);
        assertThatThrownBy(() -> store.get("a", 0, 3)).hasMessage("failure 0");
        assertThat(pauses).isEmpty();
    }

    @Test
    void itWaitsAsLongAsTheStoreAsks() throws Exception {
        memory.put("a", ByteBuffer.allocate(3));
        fail(1, Kind.TRANSIENT, Duration.ofSeconds(7));
        store.get("a", 0, 3);
        assertThat(pauses).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void itDoesNotWaitLongerThanAllowed() {
        fail(1, Kind.TRANSIENT, Duration.ofHours(1));
        assertThatThrownBy(() -> store.get("a", 0, 3)).hasMessage("failure 0");
        assertThat(pauses).isEmpty();
    }

    @Test
    void anAttemptThatFailedButTookEffectIsKnownAsOurs() throws Exception {
        effective = true;
        fail(1, Kind.TRANSIENT, null);
        assertThat(store.putIfAbsent("a", ByteBuffer.wrap(new byte[] {1, 2}))).isTrue();
    }

    @Test
    void anothersObjectIsNotTakenForOurs() throws Exception {
        memory.put("a", ByteBuffer.wrap(new byte[] {1, 3}));
        fail(1, Kind.TRANSIENT, null);
        assertThat(store.putIfAbsent("a", ByteBuffer.wrap(new byte[] {1, 2}))).isFalse();
        memory.put("a", ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(store.putIfAbsent("a", ByteBuffer.wrap(new byte[] {1, 2})))
                .as("without a failure before, equal bytes are another's")
                .isFalse();
    }

    @Test
    void interruptionEndsTheWaiting() {
        ObjectStore interrupted = new RetryingObjectStore(
                new Scripted(memory),
                POLICY,
                pause -> {
                    throw new InterruptedException();
                },
                new Random(1));
        fail(2, Kind.TRANSIENT, null);
        assertThatThrownBy(() -> interrupted.get("a", 0, 1)).hasMessage("failure 0");
        assertThat(Thread.interrupted()).isTrue();
    }
}
