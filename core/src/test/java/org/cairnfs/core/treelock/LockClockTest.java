package org.cairnfs.core.treelock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.cairnfs.core.metadata.row.CounterRow;
import org.junit.jupiter.api.Test;

/** The clock of locks goes with time that passes, and not with a wall clock that jumps. */
class LockClockTest {
    private static final long BEGIN = Duration.ofDays(20_000).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long CREDIT = LockClock.MAX_CREDIT_DAYS * DAY;

    private long wall = BEGIN;
    private long nanos = 17;
    private LockClock clock = start(List.of());

    private LockClock start(List<CounterRow> standing) {
        return new LockClock(standing, () -> wall, () -> nanos);
    }

    /** Time passes while a server runs. */
    private void pass(long millis) {
        wall += millis;
        nanos += Duration.ofMillis(millis).toNanos();
    }

    /** A server ends, and another one starts after a while. */
    private void restartAfter(long millis) {
        List<CounterRow> standing = clock.standing();
        wall += millis;
        nanos = 4711;
        clock = start(standing);
    }

    @Test
    void goesOnWithTheWallClockWhileThatIsSteady() {
        pass(90 * DAY);
        assertThat(clock.millis()).isEqualTo(BEGIN + 90 * DAY);
        restartAfter(DAY);
        pass(5);
        assertThat(clock.millis()).isEqualTo(BEGIN + 91 * DAY + 5);
    }

    @Test
    void aJumpOfTheWallClockIsNotFollowed() {
        pass(1_000);
        wall += 3_650 * DAY;
        assertThat(clock.millis()).isEqualTo(BEGIN + 1_000);
        pass(1_000);
        assertThat(clock.millis()).isEqualTo(BEGIN + 2_000);
    }

    @Test
    void neverRunsAheadOfTheWallClock() {
        pass(1_000);
        wall -= DAY;
        assertThat(clock.millis()).isEqualTo(wall);
        pass(2 * DAY);
        assertThat(clock.millis()).isEqualTo(wall);
    }

    @Test
    void aWrongYearAtAStartEndsOnlyWhatEndsSoonAndOnlyOnce() {
        restartAfter(3_650 * DAY);
        assertThat(clock.millis()).isEqualTo(BEGIN + CREDIT);
        for (int again = 0; again < 20; again++) {
            restartAfter(0);
            assertThat(clock.millis()).isEqualTo(BEGIN + CREDIT);
        }
    }

    /** Not until the wall clock is later than it ever was. */
    @Test
    void backAndForthAddsNothing() {
        restartAfter(100 * DAY);
        restartAfter(-100 * DAY);
        restartAfter(100 * DAY);
        assertThat(clock.millis()).isEqualTo(BEGIN + CREDIT);
    }

    @Test
    void aMachineThatSleptCatchesUpAtTheNextStart() {
        wall += 2 * DAY; // asleep: the monotonic clock of Linux stands still
        pass(1_000);
        assertThat(clock.millis()).isEqualTo(BEGIN + 1_000);
        restartAfter(0);
        assertThat(clock.millis()).isEqualTo(BEGIN + 2 * DAY + 1_000);
    }

    @Test
    void whatIsKeptNowAndThenIsEnough() {
        List<CounterRow> kept = clock.standing();
        assertThat(clock.isDueToBeKept()).isFalse();
        pass(3 * DAY);
        assertThat(clock.isDueToBeKept()).isTrue();
        clock = start(kept);
        assertThat(clock.millis()).isEqualTo(BEGIN + 3 * DAY);
    }

    @Test
    void withoutLocksItIsTheWallClockAgain() {
        pass(5);
        wall += 100 * DAY;
        clock.reset();
        assertThat(clock.millis()).isEqualTo(wall);
    }
}
