package org.cairnfs.core.data.dirty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.cairnfs.core.journal.Journal.PayloadRef;

/** The dirty map against a model that remembers, for each byte, the newest record that touched it. */
class DirtyMapProperties {
    private static final int SIZE = 64;

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> step = Combinators.combine(
                        Arbitraries.of(Kind.values()),
                        Arbitraries.integers().between(0, SIZE - 1),
                        Arbitraries.integers().between(1, SIZE))
                .as((kind, from, length) -> new Step(kind, from, Math.min(length, SIZE - from)));
        return step.list().ofMaxSize(60);
    }

    @Property
    void agreesWithModelByteByByte(@ForAll("steps") List<Step> steps) {
        DirtyMap map = new DirtyMap(() -> 0);
        long[] sequences = new long[SIZE];
        boolean[] holes = new boolean[SIZE];
        long sequence = 0;
        for (Step step : steps) {
            sequence++;
            int to = step.from + step.length;
            switch (step.kind) {
                case DATA -> {
                    map.put(7, 1, DirtyRange.data(step.from, sequence, new PayloadRef(0, step.from, step.length)));
                    Arrays.fill(sequences, step.from, to, sequence);
                    Arrays.fill(holes, step.from, to, false);
                }
                case HOLE -> {
                    map.put(7, 1, DirtyRange.hole(step.from, step.length, sequence));
                    Arrays.fill(sequences, step.from, to, sequence);
                    Arrays.fill(holes, step.from, to, true);
                }
                case FORGET -> {
                    long upTo = sequence - step.length % 5;
                    map.forget(1, step.from, to, upTo);
                    for (int i = step.from; i < to; i++) {
                        sequences[i] = sequences[i] <= upTo ? 0 : sequences[i];
                    }
                }
            }
            check(map, sequences, holes);
        }
    }

    private static void check(DirtyMap map, long[] sequences, boolean[] holes) {
        long[] found = new long[SIZE];
        long bytes = 0;
        long lastEnd = 0;
        for (DirtyRange range : map.within(1, 0, Long.MAX_VALUE)) {
            assertThat(range.offset()).isGreaterThanOrEqualTo(lastEnd);
            assertThat(range.end()).isGreaterThan(range.offset());
            lastEnd = range.end();
            for (long i = range.offset(); i < range.end(); i++) {
                found[(int) i] = range.sequence();
                assertThat(range.isHole()).isEqualTo(holes[(int) i]);
            }
            if (!range.isHole()) {
                bytes += range.length();
                assertThat(range.payload().position() + range.payloadOffset()).isEqualTo(range.offset());
            }
        }
        assertThat(found).isEqualTo(sequences);
        assertThat(map.dataBytes()).isEqualTo(bytes);
        long oldest = Arrays.stream(sequences).filter(s -> s > 0).min().orElse(Long.MAX_VALUE);
        assertThat(map.oldestSequence()).isLessThanOrEqualTo(oldest);
        assertThat(map.oldestSequence() == Long.MAX_VALUE).isEqualTo(oldest == Long.MAX_VALUE);
        assertThat(map.isEmpty()).isEqualTo(oldest == Long.MAX_VALUE);
        assertThat(new ArrayList<>(map.oldestFirst())).hasSize(map.isEmpty() ? 0 : 1);
    }

    enum Kind {
        DATA,
        HOLE,
        FORGET
    }

    record Step(Kind kind, int from, int length) {}
}
