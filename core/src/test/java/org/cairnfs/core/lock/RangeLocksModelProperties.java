package org.cairnfs.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.lock.LockFixtures.ALICE;
import static org.cairnfs.core.lock.LockFixtures.BOB;
import static org.cairnfs.core.lock.LockFixtures.CAROL;
import static org.cairnfs.core.lock.LockFixtures.FILE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** {@link RangeLocks} against a model that keeps a mode for every byte and every owner. */
class RangeLocksModelProperties {
    /**
     * The number line, cut into places: place i is the bytes from here up to the next one. Single bytes at the ends and
     * around the sign bit, and two long stretches between.
     */
    private static final long[] PLACES = {
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1,
        -4,
        -3,
        -2,
        -1
    };

    private static final List<LockOwner> OWNERS = List.of(ALICE, BOB, CAROL);

    /** Mode of (owner, place); null where nothing is held. */
    private final LockMode[][] model = new LockMode[OWNERS.size()][PLACES.length];

    record Step(int owner, int from, int to, int kind) {
        LockRange range() {
            return new LockRange(PLACES[from], lastOf(to));
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, PLACES.length - 1);
        return Combinators.combine(
                        Arbitraries.integers().between(0, OWNERS.size() - 1),
                        place,
                        place,
                        Arbitraries.integers().between(0, 9))
                .as((owner, a, b, kind) -> new Step(owner, Math.min(a, b), Math.max(a, b), kind))
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Property(tries = 2000)
    void agreesWithAModeForEachByte(@ForAll("steps") List<Step> steps) throws LockLimitException {
        RangeLocks locks = new RangeLocks(1000, 1000, Runnable::run);
        for (LockMode[] owner : model) {
            Arrays.fill(owner, null);
        }
        for (Step step : steps) {
            LockOwner owner = OWNERS.get(step.owner);
            if (step.kind < 7) {
                LockMode mode = step.kind < 4 ? LockMode.READ : LockMode.WRITE;
                checkLock(locks, step, owner, mode);
            } else if (step.kind < 9) {
                locks.unlock(FILE, owner, step.range());
                Arrays.fill(model[step.owner], step.from, step.to + 1, null);
            } else {
                locks.unlockAll(FILE, owner);
                Arrays.fill(model[step.owner], null);
            }
            checkEveryPlace(locks);
        }
    }

    private void checkLock(RangeLocks locks, Step step, LockOwner owner, LockMode mode) throws LockLimitException {
        Optional<LockConflict> tested = locks.test(FILE, owner, step.range(), mode);
        Optional<LockConflict> result = locks.tryLock(FILE, owner, step.range(), mode);
        assertThat(result).isEqualTo(tested);
        boolean free = true;
        for (int place = step.from; place <= step.to; place++) {
            free &= freeFor(step.owner, place, mode);
        }
        assertThat(result.isEmpty()).isEqualTo(free);
        if (free) {
            Arrays.fill(model[step.owner], step.from, step.to + 1, mode);
        } else {
            LockConflict conflict = result.orElseThrow();
            assertThat(conflict.owner()).isNotEqualTo(owner);
            assertThat(conflict.mode().conflictsWith(mode)).isTrue();
            assertThat(conflict.range().overlaps(step.range())).isTrue();
            assertThat(rangesOf(OWNERS.indexOf(conflict.owner()))).contains(conflict);
        }
    }

    private boolean freeFor(int owner, int place, LockMode mode) {
        for (int other = 0; other < OWNERS.size(); other++) {
            if (other != owner && model[other][place] != null && model[other][place].conflictsWith(mode)) {
                return false;
            }
        }
        return true;
    }

    private void checkEveryPlace(RangeLocks locks) {
        int alices = 0;
        for (int owner = 0; owner < OWNERS.size(); owner++) {
            assertThat(locks.holds(FILE, OWNERS.get(owner)))
                    .isEqualTo(!rangesOf(owner).isEmpty());
            alices += OWNERS.get(owner).client().equals(ALICE.client())
                    ? rangesOf(owner).size()
                    : 0;
            for (int place = 0; place < PLACES.length; place++) {
                LockRange here = new LockRange(PLACES[place], lastOf(place));
                for (LockMode mode : LockMode.values()) {
                    assertThat(locks.test(FILE, OWNERS.get(owner), here, mode).isEmpty())
                            .isEqualTo(freeFor(owner, place, mode));
                }
            }
        }
        assertThat(locks.count(ALICE.client())).isEqualTo(alices);
    }

    private static long lastOf(int place) {
        return place + 1 < PLACES.length ? PLACES[place + 1] - 1 : LockRange.TO_END;
    }

    /** The joined ranges of an owner in the model. */
    private List<LockConflict> rangesOf(int owner) {
        List<LockConflict> ranges = new ArrayList<>();
        int from = 0;
        for (int place = 1; place <= PLACES.length; place++) {
            LockMode mode = model[owner][from];
            if (place == PLACES.length || model[owner][place] != mode) {
                if (mode != null) {
                    LockRange range = new LockRange(PLACES[from], lastOf(place - 1));
                    ranges.add(new LockConflict(OWNERS.get(owner), range, mode));
                }
                from = place;
            }
        }
        return ranges;
    }
}
