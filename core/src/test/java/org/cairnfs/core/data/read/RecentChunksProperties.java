package org.cairnfs.core.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RecentChunksProperties {
    private static final int BOUND = 1_000;

    private enum Kind {
        PUT,
        RESERVE,
        COME,
        FAIL,
        GET
    }

    private record Step(Kind kind, long chunk, int length) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> step = Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.longs().between(1, 8),
                        Arbitraries.integers().between(1, 400))
                .as(Step::new);
        return step.list().ofMaxSize(200);
    }

    @Property
    void theBoundsHold(@ForAll("steps") List<Step> steps) {
        RecentChunks recent = new RecentChunks(BOUND);
        Deque<Integer> reserved = new ArrayDeque<>();
        for (Step step : steps) {
            switch (step.kind()) {
                case PUT -> recent.put(step.chunk(), bytes(step.length()));
                case RESERVE -> {
                    if (recent.reserve(step.length())) {
                        reserved.add(step.length());
                    }
                }
                case COME -> {
                    if (!reserved.isEmpty()) {
                        recent.putAhead(step.chunk(), bytes(reserved.remove()));
                    }
                }
                case FAIL -> {
                    if (!reserved.isEmpty()) {
                        recent.release(reserved.remove());
                    }
                }
                case GET -> assertThat(recent.get(step.chunk()).isPresent()).isEqualTo(recent.contains(step.chunk()));
            }
            assertThat(recent.bytes()).isBetween(0L, (long) BOUND);
            assertThat(recent.aheadBytes())
                    .isBetween(
                            (long) reserved.stream().mapToInt(Integer::intValue).sum(), (long) BOUND);
        }
        recent.clear();
        assertThat(recent.bytes()).isZero();
        assertThat(recent.aheadBytes())
                .isEqualTo(reserved.stream().mapToInt(Integer::intValue).sum());
    }

    @Example
    void theOldestGoes() {
        RecentChunks recent = new RecentChunks(BOUND);
        recent.put(1, bytes(400));
        recent.put(2, bytes(400));
        assertThat(recent.get(1)).isPresent();
        recent.put(3, bytes(400));
        assertThat(recent.get(1)).isEmpty();
        assertThat(recent.get(2)).isPresent();
        assertThat(recent.get(3)).isPresent();
    }

    @Example
    void whatWasReadMakesRoomForReadingAhead() {
        RecentChunks recent = new RecentChunks(BOUND);
        assertThat(recent.reserve(600)).isTrue();
        assertThat(recent.reserve(600)).isFalse();
        recent.putAhead(1, bytes(600));
        assertThat(recent.reserve(600)).as("nobody has read it").isFalse();
        assertThat(recent.get(1)).isPresent();
        assertThat(recent.reserve(600)).isTrue();
    }

    @Example
    void aSmallerBoundTakesEffectAtOnce() {
        RecentChunks recent = new RecentChunks(BOUND);
        recent.put(1, bytes(400));
        recent.put(2, bytes(400));
        recent.resize(500);
        assertThat(recent.get(1)).isEmpty();
        assertThat(recent.get(2)).isPresent();
        assertThat(recent.bound()).isEqualTo(500);
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length);
    }
}
