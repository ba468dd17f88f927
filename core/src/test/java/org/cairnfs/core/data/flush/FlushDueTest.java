package org.cairnfs.core.data.flush;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.cairnfs.core.data.dirty.DirtyContent;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.journal.Journal.PayloadRef;
import org.cairnfs.core.testkit.FakeClock;
import org.junit.jupiter.api.Test;

class FlushDueTest {
    private static final FlushSettings SETTINGS = FlushSettings.defaults();
    private static final int SMALL = 2_048;

    private final FakeClock clock = new FakeClock();
    private final DirtyMap dirty = new DirtyMap(clock);
    private long sequence;

    private void write(long content, int bytes) {
        sequence++;
        dirty.put(content, content, 1, DirtyRange.data(0, sequence, new PayloadRef(0, 0, bytes)));
    }

    private void pass(Duration time) {
        clock.advance(time.toNanos());
    }

    private List<Long> due() {
        return FlushDue.of(dirty.oldestFirst(), SETTINGS, clock.getAsLong()).stream()
                .map(DirtyContent::content)
                .toList();
    }

    @Test
    void whatIsLeftAloneIsDueWhenNothingElseComes() {
        assertThat(due()).isEmpty();
        write(1, SMALL);
        write(2, SMALL);
        pass(SETTINGS.idle().minusNanos(1));
        assertThat(due()).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(due()).containsExactly(1L, 2L);
    }

    /** At 250 files a second, each look at what is idle would find some. */
    @Test
    void filesThatComeOneAfterTheOtherAreGathered() {
        int flushes = 0;
        for (int file = 1; file <= 10_000; file++) {
            write(file, SMALL);
            pass(Duration.ofMillis(4));
            List<Long> due = due();
            flushes += due.isEmpty() ? 0 : 1;
            due.forEach(content -> dirty.drop(content, 0));
        }
        assertThat(flushes).isLessThanOrEqualTo(2);
    }

    @Test
    void whatFillsAPackIsDueThoughMoreComes() {
        write(1, SETTINGS.packTarget() - 1);
        write(2, 1);
        pass(SETTINGS.idle());
        write(3, SMALL);
        assertThat(due()).containsExactly(1L, 2L);
    }

    @Test
    void whatIsOldIsDueThoughItIsWrittenTo() {
        write(1, SMALL);
        write(2, SMALL);
        for (Duration passed = Duration.ZERO; passed.compareTo(SETTINGS.age()) < 0; passed = passed.plusSeconds(1)) {
            assertThat(due()).isEmpty();
            pass(Duration.ofSeconds(1));
            write(1, SMALL);
        }
        assertThat(due()).as("and what was idle goes with it").containsExactlyInAnyOrder(1L, 2L);
    }
}
