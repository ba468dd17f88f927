package org.cairnfs.core.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.cairnfs.core.data.read.SequentialReaders.Range;
import org.junit.jupiter.api.Test;

class SequentialReadersTest {
    private static final long MIB = 1 << 20;
    private static final int REQUEST = 128 << 10;
    private static final long MAX_WINDOW = 8 * MIB;
    private static final long SIZE = 100 * MIB + 5;

    private final SequentialReaders readers = new SequentialReaders();

    private List<Range> readAll(List<Long> offsets) {
        List<Range> ranges = new ArrayList<>();
        for (long offset : offsets) {
            readers.read(1, offset, Math.min(SIZE, offset + REQUEST), SIZE, MAX_WINDOW)
                    .ifPresent(ranges::add);
        }
        return ranges;
    }

    private static List<Long> inOrder(long from) {
        List<Long> offsets = new ArrayList<>();
        for (long offset = from; offset < SIZE; offset += REQUEST) {
            offsets.add(offset);
        }
        return offsets;
    }

    private static void assertFollowEachOther(List<Range> ranges) {
        for (int i = 1; i < ranges.size(); i++) {
            assertThat(ranges.get(i).from()).isEqualTo(ranges.get(i - 1).to());
        }
        assertThat(ranges.get(ranges.size() - 1).to()).isEqualTo(SIZE);
    }

    @Test
    void allBehindTheBeginningOfASequentialReadingIsFetchedOnce() {
        List<Range> ranges = readAll(inOrder(0));
        assertThat(ranges.get(0).from()).isLessThanOrEqualTo(2L * REQUEST);
        assertFollowEachOther(ranges);
        assertThat(ranges).as("in large parts").hasSizeLessThan(40);
        assertThat(ranges)
                .allSatisfy(range -> assertThat(range.to() - range.from()).isLessThanOrEqualTo(MAX_WINDOW));
        assertThat(ranges.get(0).to() - ranges.get(0).from()).as("few at first").isLessThanOrEqualTo(MIB);
        assertThat(ranges.get(20).to() - ranges.get(20).from())
                .as("half a window each, later")
                .isGreaterThanOrEqualTo(MAX_WINDOW / 2);
    }

    @Test
    void itMayBeginAnywhere() {
        assertFollowEachOther(readAll(inOrder(37 * MIB + 1)));
    }

    /** As the kernel's client sends what it reads ahead itself: many requests at the same time. */
    @Test
    void requestsComeInAnyOrder() {
        List<Long> offsets = inOrder(0);
        Random random = new Random(1);
        for (int i = 0; i < offsets.size(); i += 16) {
            Collections.shuffle(offsets.subList(i, Math.min(offsets.size(), i + 16)), random);
        }
        List<Range> ranges = readAll(offsets);
        assertThat(ranges).isNotEmpty();
        for (int i = 1; i < ranges.size(); i++) {
            assertThat(ranges.get(i).from())
                    .isGreaterThanOrEqualTo(ranges.get(i - 1).to());
        }
        long fetched =
                ranges.stream().mapToLong(range -> range.to() - range.from()).sum();
        assertThat(fetched).isGreaterThan(SIZE * 9 / 10);
    }

    @Test
    void severalReadOneFile() {
        List<Range> first = new ArrayList<>();
        List<Range> second = new ArrayList<>();
        for (long offset = 0; offset < 40 * MIB; offset += REQUEST) {
            readers.read(1, offset, offset + REQUEST, SIZE, MAX_WINDOW).ifPresent(first::add);
            long far = 50 * MIB + offset;
            readers.read(1, far, far + REQUEST, SIZE, MAX_WINDOW).ifPresent(second::add);
        }
        assertThat(first)
                .hasSizeGreaterThan(5)
                .allSatisfy(range -> assertThat(range.to()).isLessThan(50 * MIB));
        assertThat(second)
                .hasSizeGreaterThan(5)
                .allSatisfy(range -> assertThat(range.from()).isGreaterThan(50 * MIB));
    }

    @Test
    void whoJumpsAboutGetsNothing() {
        Random random = new Random(2);
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            offsets.add((random.nextLong() >>> 1) % (SIZE - 4_096));
        }
        SequentialReaders one = new SequentialReaders();
        long ranges = offsets.stream()
                .filter(offset ->
                        one.read(1, offset, offset + 4_096, SIZE, MAX_WINDOW).isPresent())
                .count();
        assertThat(ranges).isLessThan(10);
    }

    @Test
    void aFileThatIsReadAtOnceNeedsNothing() {
        assertThat(readers.read(1, 0, 5_000, 5_000, MAX_WINDOW)).isEmpty();
        assertThat(readers.read(1, 0, 5_000, 50_000, 0)).isEmpty();
    }
}
