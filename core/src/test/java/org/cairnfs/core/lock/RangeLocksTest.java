package org.cairnfs.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.lock.LockFixtures.ALICE;
import static org.cairnfs.core.lock.LockFixtures.BOB;
import static org.cairnfs.core.lock.LockFixtures.CAROL;
import static org.cairnfs.core.lock.LockFixtures.CLIENT;
import static org.cairnfs.core.lock.LockFixtures.FILE;
import static org.cairnfs.core.lock.LockFixtures.OTHER_CLIENT;
import static org.cairnfs.core.lock.LockFixtures.file;
import static org.cairnfs.core.lock.LockFixtures.range;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class RangeLocksTest {
    private final Queue<Runnable> toRun = new ArrayDeque<>();
    private final RangeLocks locks = new RangeLocks(10, 15, toRun::add);

    @Test
    void aConflictNamesTheWholeLockInTheWay() throws LockLimitException {
        locks.tryLock(FILE, ALICE, range(10, 19), LockMode.WRITE);
        locks.tryLock(FILE, ALICE, range(20, 29), LockMode.WRITE);

        assertThat(locks.tryLock(FILE, BOB, range(25, 40), LockMode.READ))
                .contains(new LockConflict(ALICE, range(10, 29), LockMode.WRITE));
        assertThat(locks.holds(FILE, BOB)).isFalse();
    }

    @Test
    void readersShareAndOneUpgradesWhenAlone() throws LockLimitException {
        assertThat(locks.tryLock(FILE, ALICE, range(0, 9), LockMode.READ)).isEmpty();
        assertThat(locks.tryLock(FILE, BOB, range(0, 9), LockMode.READ)).isEmpty();
        assertThat(locks.tryLock(FILE, ALICE, range(0, 9), LockMode.WRITE)).isPresent();
        locks.unlock(FILE, BOB, range(0, LockRange.TO_END));
        assertThat(locks.tryLock(FILE, ALICE, range(0, 9), LockMode.WRITE)).isEmpty();
    }

    @Test
    void unlockingTheMiddleOfALockToTheEndLeavesTwo() throws LockLimitException {
        locks.tryLock(FILE, ALICE, range(0, LockRange.TO_END), LockMode.WRITE);
        locks.unlock(FILE, ALICE, range(100, 199));

        assertThat(locks.test(FILE, BOB, range(100, 199), LockMode.WRITE)).isEmpty();
        assertThat(locks.test(FILE, BOB, range(199, 200), LockMode.WRITE))
                .contains(new LockConflict(ALICE, range(200, LockRange.TO_END), LockMode.WRITE));
        assertThat(locks.count(CLIENT)).isEqualTo(2);
    }

    @Test
    void filesAreApart() throws LockLimitException {
        locks.tryLock(FILE, ALICE, range(0, 9), LockMode.WRITE);
        assertThat(locks.tryLock(file(8), BOB, range(0, 9), LockMode.WRITE)).isEmpty();
        locks.unlockAll(FILE, ALICE);
        assertThat(locks.holds(file(8), BOB)).isTrue();
        assertThat(locks.holds(FILE, ALICE)).isFalse();
    }

    @Test
    void aClientThatVanishesLeavesNothing() throws LockLimitException {
        locks.tryLock(FILE, ALICE, range(0, 9), LockMode.WRITE);
        locks.tryLock(file(8), BOB, range(0, 9), LockMode.WRITE);
        locks.tryLock(FILE, CAROL, range(10, 19), LockMode.WRITE);
        locks.releaseClient(CLIENT);

        assertThat(locks.count(CLIENT)).isZero();
        assertThat(locks.count(OTHER_CLIENT)).isEqualTo(1);
        assertThat(locks.tryLock(FILE, CAROL, range(0, 99), LockMode.WRITE)).isEmpty();
        assertThat(locks.holds(file(8), BOB)).isFalse();
    }

    @Test
    void aClientCannotHoldMoreThanItsLimitAndARefusalChangesNothing() throws LockLimitException {
        for (int i = 0; i < 10; i++) {
            locks.tryLock(FILE, ALICE, range(i * 10L, i * 10L + 4), LockMode.READ);
        }
        assertThatThrownBy(() -> locks.tryLock(FILE, BOB, range(500, 501), LockMode.READ))
                .isInstanceOf(LockLimitException.class);
        assertThatThrownBy(() -> locks.unlock(FILE, ALICE, range(2, 2))).isInstanceOf(LockLimitException.class);
        assertThat(locks.test(FILE, CAROL, range(2, 2), LockMode.WRITE)).isPresent();
        assertThat(locks.count(CLIENT)).isEqualTo(10);

        assertThat(locks.tryLock(FILE, CAROL, range(500, 501), LockMode.READ)).isEmpty();
        locks.unlock(FILE, ALICE, range(0, 4));
        assertThat(locks.tryLock(FILE, BOB, range(500, 501), LockMode.READ)).isEmpty();
    }

    @Test
    void allClientsTogetherHaveALimit() throws LockLimitException {
        for (int i = 0; i < 10; i++) {
            locks.tryLock(FILE, ALICE, range(i * 10L, i * 10L + 4), LockMode.READ);
        }
        for (int i = 0; i < 5; i++) {
            locks.tryLock(FILE, CAROL, range(i * 10L, i * 10L + 4), LockMode.READ);
        }
        assertThatThrownBy(() -> locks.tryLock(FILE, CAROL, range(500, 501), LockMode.READ))
                .isInstanceOf(LockLimitException.class);
        assertThat(locks.tryLock(FILE, CAROL, range(2, 3), LockMode.READ)).isEmpty();
    }

    @Test
    void whoWaitsIsToldOnceWhenSomethingInItsRangeIsFreed() throws LockLimitException {
        List<String> told = new ArrayList<>();
        locks.tryLock(FILE, ALICE, range(0, 99), LockMode.WRITE);
        locks.onRelease(FILE, range(0, 9), () -> told.add("front"));
        locks.onRelease(FILE, range(90, 99), () -> told.add("back"));
        try (RangeLocks.Registration gone = locks.onRelease(FILE, range(0, 99), () -> told.add("gave up"))) {
            assertThat(told).isEmpty();
        }

        locks.unlock(FILE, ALICE, range(0, 4));
        tell();
        assertThat(told).containsExactly("front");
        locks.unlockAll(FILE, ALICE);
        tell();
        assertThat(told).containsExactly("front", "back");
    }

    @Test
    void aDowngradeTellsWaitersWhoMayThenLock() throws LockLimitException {
        List<Boolean> granted = new ArrayList<>();
        locks.tryLock(FILE, ALICE, range(0, 99), LockMode.WRITE);
        locks.onRelease(FILE, range(0, 9), () -> {
            try {
                granted.add(locks.tryLock(FILE, BOB, range(0, 9), LockMode.READ).isEmpty());
            } catch (LockLimitException e) {
                throw new AssertionError(e);
            }
        });
        locks.tryLock(FILE, ALICE, range(0, 99), LockMode.READ);
        tell();
        assertThat(granted).containsExactly(true);
    }

    @Test
    void waitersHaveALimit() throws LockLimitException {
        for (int i = 0; i < 15; i++) {
            locks.onRelease(FILE, range(0, 9), () -> {});
        }
        assertThatThrownBy(() -> locks.onRelease(FILE, range(0, 9), () -> {})).isInstanceOf(LockLimitException.class);
    }

    private void tell() {
        for (Runnable next = toRun.poll(); next != null; next = toRun.poll()) {
            next.run();
        }
    }
}
