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
                    map.put(7, 1, 1, DirtyRange.data(step.from, sequence, new PayloadRef(0, step.from, step.length)));
                    Arrays.fill(sequences, step.from, to, sequence);
                    Arrays.fill(holes, step.from, to, false);
                }
                case HOLE -> {
                    map.put(7, 1, 1, DirtyRange.hole(step.from, step.length, sequence));
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

    /** Two contents, of which ranges are cloned to and fro: what is found in each, and what the journal must keep for it. */
    @Property
    void clonesAgreeWithAModelByteByByte(@ForAll("clonings") List<Cloning> steps) {
        DirtyMap map = new DirtyMap(() -> 0);
        Cell[][] model = new Cell[2][SIZE];
        for (Cell[] cells : model) {
            Arrays.fill(cells, Cell.CLEAN);
        }
        long sequence = 0;
        for (Cloning step : steps) {
            sequence++;
            int to = step.from + step.length;
            if (step.cloning) {
                int source = step.content;
                int target = step.sameContent ? source : 1 - source;
                int place = step.sameContent ? (step.from + SIZE / 2) % SIZE : step.place;
                int length = Math.min(Math.min(step.length, SIZE - place), SIZE / 2);
                Cell[] cells = Arrays.copyOfRange(model[source], step.from, Math.min(SIZE, step.from + length));
                map.cloneRange(source, step.from, 7, target, place, cells.length, 1, sequence);
                for (int i = 0; i < cells.length; i++) {
                    model[target][place + i] = cells[i].clonedBy(sequence);
                }
            } else if (step.place % 3 == 0) {
                map.forget(step.content, step.from, to, sequence);
                Arrays.fill(model[step.content], step.from, to, Cell.CLEAN);
            } else {
                map.put(
                        7,
                        step.content,
                        1,
                        DirtyRange.data(step.from, sequence, new PayloadRef(sequence, 0, step.length)));
                for (int i = step.from; i < to; i++) {
                    model[step.content][i] = new Cell(sequence, sequence, i - step.from);
                }
            }
            check(map, model);
        }
    }

    @Provide
    Arbitrary<List<Cloning>> clonings() {
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.of(true, false, false),
                        Arbitraries.integers().between(0, SIZE - 1),
                        Arbitraries.integers().between(1, SIZE),
                        Arbitraries.integers().between(0, SIZE - 1))
                .as((clone, content, same, from, length, place) ->
                        new Cloning(clone, content, same, from, Math.min(length, SIZE - from), place))
                .list()
                .ofMaxSize(60);
    }

    private static void check(DirtyMap map, Cell[][] model) {
        long oldestNeeded = Long.MAX_VALUE;
        for (int content = 0; content < model.length; content++) {
            Cell[] found = new Cell[SIZE];
            Arrays.fill(found, Cell.CLEAN);
            for (DirtyRange range : map.within(content, 0, SIZE)) {
                for (long i = range.offset(); i < range.end(); i++) {
                    int at = range.payloadOffset() + (int) (i - range.offset());
                    found[(int) i] = new Cell(range.payload().segment(), range.sequence(), at);
                }
            }
            for (int i = 0; i < SIZE; i++) {
                Cell expected = model[content][i];
                assertThat(found[i]).isEqualTo(expected.written == 0 ? Cell.CLEAN : expected);
                oldestNeeded = Math.min(oldestNeeded, expected.written == 0 ? Long.MAX_VALUE : expected.written);
            }
        }
        assertThat(map.oldestSequence()).as("what the journal keeps").isLessThanOrEqualTo(oldestNeeded);
    }

    /**
     * What the newest record said of a byte.
     *
     * @param written by which record, whose payload has it; 0 for none
     * @param said by which record; that of a clone, if it came by one
     * @param at where in the payload
     */
    record Cell(long written, long said, int at) {
        static final Cell CLEAN = new Cell(0, 0, 0);

        Cell clonedBy(long sequence) {
            return new Cell(written, sequence, at);
        }
    }

    record Cloning(boolean cloning, int content, boolean sameContent, int from, int length, int place) {}

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
